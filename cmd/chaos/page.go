package main

import (
	"errors"
	"slices"
	"strings"
)

// page is a ticket file: the lines of its front matter, and what follows.
type page struct {
	lines []string
	rest  string
}

var errNoFrontMatter = errors.New("no front matter")

func readTicket(text string) (*page, error) {
	head, ok := strings.CutPrefix(text, "---\n")
	if !ok {
		return nil, errNoFrontMatter
	}
	values, rest, ok := strings.Cut(head, "\n---\n")
	if !ok {
		return nil, errNoFrontMatter
	}
	return &page{strings.Split(values, "\n"), rest}, nil
}

// String is the file.
func (p *page) String() string {
	return "---\n" + strings.Join(p.lines, "\n") + "\n---\n" + p.rest
}

func (p *page) get(name string) string {
	for _, l := range p.lines {
		if value, ok := strings.CutPrefix(l, name+":"); ok {
			return strings.Trim(strings.TrimSpace(value), `"'`)
		}
	}
	return ""
}

func (p *page) set(name, value string) {
	for n, l := range p.lines {
		if strings.HasPrefix(l, name+":") {
			p.lines[n] = name + ": " + value
			return
		}
	}
	p.lines = append(p.lines, name+": "+value)
}

func (p *page) labels() []string {
	return strings.FieldsFunc(p.get("labels"), func(r rune) bool { return strings.ContainsRune("[], ", r) })
}

const commentsHead = "\n## Comments\n"

func (p *page) item() item {
	i := item{
		Ref: p.get("id"), Parent: p.get("parent"), Title: p.get("title"), Text: p.rest, Kind: p.get("kind"),
		Priority: p.get("priority"), Due: p.get("due"), Labels: p.labels(), Status: p.get("status"),
	}
	if who := p.get("assignee"); who != "" {
		i.Assignees = []string{who}
	}
	if _, comments, ok := strings.Cut(p.rest, commentsHead); ok {
		i.Comments = strings.Split(comments, "**percolate**")
	}
	return i
}

// do is what a person types.
func (p *page) do(a act) error {
	switch a.Do {
	case "title", "due", "priority", "status", "parent":
		p.set(a.Do, a.Value)
	case "assign":
		p.set("assignee", a.Value)
	case "label":
		p.set("labels", "["+strings.Join(append(p.labels(), a.Value), ", ")+"]")
	case "unlabel":
		p.set("labels", "["+strings.Join(slices.DeleteFunc(p.labels(), func(l string) bool { return l == a.Value }), ", ")+"]")
	case "append":
		head, comments, ok := strings.Cut(p.rest, commentsHead)
		p.rest = head + "\n" + a.Value + "\n"
		if ok {
			p.rest += commentsHead + comments
		}
	case "comment":
		if !strings.Contains(p.rest, commentsHead) {
			p.rest += commentsHead
		}
		p.rest += "\n" + a.Value + "\n"
	default:
		return errCannot
	}
	return nil
}
