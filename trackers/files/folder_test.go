package files_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/files"
)

// writerEnv makes the test binary a process that files tickets into the folder named.
const writerEnv = "PERCOLATE_FILES_TEST_WRITER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(writerEnv); dir != "" {
		if err := fileMany(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const each = 25

// fileMany files tickets that all want the same file name, and comments on the first.
func fileMany(dir string) error {
	tr := files.New(files.Options{Dir: dir, Now: fixed})
	for i := range each {
		key := ticket.Key{Document: "PER-1", Action: fmt.Sprintf("~%d", i)}
		done := tr.Create(context.Background(), []trackers.Creation{{Key: key, Fields: ticket.Fields{Title: "Same"}}})
		if done[0].Err != nil {
			return done[0].Err
		}
		comment := ticket.Comment{Marker: fmt.Sprintf("%d-%d", os.Getpid(), i), Text: "x"}
		if _, _, err := tr.Update(context.Background(), ticket.Seen{Ref: "PER-1-same"}, ticket.Patch{Comment: comment}); err != nil {
			return err
		}
	}
	return nil
}

func TestProcessesShareAFolder(t *testing.T) {
	const processes = 3
	p := open(t, files.Options{})
	var wg sync.WaitGroup
	for range processes {
		wg.Go(func() {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), writerEnv+"="+p.dir)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	wg.Wait()
	keys, err := p.findErr()
	if err != nil || len(keys) != processes*each {
		t.Errorf("%d tickets, want %d: %v", len(keys), processes*each, err)
	}
	if n := strings.Count(p.read("PER-1-same"), "<!-- percolate: comment"); n != processes*each {
		t.Errorf("%d comments, want %d", n, processes*each)
	}
}

func TestAWriterWaitsForTheLockNoLongerThanItsCaller(t *testing.T) {
	p := open(t, files.Options{})
	s := p.create("A1", full())
	inside, leave := make(chan bool), make(chan bool)
	p.Fail(func(step string) error {
		if step == "write" {
			inside <- true
			<-leave
		}
		return nil
	})
	var wg sync.WaitGroup
	wg.Go(func() { p.update(s.Ref, ticket.Patch{Status: ticket.StatusDone}) })
	<-inside
	other := files.New(files.Options{Dir: p.dir, Now: fixed}) // as another process would
	ctx, cancel := context.WithCancel(t.Context())
	go cancel()
	if _, _, err := other.Update(ctx, s, ticket.Patch{Status: ticket.StatusOpen}); trackers.CodeOf(err) != trackers.Unavailable {
		t.Errorf("the other writer got %v", err)
	}
	p.get(s.Ref) // readers do not wait
	leave <- true
	wg.Wait()
	if got := p.get(s.Ref); got.Status != ticket.StatusDone {
		t.Errorf("the status is %s", got.Status)
	}
}

func TestReadersNeverSeeHalfAFile(t *testing.T) {
	p := open(t, files.Options{})
	s := p.create("A1", ticket.Fields{Title: "x"})
	bodies := []string{strings.Repeat("a", 50_000), strings.Repeat("b", 90_000)}
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range 60 {
			p.update(s.Ref, ticket.Patch{Set: []ticket.Field{ticket.FieldBody}, To: ticket.Fields{Body: bodies[i%2]}})
		}
	})
	for range 200 {
		got, err := p.Get(t.Context(), []ticket.Ref{s.Ref})
		if body := got[s.Ref].Fields.Body; err != nil || body != "" && body != bodies[0] && body != bodies[1] {
			t.Errorf("a body of %d bytes, %v", len(body), err)
			break
		}
	}
	wg.Wait()
}

func TestNothingOutsideTheFolderIsReadOrWritten(t *testing.T) {
	p := open(t, files.Options{})
	p.create("A1", full())
	outside := filepath.Join(t.TempDir(), "secret.md")
	const secret = "---\nkey: PER-1/A9\n---\n"
	p.must(os.WriteFile(outside, []byte(secret), 0o644))
	p.must(os.Symlink(outside, filepath.Join(p.dir, "secret.md")))
	p.must(os.Symlink(filepath.Dir(outside), filepath.Join(p.dir, "folder")))
	if keys, err := p.findErr(); err != nil || len(keys) != 1 {
		t.Errorf("found %v, %v", keys, err)
	}
	for _, ref := range []ticket.Ref{"secret", "secret.md", "folder/secret.md", "../secret", "../../secret.md", ticket.Ref(outside), "a/../../x.md", ""} {
		if got, err := p.Get(t.Context(), []ticket.Ref{ref}); err != nil || len(got) != 0 {
			t.Errorf("%q: %v, %v", ref, got, err)
		}
		if _, _, err := p.Update(t.Context(), ticket.Seen{Ref: ref}, ticket.Patch{Status: ticket.StatusDone}); trackers.CodeOf(err) != trackers.NotFound {
			t.Errorf("%q: %v", ref, err)
		}
	}
	if got := load(t, outside); got != secret {
		t.Errorf("the file outside became %q", got)
	}
}

func TestAFolderThatIsNotThereIsNotAFolderWithoutTickets(t *testing.T) {
	p := open(t, files.Options{})
	if keys, err := p.findErr(); err != nil || len(keys) != 0 {
		t.Errorf("before the first ticket: %v, %v", keys, err)
	}
	if got, err := p.Get(t.Context(), []ticket.Ref{"x.md", "id:PER-1-A1"}); err != nil || len(got) != 0 {
		t.Errorf("what a document names before the first ticket: %v, %v", got, err)
	}
	empty := p.drain("", nil)
	p.drain(empty, nil)
	s := p.create("A1", full())
	cursor := p.drain(empty, nil)
	p.must(os.Rename(p.dir, p.dir+".away"))
	_, err := p.Get(t.Context(), []ticket.Ref{s.Ref})
	if trackers.CodeOf(err) != trackers.Unavailable {
		t.Errorf("get: %v", err)
	}
	_, _, err = p.Update(t.Context(), s, ticket.Patch{Status: ticket.StatusDone})
	if trackers.CodeOf(err) != trackers.Unavailable {
		t.Errorf("update: %v", err)
	}
	for _, err = range p.Changed(t.Context(), cursor) {
	}
	if trackers.CodeOf(err) != trackers.Unavailable {
		t.Errorf("changed: %v", err)
	}
	p.must(os.WriteFile(p.dir, nil, 0o644))
	if _, err := p.findErr(); trackers.CodeOf(err) != trackers.Unavailable {
		t.Errorf("a file in place of the folder: %v", err)
	}
}
