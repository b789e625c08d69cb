package rally

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"percolate/ticket"
)

// marks makes and reads our marker: a line in the notes, such as
// "percolate-ticket:PER-1:A1:", which stands in the request that creates a ticket, be
// it in a batch. It is plain text, since Rally drops comments and attributes from HTML,
// and stands in the notes, since people write the description anew in planning. The
// first word is also a tag, which every ticket of ours gets besides.
type marks struct {
	tag  string
	form *regexp.Regexp
}

func newMarks(prefix string) marks {
	tag := prefix + "-ticket"
	return marks{tag, regexp.MustCompile(`(?:^|[^\w-])` + regexp.QuoteMeta(tag) + `:([\w.~/%-]*):([\w.~/%-]*):`)}
}

// all is in the marker of every ticket of ours.
func (m marks) all() string { return m.tag + ":" }

// document is in the markers of all tickets of a document, and of no other document's.
func (m marks) document(id string) string { return m.all() + encode(id) + ":" }

func (m marks) key(k ticket.Key) string { return m.document(k.Document) + encode(k.Action) + ":" }

// notes are those of a new ticket, as HTML.
func (m marks) notes(k ticket.Key) string {
	return "<p>" + m.key(k) + " percolate knows the ticket by this line.</p>"
}

// read finds the key in notes; the zero key where there is none.
func (m marks) read(notes string) ticket.Key {
	found := m.form.FindStringSubmatch(plainText(notes))
	if found == nil {
		return ticket.Key{}
	}
	document, err := url.PathUnescape(found[1])
	action, also := url.PathUnescape(found[2])
	if err != nil || also != nil {
		return ticket.Key{}
	}
	return ticket.Key{Document: document, Action: action}
}

// ours asks for the tickets of ours, by tag or by text.
func (m marks) ours() query {
	return is("Tags.Name", "=", m.tag).or(is("Notes", "contains", m.all()))
}

// of asks for the tickets of some documents. Rally compares without regard to case, so
// its answer may hold others.
func (m marks) of(documents []string) query {
	all := make([]query, len(documents))
	for i, d := range documents {
		all[i] = is("Notes", "contains", m.document(d))
	}
	return anyOf(all)
}

// encode is text of letters, digits and marks that mean nothing in HTML, in a query or
// in a marker.
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
