// Package files is the tracker that percolate brings along: a folder of Markdown
// files with YAML front matter, one file a ticket, for people to read and edit by
// hand and to keep in git. What a person writes into a file is the truth; percolate
// changes only the lines of what it was asked to change, and every other byte stays.
//
// A ticket's ref is the id in its front matter, which stays when the file is renamed
// or moved into a subfolder. A file without an id goes by its name.
//
// A file that cannot be read as a ticket never makes its ticket look gone. Where a
// broken file may be what was asked for, Get and Find end with an error that names the
// file and the line; Changed passes over it until it is mended, and its name stays in
// the census; Update refuses to touch it; Check lists all of them. It may be what was
// asked for when its name or its text mentions the ref or the document. Markdown
// without front matter is no ticket and left alone, unless it is empty or holds marks
// of percolate. Symbolic links and files whose name begins with a dot are ignored.
//
// Several processes may use one folder: writers take a lock and replace files whole,
// readers need none. What it does not do: keep history (git does), send mail, or tell
// who edited a file.
package files

import (
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"percolate/ticket"
	"percolate/trackers"
)

// Options configure a tracker. Dir and Now are needed.
type Options struct {
	Name     string           // as configured; "files" when empty
	Dir      string           // the folder; the first Create makes it
	Now      func() time.Time // the clock
	Public   bool             // see [trackers.Info]
	Accounts []string         // who can be assigned; nil for anybody
	// Statuses are further words that people use in a ticket's status, in lower case,
	// and what they mean.
	Statuses map[string]ticket.Status
}

// Tracker is a folder of tickets. It is safe for concurrent use.
type Tracker struct {
	opt  Options
	turn chan struct{} // holds one token, which the writer of this process takes

	fault func(step string) error // see folder

	mu    sync.Mutex
	heads map[string]head // by path, as last read
}

// New makes the tracker of a folder. It does no I/O.
func New(opt Options) *Tracker {
	if opt.Name == "" {
		opt.Name = "files"
	}
	opt.Dir = filepath.Clean(opt.Dir)
	t := &Tracker{opt: opt, turn: make(chan struct{}, 1), heads: make(map[string]head)}
	t.turn <- struct{}{}
	return t
}

// Info tells that a folder lags nowhere and can do everything.
func (t *Tracker) Info() trackers.Info {
	return trackers.Info{
		Name:        t.opt.Name,
		Type:        "files",
		Where:       "the folder " + t.opt.Dir,
		Public:      t.opt.Public,
		Batch:       100,
		GetBatch:    1000,
		Parallel:    1,
		Priorities:  true,
		Due:         true,
		KindChanges: true,
		Recognise:   t.recognise,
	}
}

// byID begins the ref of a ticket that a person named by its id. What a person named
// otherwise is a path in the folder, and neither is a ticket's own ref, so that Get
// knows which tickets have been there before.
const byID = "id:"

// recognise knows paths of ticket files, as people write them beside an action, and ids.
func (t *Tracker) recognise(text string) (ticket.Ref, bool) {
	text = strings.TrimSpace(text)
	if !isMarkdown(text) {
		return ticket.Ref(byID + text), looksLikeID(text)
	}
	if strings.Contains(text, "://") || strings.ContainsAny(text, "\n\t") {
		return "", false
	}
	name := path.Clean(filepath.ToSlash(text))
	for strings.HasPrefix(name, "../") {
		name = name[len("../"):]
	}
	dir := filepath.ToSlash(t.opt.Dir)
	for _, above := range []string{dir + "/", path.Base(dir) + "/"} {
		if inside, ok := strings.CutPrefix(name, above); ok {
			return ticket.Ref(inside), true
		}
	}
	return ticket.Ref(name), !strings.Contains(name, "/")
}

// looksLikeID tells our ids from the keys of other trackers ("OPS-12"), days and words.
func looksLikeID(text string) bool {
	odd := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && r != '-' && r != '_'
	}
	return strings.Count(text, "-") >= 2 && !strings.ContainsFunc(text, odd) &&
		strings.ContainsFunc(text, unicode.IsLetter) && strings.ContainsFunc(text, unicode.IsDigit)
}

func isMarkdown(name string) bool { return strings.EqualFold(path.Ext(name), ".md") }

// nameOf is what people call the file at p: its path from beside the folder.
func (t *Tracker) nameOf(p string) string {
	return path.Join(path.Base(filepath.ToSlash(t.opt.Dir)), p)
}

func (t *Tracker) assignable(account string) bool {
	return len(t.opt.Accounts) == 0 || slices.Contains(t.opt.Accounts, account)
}
