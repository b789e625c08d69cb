package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"percolate/per"
	persync "percolate/sync"
	"percolate/ticket"
)

// What is written back into documents.
const (
	writeBackOff    = "off"
	writeBackLink   = "link"   // the ticket beside each action
	writeBackStatus = "status" // and how far it is
)

// errChanged says that a person was faster.
var errChanged = errors.New("the file changed meanwhile, so nothing was written into it; the next sync does")

// wroteBack is what writing back did with one document.
type wroteBack struct {
	path     string
	changed  bool
	problems []per.Problem
	err      error
}

// writeBack puts the tickets of the documents' actions beside them, as far as the
// state knows them now, and leaves some documents alone. It tells of those in which
// something changed or did not go well.
func (l *library) writeBack(ctx context.Context, state persync.State, alone map[string]bool) ([]wroteBack, error) {
	if l.config.Documents.WriteBack == writeBackOff {
		return nil, nil
	}
	var all []wroteBack
	for part := range slices.Chunk(l.documents, persync.DefaultPortion) {
		more, err := l.writeBackPart(ctx, state, part, alone)
		if err != nil {
			return all, err
		}
		all = append(all, more...)
	}
	return all, nil
}

func (l *library) writeBackPart(ctx context.Context, state persync.State, part []document, alone map[string]bool) ([]wroteBack, error) {
	var some []document
	var ids []string
	for _, d := range part {
		h := d.tree.Head
		if h.Document == "" || len(d.lines) == 0 || h.Broken || d.hold != "" || alone[h.Document] {
			continue
		}
		some, ids = append(some, d), append(ids, h.Document)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	links, err := state.Links(ctx, ids...)
	if err != nil {
		return nil, err
	}
	known, err := state.Known(ctx, ids...)
	if err != nil {
		return nil, err
	}
	byDocument := map[string][]ticket.Link{}
	for _, link := range links {
		if link.Owns() && !link.Key.IsParent() && link.Retired.IsZero() {
			byDocument[link.Key.Document] = append(byDocument[link.Key.Document], link)
		}
	}
	var all []wroteBack
	for _, d := range some {
		written := l.config.written(d, byDocument[d.tree.Head.Document], known)
		if w := d.writeBack(written); w.changed || w.err != nil || len(w.problems) > 0 {
			all = append(all, w)
		}
	}
	return all, nil
}

// written lists the tickets of a document's actions. An action is found by its id or
// by its text; where two have the same text nobody can tell which is whose.
func (c *config) written(d document, links []ticket.Link, known map[ticket.Address]ticket.Known) []per.Written {
	var all []per.Written
	for _, a := range d.lines {
		var own *ticket.Link
		n := 0
		for i, l := range links {
			if l.ActionID == a.id && (a.id != "" || l.Text == a.text) {
				own = &links[i]
				n++
			}
		}
		if n != 1 {
			continue
		}
		w := per.Written{Line: a.line, Text: a.text, Key: own.Name, URL: own.URL}
		if c.Documents.WriteBack == writeBackStatus {
			seen := known[ticket.Address{Tracker: own.Tracker, Ref: own.Ref}].Seen
			w.Status = strings.ToLower(seen.Word)
			if w.Status == "" {
				w.Status = string(seen.Status)
			}
		}
		all = append(all, w)
	}
	return all
}

// writeBack writes into the file that was read, unless it holds something else by now.
func (d document) writeBack(written []per.Written) wroteBack {
	w := wroteBack{path: d.path}
	src, err := d.read()
	switch {
	case err != nil:
		w.err = err
		return w
	case ticket.Digest(string(src)) != d.digest:
		w.err = errChanged
		return w
	}
	out, problems := per.WriteBack(d.path, src, written)
	w.problems = problems
	if bytes.Equal(out, src) {
		return w
	}
	name := real(d.name) // not the link to it
	if now, err := d.read(); err != nil || !bytes.Equal(now, src) {
		w.err = errChanged
		return w
	}
	if err := replaceFile(name, out); err != nil {
		w.err = fmt.Errorf("not written: %w", reasonOf(err))
		return w
	}
	w.changed = true
	return w
}

// writeBack writes into the documents of a run, tells what it did, a line each, and
// returns the exit code that this calls for.
func (p *program) writeBack(ctx context.Context, d *desk) int {
	all, err := d.library.writeBack(ctx, d.state, nil)
	if err != nil {
		p.out.sayf("Nothing was written into documents: %v\n", err)
		return exitPartly
	}
	code := exitOK
	for _, w := range all {
		at := d.shownPath(w.path)
		if w.changed {
			p.out.sayf("Wrote tickets into %s.\n", at)
		}
		for _, problem := range w.problems {
			p.out.sayf("%s: %s\n", ticket.Place{Path: at, Line: problem.Line}, problem.Message)
		}
		if w.err != nil {
			p.out.sayf("%s: %v\n", at, w.err)
			code = exitPartly
		}
	}
	return code
}

// writeBack writes into the documents that were synced in a round, and logs it.
func (s *server) writeBack(ctx context.Context, c persync.Cycle) {
	if s.library == nil || c.Err != nil {
		return
	}
	all, err := s.library.writeBack(ctx, s.state, c.Unsynced())
	if err != nil {
		s.log.Warn("nothing was written into documents", "error", err)
	}
	for _, w := range all {
		if w.changed {
			s.log.Info("wrote tickets into the document", "path", w.path)
		}
		for _, problem := range w.problems {
			s.log.Warn("a ticket was not written into the document", "path", w.path, "line", problem.Line, "text", problem.Message)
		}
		if w.err != nil {
			s.log.Warn("the document was not written", "path", w.path, "error", w.err)
		}
	}
}
