package sync

import (
	"context"
	"fmt"

	"percolate/ticket"
)

// keepEvents remembers what reports tell of the documents. Of one that is broken there
// is nothing new to tell. One that left the documents is forgotten when it left no
// ticket behind; else it is missing, and stays in every report.
func (r *round) keepEvents(ctx context.Context) error {
	var events []ticket.Event
	broken, done := r.broken(), r.doneUnfiled()
	for i := range r.req.Documents.Len() {
		h := r.req.Documents.Head(i)
		if e := h.Event; e.Document != "" && !h.Broken && !broken[e.Document] {
			e.Done = done[e.Document]
			events = append(events, e)
		}
	}
	kept := context.WithoutCancel(ctx)
	left, err := r.left(kept)
	if err != nil {
		return err
	}
	if err := r.w.State.SaveEvents(kept, events, left...); err != nil {
		return fmt.Errorf("save events: %w", err)
	}
	return nil
}

func (r *round) broken() map[string]bool {
	out := map[string]bool{}
	for _, f := range r.result.Plan.Findings {
		if f.Kind == ticket.FindBroken {
			out[f.Key.Document] = true
		}
	}
	return out
}

// doneUnfiled counts, by document, the actions that were done before they had a ticket.
func (r *round) doneUnfiled() map[string]int {
	out := map[string]int{}
	for _, n := range r.result.Plan.Notes {
		if n.Word == "done" {
			out[n.Key.Document]++
		}
	}
	return out
}

// left lists documents that are remembered, were not read though all were, and have no link.
func (r *round) left(ctx context.Context) ([]string, error) {
	if !r.req.Whole {
		return nil, nil
	}
	known, err := r.w.State.Events(ctx)
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	read := map[string]bool{}
	for i := range r.req.Documents.Len() {
		read[r.req.Documents.Head(i).Document] = true
	}
	var gone []string
	for _, e := range known {
		if !read[e.Document] {
			gone = append(gone, e.Document)
		}
	}
	if len(gone) == 0 {
		return nil, nil
	}
	links, err := r.w.State.Links(ctx, gone...)
	if err != nil {
		return nil, fmt.Errorf("read links: %w", err)
	}
	linked := map[string]bool{}
	for _, l := range links {
		linked[l.Key.Document] = true
	}
	var left []string
	for _, document := range gone {
		if !linked[document] {
			left = append(left, document)
		}
	}
	return left, nil
}
