package files

import (
	"strings"
	"time"

	"percolate/ticket"
)

// keyOf is the key in the file's marker.
func keyOf(p page) ticket.Key { return ticket.ParseKey(p.get("key").text) }

// seen is the ticket of a page.
func (t *Tracker) seen(ref ticket.Ref, f file, p page, asOf time.Time) ticket.Seen {
	status, _ := t.statusOf(p.get("status").text)
	word := p.get("status").text
	if word == "" {
		word = wordFor(status)
	}
	return ticket.Seen{
		Tracker: t.opt.Name,
		Ref:     ref,
		Name:    t.nameOf(f.path),
		Key:     keyOf(p),
		Parent:  ticket.Ref(p.get("parent").text),
		Fields:  fieldsOf(p),
		Status:  status,
		Word:    word,
		Updated: f.time.UTC(),
		AsOf:    asOf,
		Whole:   p.rest,
	}
}

func fieldsOf(p page) ticket.Fields {
	block, _ := ticket.Extract(p.rest)
	priority, _ := ticket.ParsePriority(p.get("priority").text)
	due := ticket.Day(p.get("due").text)
	if !due.Valid() {
		due = ""
	}
	return ticket.Fields{
		Kind:      kindOf(p.get("kind").text),
		Title:     p.get("title").text,
		Body:      block,
		Labels:    labelsOf(p.get("labels")),
		Priority:  priority,
		Due:       due,
		Assignees: p.get("assignee").texts(),
	}
}

// labelsOf reads labels also where a person wrote "per, outage".
func labelsOf(v value) []string {
	if v.list {
		return v.items
	}
	var labels []string
	for _, label := range strings.Split(v.text, ",") {
		if label = strings.TrimSpace(label); label != "" {
			labels = append(labels, label)
		}
	}
	return labels
}

// newPage is the page of a ticket without values, with a place for each of them.
func newPage() page {
	p := page{open: "---\n", shut: "---\n"}
	for _, name := range knownNames() {
		p.lines = append(p.lines, name+":\n")
	}
	_ = p.read()
	return p
}

// setField gives the page one field; what is not taken comes back as unmet.
func (t *Tracker) setField(p *page, f ticket.Field, to ticket.Fields) []ticket.Unmet {
	switch f {
	case ticket.FieldKind:
		if kindOf(p.get("kind").text) != to.Kind {
			p.set("kind", string(to.Kind))
		}
	case ticket.FieldTitle:
		p.set("title", strings.Join(strings.FieldsFunc(to.Title, isLineEnd), " "))
	case ticket.FieldBody:
		p.setBlock(to.Body)
	case ticket.FieldLabels:
		p.setList("labels", unique(to.Labels))
	case ticket.FieldPriority:
		p.set("priority", to.Priority.String())
	case ticket.FieldDue:
		p.set("due", string(to.Due))
	case ticket.FieldAssignees:
		return t.assign(p, to.Assignees)
	}
	return nil
}

func isLineEnd(r rune) bool { return r == '\n' || r == '\r' }

// setBlock puts our block into the text below the front matter.
func (p *page) setBlock(block string) {
	if p.rest == "" && strings.TrimSpace(block) != "" {
		p.rest = p.lineEnd()
		if !strings.HasSuffix(p.shut, "\n") {
			p.shut += p.lineEnd()
		}
		p.rest += strings.ReplaceAll(ticket.Embed("", block), "\n", p.lineEnd())
		return
	}
	p.rest = ticket.Embed(p.rest, block)
}

// assign takes the first candidate who can be assigned. When none can be, whoever is
// assigned stays.
func (t *Tracker) assign(p *page, candidates []string) []ticket.Unmet {
	if len(candidates) == 0 {
		p.set("assignee", "")
	}
	var unmet []ticket.Unmet
	for _, account := range candidates {
		if t.assignable(account) {
			p.set("assignee", account)
			break
		}
		unmet = append(unmet, ticket.Unmet{
			Field:  ticket.FieldAssignees,
			Value:  account,
			Reason: account + " is not among the accounts of " + t.opt.Name,
			At:     t.opt.Now(),
		})
	}
	return unmet
}

// label adds and drops labels one by one.
func (p *page) label(add, drop []string) {
	if len(add) == 0 && len(drop) == 0 {
		return
	}
	gone := make(map[string]bool)
	for _, label := range drop {
		gone[label] = true
	}
	var labels []string
	for _, label := range append(labelsOf(p.get("labels")), add...) {
		if !gone[label] {
			labels = append(labels, label)
		}
	}
	p.setList("labels", unique(labels))
}

// unique is labels without empty and repeated ones.
func unique(labels []string) []string {
	var out []string
	seen := map[string]bool{"": true}
	for _, label := range labels {
		if !seen[label] {
			out = append(out, label)
		}
		seen[label] = true
	}
	return out
}

// commentsHead is the heading below which comments stand.
const commentsHead = "## Comments"

// comment adds a comment at the end of the text.
func (p *page) comment(c ticket.Comment, now time.Time) {
	c.Text = "**percolate**, " + now.UTC().Format("2006-01-02 15:04 UTC") + ":\n\n" + strings.TrimSpace(c.Text)
	text := "\n" + ticket.Sign(c) + "\n"
	if !p.hasCommentsHead() {
		text = "\n" + commentsHead + "\n" + text
	}
	if last := p.shut + p.rest; !strings.HasSuffix(last, "\n") {
		text = "\n" + text
	}
	p.rest += strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", p.lineEnd())
}

// hasCommentsHead looks for the heading outside our block.
func (p *page) hasCommentsHead() bool {
	for _, line := range strings.Split(ticket.Embed(p.rest, ""), "\n") {
		if strings.TrimSpace(line) == commentsHead {
			return true
		}
	}
	return false
}
