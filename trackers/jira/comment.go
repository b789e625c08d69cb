package jira

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"percolate/ticket"
)

// signature is the last line of a comment of ours, by which we know it again: wiki
// markup has no comments, and neither editor loses a line of text.
const signature = "percolate note "

var signatureLine = regexp.MustCompile(`(?m)^(?:\{[^{}\n]*\}|[^\pL\pN\n])*percolate note ([\w.:/%]+)`)

// signed is a comment as wiki markup, with its marker.
func signed(c ticket.Comment) string {
	line := "{color:#97a0af}" + signature + encodeMarker(c.Marker) + "{color}"
	text := markup(c.Text, textMax-len(line)-2)
	text = signatureLine.ReplaceAllStringFunc(text, func(s string) string {
		return strings.Replace(s, "percolate ", "percolate\u2060 ", 1)
	})
	return text + "\n\n" + line
}

// encodeMarker is a marker of letters, digits and marks that mean nothing in wiki markup.
func encodeMarker(marker string) string {
	var b strings.Builder
	for _, c := range []byte(marker) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("./:", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// said reports whether the ticket has a comment of ours with the marker.
func (t *Tracker) said(ctx context.Context, ref ticket.Ref, marker string) (bool, error) {
	want := encodeMarker(marker)
	for start := 0; ; {
		var page struct {
			Comments []struct {
				Body string `json:"body"`
			} `json:"comments"`
			Total int `json:"total"`
		}
		path := fmt.Sprintf("issue/%s/comment?startAt=%d&maxResults=%d", ref, start, pageSize)
		if err := t.read(ctx, "update", "GET", path, nil, &page); err != nil {
			return false, err
		}
		for _, c := range page.Comments {
			if slices.Contains(signatures(c.Body), want) {
				return true, nil
			}
		}
		start += len(page.Comments)
		if len(page.Comments) == 0 || start >= page.Total {
			return false, nil
		}
	}
}

func signatures(body string) (markers []string) {
	for _, m := range signatureLine.FindAllStringSubmatch(strings.ReplaceAll(body, `\`, ""), -1) {
		markers = append(markers, m[1])
	}
	return markers
}
