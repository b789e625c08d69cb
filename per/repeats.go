package per

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"
)

// Earlier is an action of another document that is not finished, as it was last known.
type Earlier struct {
	Key    string // as a document names it: "PER-2025-007/A4"; an action without an id is named by its ticket
	Text   string // of the action
	Ticket string // its key or URL, "" when it has none
}

// alike is how much of their words two texts must share for a hint: not so little that
// every "add an alert" is one, nor so much that only a copy is.
const alike = 0.6

// Repeats finds actions that likely repeat earlier, unfinished work by their wording.
// It is made once for many documents.
type Repeats struct {
	earlier []Earlier
	words   []map[string]bool
	by      map[string][]int // word to the earlier actions that have it
}

// NewRepeats readies what is unfinished for being compared with.
func NewRepeats(earlier []Earlier) *Repeats {
	r := &Repeats{earlier: earlier, by: map[string][]int{}}
	for i, e := range earlier {
		words := stems(e.Text)
		r.words = append(r.words, words)
		for w := range words {
			r.by[w] = append(r.by[w], i)
		}
	}
	return r
}

// In gives a hint for every action of a document that reads like an earlier one and
// does not say yet that it repeats something. The hint has the words to write. Actions
// that are done, and guesses, get none.
func (r *Repeats) In(d *Document) []Problem {
	l := &lint{Document: d}
	for i := range d.Actions {
		a := &d.Actions[i]
		if a.Repeats != "" || !a.Certain || a.Done != nil && *a.Done {
			continue
		}
		if e, ok := r.closest(d, a); ok {
			l.report(Hint, a.Line, "likely-repeat", "action %s reads like %s (%q), which is not finished; if it is the same, write (repeats: %s) behind it",
				a.Name(), e.Key, shortened(e.Text), e.name())
		}
	}
	return sorted(l.problems)
}

// name is what a document writes to name the action.
func (e Earlier) name() string {
	if _, action, _ := strings.Cut(e.Key, "/"); strings.HasPrefix(action, "~") || action == "" {
		return cmp.Or(e.Ticket, e.Key)
	}
	return e.Key
}

// closest is the earlier action that shares most with a.
func (r *Repeats) closest(d *Document, a *Action) (Earlier, bool) {
	mine := stems(a.Text)
	common := map[int]float64{}
	total := 0.0
	for w := range mine {
		total += r.weight(w)
		for _, i := range r.by[w] {
			common[i] += r.weight(w)
		}
	}
	best, most := -1, 0.0
	for _, i := range slices.Sorted(maps.Keys(common)) {
		if r.isSelf(r.earlier[i], d, a) || len(mine) < 2 {
			continue
		}
		theirs := 0.0
		for w := range r.words[i] {
			theirs += r.weight(w)
		}
		if share := 2 * common[i] / (total + theirs); share > most {
			best, most = i, share
		}
	}
	if most < alike {
		return Earlier{}, false
	}
	return r.earlier[best], true
}

// isSelf tells an action's own ticket, and others of its document, from earlier work.
func (r *Repeats) isSelf(e Earlier, d *Document, a *Action) bool {
	document, _, _ := strings.Cut(e.Key, "/")
	return document == d.ID.Value || a.Ticket != "" && (a.Ticket == e.Ticket || a.Ticket == e.Key)
}

// weight is how much a word tells: one that many actions have tells little.
func (r *Repeats) weight(word string) float64 {
	return 1 / math.Sqrt(1+float64(len(r.by[word])))
}

// stems are the words of a text that carry its meaning, without their endings.
func stems(text string) map[string]bool {
	words := map[string]bool{}
	for w := range strings.FieldsFuncSeq(strings.ToLower(plain(text)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		switch w {
		case "a", "an", "the", "to", "of", "in", "on", "for", "and", "or", "is", "are", "be", "we", "our", "it", "that", "this", "by", "with", "at", "as", "so", "if", "should", "will", "when":
			continue
		}
		for _, end := range [...]string{"ing", "ed", "es", "s", "e"} {
			if stem, ok := strings.CutSuffix(w, end); ok && len(stem) >= 3 {
				w = stem
				break
			}
		}
		words[w] = true
	}
	return words
}

func shortened(text string) string {
	const most = 60
	if r := []rune(text); len(r) > most {
		return strings.TrimSpace(string(r[:most-3])) + "..."
	}
	return text
}
