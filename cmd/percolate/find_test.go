package main

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tree makes files, links ("a -> b") and folders ("a/") below a folder of its own, with a
// configuration at percolate.yaml.
func tree(t *testing.T, settings string, files ...string) *config {
	t.Helper()
	root := t.TempDir()
	for _, f := range files {
		name, to, link := strings.Cut(f, " -> ")
		at := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		switch {
		case link:
			err = os.Symlink(to, at)
		case strings.HasSuffix(name, "/"):
			err = os.MkdirAll(at, 0o755)
		default:
			err = os.WriteFile(at, []byte("# A\n"), 0o644)
		}
		if err != nil {
			t.Skip(err)
		}
	}
	c, err := parseConfig(filepath.Join(root, "percolate.yaml"), []byte(settings), noEnv)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDocumentsAreFoundOnceAndNothingElse(t *testing.T) {
	for _, tt := range []struct {
		name, settings string
		files, want    []string
	}{
		{"files of all kinds of documents", "documents: {paths: [pers]}",
			[]string{"pers/a.md", "pers/b.MARKDOWN", "pers/c.yaml", "pers/d/e/f.yml", "pers/g.png", "pers/.h.md", "pers/.git/i.md", "other/j.md"},
			[]string{"pers/a.md", "pers/b.MARKDOWN", "pers/c.yaml", "pers/d/e/f.yml"}},
		{"by several paths", "documents: {paths: [pers, ./pers/a.md, pers/../pers]}",
			[]string{"pers/a.md"}, []string{"pers/a.md"}},
		{"named whatever they are called", "documents: {paths: [pers/a.txt]}",
			[]string{"pers/a.txt"}, []string{"pers/a.txt"}},
		{"not what is excluded", "documents: {paths: [pers], exclude: ['**/template*.md', pers/old]}",
			[]string{"pers/a.md", "pers/x/template-1.md", "pers/old/b.md", "pers/older/c.md"}, []string{"pers/a.md", "pers/older/c.md"}},
		{"by a pattern", "documents: {paths: ['teams/*/pers/**']}",
			[]string{"teams/x/pers/a.md", "teams/x/pers/y/b.md", "teams/x/notes/c.md", "d.md"}, []string{"teams/x/pers/a.md", "teams/x/pers/y/b.md"}},
		{"by a pattern for all", "documents: {paths: ['**/*.md']}",
			[]string{"a.md", "x/b.md", "x/c.yaml", "backlog/d.md"}, []string{"a.md", "x/b.md"}},
		{"never tickets, state or configuration", "documents: {paths: [.]}\nstate: {path: s.md}\ntrackers: [{name: t, type: files, dir: tickets}]",
			[]string{"a.md", "s.md", "percolate.yaml", "tickets/b.md", "tickets/x/c.md"}, []string{"a.md"}},
		{"through links, under their own name", "documents: {paths: [pers]}",
			[]string{"pers/b.md", "pers/a.md -> b.md", "away/c.md", "pers/away -> ../away", "pers/tickets -> ../backlog", "backlog/d.md"}, []string{"pers/away/c.md", "pers/b.md"}},
		{"in circles", "documents: {paths: [pers]}",
			[]string{"pers/a.md", "pers/loop -> .", "pers/x/up -> ../..", "pers/x/self.md -> self.md"}, []string{"pers/a.md", "pers/x/self.md"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := tree(t, tt.settings, tt.files...)
			found, err := c.findDocuments(nil)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range found {
				got = append(got, f.path)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("found %v, want %v", got, tt.want)
			}
		})
	}
}

func TestAPathThatCannotBeLookedIntoIsToldAndTheOthersAreFound(t *testing.T) {
	c := tree(t, "documents: {paths: [nowhere, pers, backlog]}", "pers/a.md", "backlog/b.md", "pers/gone.md -> nowhere")
	found, err := c.findDocuments(nil)
	if len(found) != 2 || found[0].err != nil || found[1].err == nil {
		t.Errorf("found %v", found)
	}
	want := "nowhere: there is no such file or folder\nbacklog: this is the folder of tracker backlog, and holds no documents"
	if err == nil || err.Error() != want {
		t.Errorf("told %v", err)
	}
}

// Who may write documents may write links, and could have anything read and written to.
func TestLinksLeadNowhereElse(t *testing.T) {
	away := t.TempDir()
	for _, name := range []string{"secret.md", "pers/a.md"} {
		at := filepath.Join(away, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o755), os.WriteFile(at, []byte("# A\n"), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	c := tree(t, "documents: {paths: [pers]}\ntrackers: [{name: j, type: jira, url: 'https://j.example', project: OPS, token_file: token.md}]",
		"percolate.yaml", "token.md", ".env", "in/b.md",
		"pers/a.md -> "+filepath.Join(away, "secret.md"), "pers/b.md -> ../in/b.md", "pers/env.md -> ../.env", "pers/token.md -> ../token.md",
		"pers/passwd.md -> /etc/passwd", "pers/null.md -> /dev/null", "pers/folder -> "+filepath.Join(away, "pers"), "pers/via.md -> a.md", "pers/config.md -> ../percolate.yaml")
	found, err := c.findDocuments(nil)
	got := map[string]bool{}
	for _, f := range found {
		got[f.path] = f.err == nil
	}
	want := map[string]bool{"pers/b.md": true, "pers/a.md": false, "pers/env.md": false, "pers/passwd.md": false, "pers/null.md": false, "pers/via.md": false}
	if !maps.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
	if err == nil || !strings.Contains(err.Error(), "pers/folder: this link leads out of the folders of documents") {
		t.Errorf("told %v", err)
	}
	// Where a person named the place, links may lead there.
	c.Documents.Paths = append(c.Documents.Paths, away)
	if found, err = c.findDocuments(nil); err != nil || !slices.ContainsFunc(found, func(f candidate) bool { return f.path == "pers/folder/a.md" && f.err == nil }) {
		t.Errorf("found %v, %v", found, err)
	}
}

// By their paths documents are known: they may not change with the folder that percolate
// is started in, nor with the way in which a file is named.
func TestDocumentsAreKnownByTheirPathFromTheConfiguration(t *testing.T) {
	c := tree(t, "documents: {paths: [pers]}", "pers/a.md")
	t.Chdir(filepath.Join(c.dir(), "pers"))
	abs, err := filepath.Abs("a.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, arg := range []string{"a.md", "./a.md", "../pers/a.md", abs, "."} {
		found, err := c.findDocuments([]string{arg})
		if err != nil || len(found) != 1 || found[0].path != "pers/a.md" {
			t.Errorf("%s: found %v, %v", arg, found, err)
		}
	}
}
