package main

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"percolate/per"
	"percolate/ticket"
)

const beforeWriting = "# T\n\n## Actions\n\n- Do it\n"

var oneTicket = []per.Written{{Line: 5, Text: "Do it", Key: "OPS-1", URL: "https://x/OPS-1"}}

func writable(t *testing.T) document {
	t.Helper()
	name := filepath.Join(t.TempDir(), "a.md")
	if err := os.WriteFile(name, []byte(beforeWriting), 0o640); err != nil {
		t.Fatal(err)
	}
	return document{candidate: candidate{path: "a.md", name: name}, digest: ticket.Digest(beforeWriting)}
}

func holds(t *testing.T, name, want string) {
	t.Helper()
	got, err := os.ReadFile(name)
	if err != nil || string(got) != want {
		t.Errorf("%s holds %q, want %q, %v", name, got, want, err)
	}
}

func TestAFileThatChangedMeanwhileIsNotOverwritten(t *testing.T) {
	d := writable(t)
	const edited = "# T\n\n## Actions\n\n- Do it\n- And that\n"
	if err := os.WriteFile(d.name, []byte(edited), 0o640); err != nil {
		t.Fatal(err)
	}
	if w := d.writeBack(oneTicket); w.changed || !errors.Is(w.err, errChanged) {
		t.Errorf("%+v", w)
	}
	holds(t, d.name, edited)
}

func TestAFileIsReplacedWholeWithItsModeAndItsLinks(t *testing.T) {
	d := writable(t)
	link := filepath.Join(t.TempDir(), "link.md")
	if err := os.Symlink(d.name, link); err != nil {
		t.Skip(err)
	}
	file := d.name
	d.name = link
	if w := d.writeBack(oneTicket); !w.changed || w.err != nil || len(w.problems) > 0 {
		t.Errorf("%+v", w)
	}
	holds(t, file, "# T\n\n## Actions\n\n- Do it [OPS-1](https://x/OPS-1 \"percolate\")\n")
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is %v, %v", info, err)
	}
	if info, err := os.Stat(file); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
		t.Errorf("the file is %v, %v", info, err)
	}
	if rest, err := filepath.Glob(filepath.Join(filepath.Dir(file), "*")); err != nil || len(rest) != 1 {
		t.Errorf("beside it there are %v", rest)
	}
}

func TestAFileThatIsGoneIsTold(t *testing.T) {
	d := writable(t)
	if err := os.Remove(d.name); err != nil {
		t.Fatal(err)
	}
	if w := d.writeBack(oneTicket); w.changed || w.err == nil {
		t.Errorf("%+v", w)
	}
}
