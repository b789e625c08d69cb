package sync

import "percolate/ticket"

// Documents are what a run works on: the trees that documents became. There may be
// thousands, so a run looks at the heads of all, and at the trees in portions.
type Documents interface {
	Len() int
	Head(i int) Head
	Tree(i int) ticket.Tree
}

// Head is what has to be known of a tree while others are looked at.
type Head struct {
	Document, Path string
	Broken         bool     // it cannot be acted on
	Names          []string // the tickets and actions that its actions name, as written
	Event          ticket.Event
}

// HeadOf is the head of a tree.
func HeadOf(t ticket.Tree) Head {
	h := Head{Document: t.Document, Path: t.Path, Broken: t.Broken != "", Event: t.Event}
	for i := range t.Children {
		for _, name := range []string{t.Children[i].Ticket, t.Children[i].Repeats} {
			if name != "" {
				h.Names = append(h.Names, name)
			}
		}
	}
	return h
}

// Trees are documents that are few enough to be kept as they are.
type Trees []ticket.Tree

// Len implements [Documents].
func (t Trees) Len() int { return len(t) }

// Head implements [Documents].
func (t Trees) Head(i int) Head { return HeadOf(t[i]) }

// Tree implements [Documents].
func (t Trees) Tree(i int) ticket.Tree { return t[i] }
