package jira

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"percolate/ticket"
)

// property is the entity property that says which key a ticket serves.
const property = "percolate"

// labelMax is the length of a label in Jira.
const labelMax = 255

// marks makes and reads the labels of our marker: one that all tickets have, one of
// the document, by which tickets are found, and one of the key, which Data Center
// needs since its search shows no properties.
type marks struct{ prefix string }

func (m marks) all() string               { return m.prefix + "-ticket" }
func (m marks) document(id string) string { return m.prefix + "-doc-" + encode(id) }
func (m marks) key(k ticket.Key) string   { return m.prefix + "-key-" + encode(k.Marker()) }

// labels are all labels of a marker.
func (m marks) labels(k ticket.Key) ([]string, error) {
	all := []string{m.all(), m.document(k.Document), m.key(k)}
	for _, l := range all {
		if len(l) > labelMax {
			return nil, fmt.Errorf("the id of document %s is too long to be a label", k.Document)
		}
	}
	return all, nil
}

// ours reports whether a label belongs to a marker.
func (m marks) ours(label string) bool {
	return label == m.all() || strings.HasPrefix(label, m.prefix+"-doc-") || strings.HasPrefix(label, m.prefix+"-key-")
}

// theirs are the labels that belong to no marker.
func (m marks) theirs(labels []string) []string {
	return slices.DeleteFunc(slices.Clone(labels), m.ours)
}

// read finds the key of a ticket. Without the label that all have it would not be found
// again, so it counts as unmarked. The property is right where the labels differ.
func (m marks) read(labels []string, properties map[string]json.RawMessage) ticket.Key {
	if !slices.Contains(labels, m.all()) {
		return ticket.Key{}
	}
	var k ticket.Key
	if raw, ok := properties[property]; ok && json.Unmarshal(raw, &k) == nil && k.Document != "" {
		return k
	}
	for _, l := range labels {
		if text, ok := strings.CutPrefix(l, m.prefix+"-key-"); ok {
			if text, err := url.PathUnescape(text); err == nil {
				return ticket.ParseKey(text)
			}
		}
	}
	return ticket.Key{}
}

// encode is text without white space and other bytes that labels or queries stumble over.
func encode(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("._~/-", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
