package per

import (
	"fmt"
	"strings"
)

// markdown writes blocks back as Markdown, for what stands below an action.
func markdown(blocks []block, indent string) string {
	var b strings.Builder
	for i, x := range blocks {
		if i > 0 {
			b.WriteString("\n")
		}
		switch x.kind {
		case list:
			for n, it := range x.items {
				mark := "- "
				if x.ordered {
					mark = fmt.Sprintf("%d. ", n+1)
				}
				b.WriteString(indent + mark + box(it.checked) + indented(it.text, indent+"  ") + "\n")
				b.WriteString(markdown(it.below, indent+strings.Repeat(" ", len(mark))))
			}
		case table:
			for n, row := range x.rows {
				b.WriteString(indent + tableRow(row) + "\n")
				if n == 0 {
					b.WriteString(indent + strings.Repeat("|---", len(row)) + "|\n")
				}
			}
		case code:
			b.WriteString(indent + "```\n" + indent + indented(x.text, indent) + "\n" + indent + "```\n")
		case quote:
			b.WriteString(indent + "> " + indented(strings.TrimSpace(markdown(x.children, "")), indent+"> ") + "\n")
		default:
			b.WriteString(indent + indented(x.text, indent) + "\n")
		}
	}
	return b.String()
}

func box(checked *bool) string {
	switch {
	case checked == nil:
		return ""
	case *checked:
		return "[x] "
	}
	return "[ ] "
}

func tableRow(row []cell) string {
	var b strings.Builder
	for _, c := range row {
		b.WriteString("| " + strings.ReplaceAll(c.text, "|", `\|`) + " ")
	}
	return b.String() + "|"
}

func indented(s, indent string) string { return strings.ReplaceAll(s, "\n", "\n"+indent) }

// details is the Markdown of blocks that belong to an item.
func details(blocks []block) string { return strings.TrimSpace(markdown(blocks, "")) }
