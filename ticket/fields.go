package ticket

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// Field names one value of a ticket that the engine decides about by itself.
type Field string

// The fields, in the order in which changes are listed.
const (
	FieldKind      Field = "kind"
	FieldTitle     Field = "title"
	FieldBody      Field = "body"
	FieldLabels    Field = "labels"
	FieldPriority  Field = "priority"
	FieldDue       Field = "due"
	FieldAssignees Field = "owner"
)

// FieldParent names the place below a parent where that is unmet: the ticket is filed,
// and could not be put there. It is none of the fields that are compared.
const FieldParent Field = "parent"

// AllFields lists every field once, in the order in which changes are listed.
func AllFields() []Field {
	return []Field{FieldKind, FieldTitle, FieldBody, FieldLabels, FieldPriority, FieldDue, FieldAssignees}
}

// Fields are the values of a ticket that percolate writes. The same type serves for
// what is wanted, what was asked, what was got and what is seen, and its meaning
// differs in two places: wanted Assignees are candidates in order of preference, of
// which the tracker assigns the first it can, while seen Assignees are those assigned;
// and Body is the block that percolate owns, never the whole text of the ticket.
type Fields struct {
	Kind      Kind     `json:"kind,omitempty"`
	Title     string   `json:"title,omitempty"`
	Body      string   `json:"body,omitempty"` // Markdown; in memory (asked, got) its [BodySum]
	Labels    []string `json:"labels,omitempty"`
	Priority  Priority `json:"priority,omitzero"`
	Due       Day      `json:"due,omitempty"`
	Assignees []string `json:"assignees,omitempty"`
}

// Text is the value of field f as one comparable text; labels are sorted, so that
// their order never counts, while the order of assignees does.
func (v Fields) Text(f Field) string {
	switch f {
	case FieldKind:
		return string(v.Kind)
	case FieldTitle:
		return v.Title
	case FieldBody:
		return v.Body
	case FieldLabels:
		return strings.Join(slices.Sorted(slices.Values(v.Labels)), ", ")
	case FieldPriority:
		return v.Priority.String()
	case FieldDue:
		return string(v.Due)
	case FieldAssignees:
		return strings.Join(v.Assignees, ", ")
	}
	return ""
}

// Take copies field f from w into v.
func (v *Fields) Take(f Field, w Fields) {
	switch f {
	case FieldKind:
		v.Kind = w.Kind
	case FieldTitle:
		v.Title = w.Title
	case FieldBody:
		v.Body = w.Body
	case FieldLabels:
		v.Labels = slices.Clone(w.Labels)
	case FieldPriority:
		v.Priority = w.Priority
	case FieldDue:
		v.Due = w.Due
	case FieldAssignees:
		v.Assignees = slices.Clone(w.Assignees)
	}
}

// Sum is v as it is remembered: with the body replaced by its [BodySum], because
// memory only compares bodies and never shows them. Sum of a sum is itself.
func (v Fields) Sum() Fields {
	v.Body = BodySum(v.Body)
	return v
}

const sumPrefix = "sum:"

// BodySum is a short digest of a body that does not change with the white space in
// it, so that a tracker that wraps lines is not seen as a person's edit. The sum of
// an empty body is empty and the sum of a sum is itself.
func BodySum(body string) string {
	if strings.HasPrefix(body, sumPrefix) {
		return body
	}
	words := strings.Fields(body)
	if len(words) == 0 {
		return ""
	}
	return sumPrefix + digest(strings.Join(words, " "), 12)
}

// Fingerprint is the identity of an action that has no id of its own, made from its
// text folded by [FoldText]: "~" and ten hexadecimal digits.
func Fingerprint(text string) string { return "~" + digest(FoldText(text), 5) }

// FoldText is text in lower case with runs of white space as one space.
func FoldText(text string) string {
	return strings.Join(strings.Fields(strings.ToLower(text)), " ")
}

func digest(s string, bytes int) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:bytes])
}

// Digest is a short digest of several values, for comparing what a field was made of.
func Digest(values ...string) string { return digest(strings.Join(values, "\x00"), 8) }
