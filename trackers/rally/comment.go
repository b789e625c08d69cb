package rally

import (
	"context"
	"regexp"
	"strings"

	"percolate/ticket"
)

// signature begins the last line of a comment of ours, by which we know it again.
const signature = "percolate note "

var signatureLine = regexp.MustCompile(`(?m)^\W*percolate note ([\w.:/%~-]+)$`)

// signed is a comment as HTML, with its marker.
func (w writer) signed(c ticket.Comment) string {
	line := "<p><em>" + signature + encodeMarker(c.Marker) + "</em></p>"
	return w.render(strings.ReplaceAll(c.Text, signature, "percolate\u2060 note "), textMax-len(line)) + line
}

// encodeMarker is encode with colons, which markers of comments have many of, left alone.
func encodeMarker(marker string) string { return strings.ReplaceAll(encode(marker), "%3A", ":") }

// said reports whether the ticket has a comment of ours with the marker.
func (t *Tracker) said(ctx context.Context, ref ticket.Ref, marker string) (bool, error) {
	want := encodeMarker(marker)
	q := is("Artifact.ObjectID", "=", oidOf(ref)).and(is("Text", "contains", signature+want))
	posts, err := objects[struct {
		Text string `json:"Text"`
	}](ctx, t, "update", search{typ: "conversationpost", query: q, fetch: "Text", order: "ObjectID", project: everywhere})
	for _, p := range posts {
		for _, m := range signatureLine.FindAllStringSubmatch(plainText(p.Text), -1) {
			if m[1] == want {
				return true, nil
			}
		}
	}
	return false, err
}

// remark adds a comment to the discussion of a ticket.
func (t *Tracker) remark(ctx context.Context, where string, c ticket.Comment) error {
	_, err := t.create(ctx, "update", "conversationpost", "ConversationPost", map[string]any{"Artifact": where, "Text": t.writer.signed(c)}, "ObjectID")
	return err
}
