package redmine

// Textile renders Markdown, for tests that know what the tracker makes of texts.
func Textiled(markdown string) string { return textile(markdown, bodyMax) }
