package files_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/files"
	"percolate/trackers/trackertest"
)

var start = time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)

func fixed() time.Time { return start }

// place is a tracker on an empty folder and a person with an editor.
type place struct {
	t   *testing.T
	dir string
	*files.Tracker
}

func open(t *testing.T, opt files.Options) place {
	if opt.Dir == "" {
		opt.Dir = filepath.Join(t.TempDir(), "tickets")
	}
	if opt.Now == nil {
		opt.Now = fixed
	}
	return place{t, opt.Dir, files.New(opt)}
}

// path is where the ticket's file is.
func (p place) path(ref ticket.Ref) string {
	p.t.Helper()
	return filepath.Join(filepath.Dir(p.dir), filepath.FromSlash(p.get(ref).Name))
}

func (p place) get(ref ticket.Ref) ticket.Seen {
	p.t.Helper()
	got, err := p.Get(p.t.Context(), []ticket.Ref{ref})
	if err != nil {
		p.t.Fatal(err)
	}
	s, ok := got[ref]
	if !ok {
		p.t.Fatalf("%s is not there", ref)
	}
	return s
}

func (p place) read(ref ticket.Ref) string {
	p.t.Helper()
	return load(p.t, p.path(ref))
}

func load(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// write puts a file into the folder as a person would.
func (p place) write(name, text string) {
	p.t.Helper()
	path := filepath.Join(p.dir, filepath.FromSlash(name))
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
		p.t.Fatal(err)
	}
}

// edit changes the ticket's file as a person would.
func (p place) edit(ref ticket.Ref, change func(string) string) {
	p.t.Helper()
	path := p.path(ref)
	if err := os.WriteFile(path, []byte(change(load(p.t, path))), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// create files one ticket for the action of PER-1.
func (p place) create(action string, f ticket.Fields) ticket.Seen {
	p.t.Helper()
	key := ticket.Key{Document: "PER-1", Action: action}
	done := p.Create(p.t.Context(), []trackers.Creation{{Key: key, Fields: f}})
	if done[0].Err != nil {
		p.t.Fatal(done[0].Err)
	}
	return done[0].Seen
}

func (p place) update(ref ticket.Ref, patch ticket.Patch) ticket.Seen {
	p.t.Helper()
	s, _, err := p.Update(p.t.Context(), p.get(ref), patch)
	if err != nil {
		p.t.Fatal(err)
	}
	return s
}

// setLine replaces the line of a value in the front matter.
func setLine(text, name, value string) string {
	line := regexp.MustCompile(`(?m)^` + name + `:.*$`)
	return line.ReplaceAllLiteralString(text, name+": "+value)
}

func (p place) personEdits(ref ticket.Ref, e trackertest.Edit) {
	p.edit(ref, func(text string) string {
		if e.Title != "" {
			text = setLine(text, "title", e.Title)
		}
		if e.Assignee != "" {
			text = setLine(text, "assignee", e.Assignee)
		}
		if e.Status != "" {
			text = setLine(text, "status", string(e.Status))
		}
		if e.Due != "" {
			text = setLine(text, "due", string(e.Due))
		}
		if e.Parent != "" {
			text = setLine(text, "parent", string(e.Parent))
		}
		if e.Label != "" {
			text = strings.Replace(text, "labels: [", "labels: ["+e.Label+", ", 1)
		}
		if e.Text != nil {
			head, rest, _ := strings.Cut(text, "\n---\n")
			text = head + "\n---\n" + e.Text(rest)
		}
		return text
	})
}

func (p place) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func TestConformance(t *testing.T) {
	people := []string{"ann", "bob"}
	trackertest.Run(t, trackertest.Harness{
		New: func(t *testing.T) *trackertest.Place {
			p := open(t, files.Options{Accounts: people})
			var lose atomic.Bool
			p.Fail(func(step string) error {
				if step == "sync" && lose.CompareAndSwap(true, false) {
					return errors.New("the disk does not answer")
				}
				return nil
			})
			return &trackertest.Place{
				Tracker: p.Tracker,
				Wait:    func(time.Duration) {},
				Open: func(title, text string) ticket.Ref {
					p.write("by hand.md", "---\ntitle: "+title+"\n---\n"+text)
					return "by hand"
				},
				Edit:   p.personEdits,
				Delete: func(ref ticket.Ref) { p.must(os.Remove(p.path(ref))) },
				Move: func(ref ticket.Ref) {
					p.must(os.MkdirAll(filepath.Join(p.dir, "later"), 0o755))
					p.must(os.Rename(p.path(ref), filepath.Join(p.dir, "later", "renamed.md")))
				},
				Text: func(ref ticket.Ref) string { return p.get(ref).Whole },
				Comments: func(ref ticket.Ref) []string {
					return strings.Split(p.read(ref), "<!-- percolate: comment ")[1:]
				},
				LoseAnswer: func() { lose.Store(true) },
			}
		},
		Accounts:     people,
		Unassignable: "nobody",
	})
}
