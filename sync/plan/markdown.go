package plan

import (
	"fmt"
	"strings"
)

// Markdown is the plan for a review, such as a comment on a change of documents.
func (p Plan) Markdown() string {
	var b strings.Builder
	for _, s := range p.Sections(true) {
		about := ""
		if s.Document.Summary != "" {
			about = " (" + markdownText(s.Document.Summary) + ")"
		}
		fmt.Fprintf(&b, "### %s: %s%s\n\n", markdownText(s.Document.ID), markdownText(s.Document.Title), about)
		b.WriteString(markdownLines(s.Lines))
	}
	if len(p.Findings) > 0 {
		b.WriteString("### Findings\n\n")
		var lines []Line
		for _, f := range p.Findings {
			lines = append(lines, FindingLine(f))
		}
		b.WriteString(markdownLines(lines))
	}
	if p.Empty() {
		b.WriteString("Nothing to do.\n")
	} else {
		b.WriteString(markdownText(p.Totals()) + "\n")
	}
	return b.String()
}

func markdownLines(lines []Line) string {
	var b strings.Builder
	for _, l := range lines {
		var parts []string
		for _, part := range []string{join(l.Action, l.Text), l.Owner, l.Due, l.Name} {
			if part != "" && part != "-" {
				parts = append(parts, markdownText(part))
			}
		}
		fmt.Fprintf(&b, "- **%s** %s\n", l.Word, strings.Join(parts, ", "))
		for _, more := range l.More {
			fmt.Fprintf(&b, "  - %s\n", markdownText(more))
		}
	}
	return b.String() + "\n"
}

// markdownText is s as plain text of a Markdown document, without markup and mentions.
func markdownText(s string) string {
	return strings.NewReplacer(
		`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `&lt;`, ">", `&gt;`, "|", `\|`, "~", `\~`, "#", `\#`, "@", "@\u200b", "&", `\&`,
	).Replace(Plain(s))
}
