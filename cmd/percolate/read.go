package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"percolate/mapping"
	"percolate/per"
	persync "percolate/sync"
	"percolate/ticket"
)

// maxDocument bounds what is read of a file; no document of a sane size is near it.
const maxDocument = 10 << 20

// document is one file as it was understood.
type document struct {
	candidate
	problems []per.Problem  // of reading, checking and mapping
	tree     persync.Packed // what it wants of the trackers
	hold     string         // why nothing of it is filed
	digest   string         // of its content, "" when the file could not be read
	id       per.Text       // as the document states it
	again    []repeating    // its actions that repeat others
	lines    []actionLine   // of its actions, when tickets are written beside them

	per    *per.Document // nil when the file could not be read, and in brief
	mapped []per.Problem // findings of mapping that an author can settle; none in brief
}

// actionLine is where an action stands in its document.
type actionLine struct {
	id, text string
	line     int
}

// library is all documents of a run.
type library struct {
	config    *config
	brief     bool // it keeps of the documents what syncing needs: there may be thousands
	packer    *persync.Packer
	documents []document
	faults    error // paths that could not be looked into
}

func emptyLibrary(c *config, brief bool) *library {
	return &library{config: c, brief: brief, packer: persync.NewPacker()}
}

// readDocuments reads what the arguments name, or else the configuration. It fails
// only when ctx ends: what is wrong with one document or path is told with it, and the others are
// read all the same.
func (c *config) readDocuments(ctx context.Context, rules *mapping.Rules, args []string, brief bool) (*library, error) {
	l := emptyLibrary(c, brief)
	candidates, faults := c.findDocuments(args)
	l.faults = faults
	var err error
	if l.documents, err = l.readAll(ctx, rules, candidates); err != nil {
		return nil, err
	}
	l.across()
	for _, d := range l.documents {
		slices.SortStableFunc(d.problems, func(a, b per.Problem) int { return a.Line - b.Line })
	}
	return l, nil
}

// readAll reads the files side by side, those left out that vanished since they were found.
func (l *library) readAll(ctx context.Context, rules *mapping.Rules, found []candidate) ([]document, error) {
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
				documents[i] = l.unreadable(at, err)
			default:
				documents[i] = l.readDocument(rules, at, src)
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
func (l *library) unreadable(at candidate, err error) document {
	return document{
		candidate: at,
		problems:  []per.Problem{{Path: at.path, Level: per.Error, Code: "unreadable", Message: err.Error()}},
		tree:      l.packer.Pack(ticket.Tree{Path: at.path, Broken: "it cannot be read: " + err.Error()}),
	}
}

func (l *library) readDocument(rules *mapping.Rules, at candidate, src []byte) document {
	c := l.config
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
	out := document{
		candidate: at, problems: problems, tree: l.packer.Pack(tree), hold: strings.Clone(tree.Hold), digest: ticket.Digest(string(src)),
		id: per.Text{Value: strings.Clone(d.ID.Value), Line: d.ID.Line}, again: repeatsOf(d),
	}
	if c.Documents.WriteBack != writeBackOff {
		out.lines = linesOf(d)
	}
	if l.brief {
		out.problems = slices.DeleteFunc(problems, func(p per.Problem) bool { return p.Level == per.Hint })
	} else {
		out.per, out.mapped = d, findings
	}
	return out
}

// linesOf is where the actions stand. It holds nothing of the text of the document itself.
func linesOf(d *per.Document) []actionLine {
	out := make([]actionLine, 0, len(d.Actions))
	for _, a := range d.Actions {
		out = append(out, actionLine{id: strings.Clone(a.ID), text: strings.Clone(a.Text), line: a.Line})
	}
	return out
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

// Len implements [persync.Documents].
func (l *library) Len() int { return len(l.documents) }

// Head implements [persync.Documents].
func (l *library) Head(i int) persync.Head { return l.documents[i].tree.Head }

// Tree implements [persync.Documents].
func (l *library) Tree(i int) ticket.Tree { return l.packer.Unpack(l.documents[i].tree) }

// code is the exit code that the documents alone call for. Documents of which nothing
// is filed anyway, such as drafts, do not count: check tells their authors.
func (l *library) code() int {
	code := exitOK
	for _, d := range l.documents {
		if d.hold == "" && hasError(d.problems) {
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
