package files

// Fail makes the steps of writing fail as the hook says: "write", "rename", "sync".
func (t *Tracker) Fail(hook func(step string) error) { t.fault = hook }

// Rewritten reads a file and writes it as it was read.
func Rewritten(text string) (string, error) {
	p, err := parse(text)
	return p.String(), err
}

// WithTitle is the file with another title.
func WithTitle(text, title string) (string, error) {
	p, err := parse(text)
	if err == nil {
		p.set("title", title)
	}
	return p.String(), err
}

// WithLabels is the file with labels added and dropped, and the labels it has then.
func WithLabels(text string, add, drop []string) (string, []string, error) {
	p, err := parse(text)
	if err != nil {
		return text, nil, err
	}
	p.label(add, drop)
	return p.String(), labelsOf(p.get("labels")), nil
}

// TitleOf is the title in the file.
func TitleOf(text string) string {
	p, _ := parse(text)
	return p.get("title").text
}

// Scalar is text as a YAML scalar.
func Scalar(text string) string { return scalar(text) }

// SafeName is text as a file name.
func SafeName(text string) string { return safeName(text, maxDocument) }
