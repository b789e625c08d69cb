package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// folder is the tracker of type files: a folder of tickets that people edit by hand.
type folder struct {
	dir string

	mu    sync.Mutex
	known []item            // in the order in which they were first seen
	paths map[string]string // by ref
}

func filesKind() kind {
	return kind{
		name: "files",
		start: func(_ context.Context, r *run) (tracker, error) {
			return &folder{dir: r.path("backlog"), paths: map[string]string{}}, os.MkdirAll(r.path("backlog"), 0o755)
		},
		priorities: []string{"lowest", "low", "medium", "high", "highest"},
	}
}

func (f *folder) section() string {
	return "  - {name: work, type: files, dir: backlog}\n"
}

func (f *folder) wire() *network       { return nil }
func (f *folder) disturb(string) error { return nil }
func (f *folder) mend() error          { return nil }
func (f *folder) close()               {}

// items reads the folder. A ticket that was there once and is not any more was deleted.
func (f *folder) items() ([]item, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	there := map[string]bool{}
	found, err := f.read()
	for _, i := range found {
		if there[i.Ref] { // a copy states the id of the first
			i.Ref = stem(i.Name)
		}
		there[i.Ref], f.paths[i.Ref] = true, filepath.Join(f.dir, i.Name)
		f.keep(i)
	}
	for n := range f.known {
		f.known[n].Deleted = !there[f.known[n].Ref]
	}
	return slices.Clone(f.known), err
}

// read reads every file, those first that are called as their id.
func (f *folder) read() ([]item, error) {
	var found []item
	err := filepath.WalkDir(f.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Ext(path) != ".md" {
			return ignoreMissing(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return ignoreMissing(err)
		}
		p, err := readTicket(string(text))
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		i := p.item()
		i.Name, _ = filepath.Rel(f.dir, path)
		i.Place = filepath.Dir(i.Name)
		found = append(found, i)
		return nil
	})
	slices.SortStableFunc(found, func(a, b item) int {
		return strings.Compare(stem(a.Name), stem(b.Name))
	})
	slices.SortStableFunc(found, func(a, b item) int {
		switch own := [2]bool{stem(a.Name) == a.Ref, stem(b.Name) == b.Ref}; own {
		case [2]bool{true, false}:
			return -1
		case [2]bool{false, true}:
			return 1
		}
		return 0
	})
	return found, err
}

func stem(name string) string { return strings.TrimSuffix(filepath.Base(name), ".md") }

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (f *folder) keep(i item) {
	n := slices.IndexFunc(f.known, func(k item) bool { return k.Ref == i.Ref })
	if n < 0 {
		f.known = append(f.known, i)
		return
	}
	f.known[n] = i
}

// do edits a file as a person does in an editor that saves whole files.
func (f *folder) do(a act) (string, error) {
	f.mu.Lock()
	path := f.paths[a.Ref]
	f.mu.Unlock()
	switch a.Do {
	case "delete":
		return a.Ref, os.Remove(path)
	case "move":
		to := filepath.Join(f.dir, a.Value, filepath.Base(path))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return "", err
		}
		return a.Ref, os.Rename(path, to)
	case "copy":
		text, err := os.ReadFile(path)
		if err != nil {
			return "", err
		}
		to := strings.TrimSuffix(path, ".md") + " (copy).md"
		return stem(to), os.WriteFile(to, text, 0o644)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	p, err := readTicket(string(text))
	if err != nil {
		return "", err
	}
	if err := p.do(a); err != nil {
		return "", err
	}
	if err := os.WriteFile(path+"~", []byte(p.String()), 0o644); err != nil {
		return "", err
	}
	return a.Ref, os.Rename(path+"~", path)
}
