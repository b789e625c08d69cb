package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"percolate/mapping"
	"percolate/per"
	"percolate/ticket"
)

// maxDocument bounds what is read of a file; no document of a sane size is near it.
const maxDocument = 10 << 20

// document is one file as it was understood.
type document struct {
	candidate
	per      *per.Document // nil when the file could not be read, and once brief let go of it
	problems []per.Problem // of reading, checking and mapping
	mapped   []per.Problem // findings of mapping that an author can settle
	tree     ticket.Tree
	digest   string       // of its content, "" when the file could not be read
	lines    []actionLine // of its actions, for who writes tickets back; see brief
}

// actionLine is where an action stands in its document.
type actionLine struct {
	id, text string
	line     int
}

// library is all documents of a run.
type library struct {
	config    *config
	documents []document
	faults    error // paths that could not be looked into
}

// readDocuments reads what the arguments name, or else the configuration. It fails
// only when ctx ends: what is wrong with one document or path is told with it, and the others are
// read all the same.
func (c *config) readDocuments(ctx context.Context, rules *mapping.Rules, args []string) (*library, error) {
	candidates, faults := c.findDocuments(args)
	documents, err := c.readAll(ctx, rules, candidates)
	if err != nil {
		return nil, err
	}
	l := &library{config: c, documents: documents, faults: faults}
	l.across()
	for _, d := range l.documents {
		slices.SortStableFunc(d.problems, func(a, b per.Problem) int { return a.Line - b.Line })
	}
	return l, nil
}

// readAll reads the files side by side, those left out that vanished since they were found.
func (c *config) readAll(ctx context.Context, rules *mapping.Rules, found []candidate) ([]document, error) {
	documents := make([]document, len(found))
	gone := make([]bool, len(found))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, at := range found {
		group.Go(func() error {
			src, err := at.read()
			switch gone[i] = at.vanished(err); {
			case gone[i]:
			case err != nil:
				documents[i] = unreadable(at, err)
			default:
				documents[i] = c.readDocument(rules, at, src)
			}
			return ctx.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	there := documents[:0]
	for i, d := range documents {
		if !gone[i] {
			there = append(there, d)
		}
	}
	return there, nil
}

// unreadable is a file of which nothing but that is known.
func unreadable(at candidate, err error) document {
	return document{
		candidate: at,
		problems:  []per.Problem{{Path: at.path, Level: per.Error, Code: "unreadable", Message: err.Error()}},
		tree:      ticket.Tree{Path: at.path, Broken: "it cannot be read: " + err.Error()},
	}
}

func (c *config) readDocument(rules *mapping.Rules, at candidate, src []byte) document {
	d, problems := per.Reader{Zone: c.zone}.Parse(at.path, src)
	if !hasError(problems) { // else there is no telling what it lacks
		problems = append(problems, per.Check(d, per.CheckRules{Zone: c.zone, Tolerance: c.Check.Tolerance, Off: c.Check.Off})...)
	}
	tree, more := rules.Map(d, problems...)
	if isOther(more) { // what a read-me lacks to be a document is no help to anybody
		problems = nil
	}
	problems, findings := c.accepted(d, append(problems, more...), mapped(at.path, tree))
	if tree.Broken != "" && !hasError(problems) { // only mapping knows
		problems = append(problems, per.Problem{Path: at.path, Level: per.Error, Code: "not-mapped", Message: tree.Broken})
	}
	return document{candidate: at, per: d, problems: problems, mapped: findings, tree: tree, digest: ticket.Digest(string(src))}
}

// accepted leaves out what the configuration turned off and what the document accepts,
// of its problems and of the findings that depend on the configuration.
func (c *config) accepted(d *per.Document, problems, findings []per.Problem) (kept, mapped []per.Problem) {
	told := append(slices.Clone(c.Check.Off), "likely-repeat") // which check alone finds
	all := per.Accept(d, slices.Concat(problems, findings), told)
	for _, p := range all {
		if slices.Contains(mappedCodes(), p.Code) {
			mapped = append(mapped, p)
		} else {
			kept = append(kept, p)
		}
	}
	return kept, mapped
}

// isOther reports whether mapping found that a file is no document at all.
func isOther(problems []per.Problem) bool {
	return slices.ContainsFunc(problems, func(p per.Problem) bool { return p.Code == "no-retrospective" })
}

var errNoFile = errors.New("it is not a file")

// read is the text of the file, which no device, pipe or giant can hold up.
func (f candidate) read() ([]byte, error) {
	if f.err != nil {
		return nil, f.err
	}
	file, err := os.OpenFile(f.name, os.O_RDONLY|withoutWaiting, 0)
	if err != nil {
		return nil, reasonOf(err)
	}
	defer file.Close()
	// It was a file when it was found, and may be something else by now.
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(errNoFile, err)
	}
	src, err := io.ReadAll(io.LimitReader(file, maxDocument+1))
	if err != nil {
		return nil, reasonOf(err)
	}
	if len(src) > maxDocument {
		return nil, fmt.Errorf("the file is larger than the %d MiB that are read of a document", maxDocument>>20)
	}
	return src, nil
}

// brief lets go of what the documents say beyond what is synced, since there may be
// thousands of them.
func (l *library) brief() {
	for i := range l.documents {
		d := &l.documents[i]
		if d.per != nil && l.config.Documents.WriteBack != writeBackOff {
			for _, a := range d.per.Actions {
				d.lines = append(d.lines, actionLine{id: a.ID, text: a.Text, line: a.Line})
			}
		}
		d.per = nil
	}
}

// trees are what the documents want of the trackers.
func (l *library) trees() []ticket.Tree {
	trees := make([]ticket.Tree, len(l.documents))
	for i, d := range l.documents {
		trees[i] = d.tree
	}
	return trees
}

// code is the exit code that the documents alone call for. Documents of which nothing
// is filed anyway, such as drafts, do not count: check tells their authors.
func (l *library) code() int {
	code := exitOK
	for _, d := range l.documents {
		if d.tree.Hold == "" && hasError(d.problems) {
			code = exitBroken
		}
	}
	return code
}

func hasError(problems []per.Problem) bool {
	return slices.ContainsFunc(problems, func(p per.Problem) bool { return p.Level == per.Error })
}

// actions counts the actions of all documents.
func (l *library) actions() int {
	n := 0
	for _, d := range l.documents {
		if d.per != nil {
			n += len(d.per.Actions)
		}
	}
	return n
}
