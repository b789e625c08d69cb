package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"percolate/mapping"
	"percolate/per"
)

// candidate is a file that may hold a document.
type candidate struct {
	path   string // from the configuration's folder, with slashes
	name   string // as it is opened
	err    error  // why it cannot be read, when that is known already
	listed bool   // a folder told of it, and nobody named it
}

// vanished reports whether the error of reading a file says that it is not there any
// more, although its folder told of it: its author took it away meanwhile, and it counts
// as one that was never listed.
func (f candidate) vanished(err error) bool {
	return f.listed && f.err == nil && errors.Is(err, fs.ErrNotExist)
}

// finder looks for documents. A file is found once, by whatever path.
type finder struct {
	config  *config
	exclude []mapping.Glob
	ours    map[string]string // folders and files of percolate's own, by real path, with what they are
	seen    map[string]bool   // by real path
	allowed []string          // where links may lead, by real path
	found   []candidate
	faults  []error
}

// findDocuments lists the files that arguments name, or else the configuration. The
// error tells every path that could not be looked into; what else there is was found
// all the same.
func (c *config) findDocuments(args []string) ([]candidate, error) {
	f := &finder{config: c, ours: map[string]string{}, seen: map[string]bool{}}
	for _, pattern := range c.Documents.Exclude {
		g, err := mapping.ParseGlob(path.Clean(filepath.ToSlash(pattern)))
		if err != nil {
			return nil, err
		}
		f.exclude = append(f.exclude, g)
	}
	f.keepOut()
	f.allowed = []string{real(c.dir())}
	for _, p := range c.Documents.Paths {
		f.allowed = append(f.allowed, real(c.resolve(cmp.Or(beforePattern(filepath.ToSlash(p)), "."))))
	}
	for _, arg := range args {
		f.allowed = append(f.allowed, real(arg))
	}
	for _, arg := range args {
		f.root(arg, arg, nil)
	}
	if len(args) == 0 {
		for _, p := range c.Documents.Paths {
			f.configured(p)
		}
	}
	slices.SortStableFunc(f.found, func(a, b candidate) int { return strings.Compare(a.path, b.path) })
	return f.found, errors.Join(f.faults...)
}

// keepOut notes what is never a document: tickets, the state and the configuration.
func (f *finder) keepOut() {
	c := f.config
	for _, t := range c.Trackers {
		if s, ok := t.Section.(*filesConfig); ok {
			f.ours[real(c.resolve(s.Dir))] = "the folder of tracker " + t.Name
		}
	}
	f.ours[real(c.resolve(c.State.Path))] = "percolate's state"
	f.ours[real(c.file)] = "the configuration"
	for _, t := range c.Trackers {
		if name := t.tokenFile(); name != "" {
			f.ours[real(c.resolve(name))] = "the token of tracker " + t.Name
		}
	}
}

// configured looks into one of documents.paths, which may be a pattern.
func (f *finder) configured(written string) {
	slashed := filepath.ToSlash(written)
	base := beforePattern(slashed)
	if base == slashed {
		f.root(written, f.config.resolve(written), nil)
		return
	}
	if path.IsAbs(slashed) || filepath.IsAbs(written) {
		slashed = f.config.relative(written)
	}
	g, err := mapping.ParseGlob(slashed)
	if err != nil {
		f.faults = append(f.faults, fmt.Errorf("%s: %w", written, err))
		return
	}
	if base == "" {
		base = "."
	}
	f.root(written, f.config.resolve(base), &g)
}

// beforePattern is the part of a path in front of its first part with a wildcard.
func beforePattern(p string) string {
	parts := strings.Split(p, "/")
	i := slices.IndexFunc(parts, func(part string) bool { return strings.ContainsAny(part, `*?[\`) })
	if i < 0 {
		return p
	}
	return strings.Join(parts[:i], "/")
}

// root looks at what a person wrote; name is how it is opened. With a pattern only
// files that fit it count.
func (f *finder) root(written, name string, fits *mapping.Glob) {
	info, err := os.Stat(name)
	switch what := f.own(name); {
	case errors.Is(err, fs.ErrNotExist):
		f.faults = append(f.faults, fmt.Errorf("%s: there is no such file or folder", written))
	case err != nil:
		f.faults = append(f.faults, fmt.Errorf("%s: %w", written, reasonOf(err)))
	case what != "":
		f.faults = append(f.faults, fmt.Errorf("%s: this is %s, and holds no documents", written, what))
	case info.IsDir():
		f.folder(name, fits)
	default:
		f.file(candidate{name: name}, info)
	}
}

// own tells what of percolate's own a path is or lies in, "" for none.
func (f *finder) own(name string) string {
	for at := real(name); ; at = filepath.Dir(at) {
		if what := f.ours[at]; what != "" {
			return what
		}
		if at == filepath.Dir(at) {
			return ""
		}
	}
}

// folder looks through a folder and all below it, hidden ones left out. Symbolic links
// come last, so that a file that is found twice keeps its own name.
func (f *finder) folder(name string, fits *mapping.Glob) {
	if f.visited(name) || f.ours[real(name)] != "" {
		return
	}
	entries, err := os.ReadDir(name)
	if err != nil {
		f.faults = append(f.faults, fmt.Errorf("%s: %w", filepath.ToSlash(name), reasonOf(err)))
	}
	var links []string
	for _, e := range entries {
		at := filepath.Join(name, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), ".") || f.excluded(at):
		case e.Type()&fs.ModeSymlink != 0:
			links = append(links, at)
		case e.IsDir():
			f.folder(at, fits)
		default:
			f.entry(at, nil, fits)
		}
	}
	for _, at := range links {
		f.link(at, fits)
	}
}

// link follows a symbolic link in a folder. Whoever may write documents could otherwise
// have any file of the machine read as one, and written to.
func (f *finder) link(name string, fits *mapping.Glob) {
	info, err := os.Stat(name)
	switch to := real(name); {
	case err == nil && info.IsDir() && f.mayRead(to):
		f.folder(name, fits)
	case err == nil && info.IsDir():
		f.faults = append(f.faults, fmt.Errorf("%s: %w", filepath.ToSlash(name), errLeadsOut))
	case err == nil && !(f.mayRead(to) && per.HasDocumentName(to)):
		f.entry(name, errLeadsOut, fits)
	default:
		f.entry(name, err, fits)
	}
}

var errLeadsOut = errors.New("this link leads out of the folders of documents; name the place that it leads to under documents: paths")

// mayRead reports whether a path is in the configuration's folder or below one that a
// person named.
func (f *finder) mayRead(to string) bool {
	return slices.ContainsFunc(f.allowed, func(dir string) bool {
		rel, err := filepath.Rel(dir, to)
		return err == nil && filepath.IsLocal(rel)
	})
}

// entry takes a file of a folder when its name is that of a document.
func (f *finder) entry(name string, err error, fits *mapping.Glob) {
	if !per.HasDocumentName(name) || fits != nil && !fits.Match(f.config.relative(name)) {
		return
	}
	c := candidate{name: name, err: err, listed: true}
	info, errStat := os.Stat(name)
	switch err = errors.Join(err, errStat); {
	case err == nil:
		f.file(c, info)
	case !c.vanished(errStat):
		c.path, c.err = f.config.relative(name), reasonOf(cmp.Or(errStat, err))
		f.found = append(f.found, c)
	}
}

func (f *finder) file(c candidate, info fs.FileInfo) {
	if f.visited(c.name) || f.ours[real(c.name)] != "" {
		return
	}
	c.path = f.config.relative(c.name)
	if !info.Mode().IsRegular() {
		c.err = errNoFile
	}
	f.found = append(f.found, c)
}

func (f *finder) visited(name string) bool {
	at := real(name)
	before := f.seen[at]
	f.seen[at] = true
	return before
}

// excluded reports whether a path, or one that it lies in, is left out.
func (f *finder) excluded(name string) bool {
	rel := f.config.relative(name)
	return slices.ContainsFunc(f.exclude, func(g mapping.Glob) bool { return g.Match(rel) })
}

// real is the one path of a file that no link is part of, as far as it is there.
func real(name string) string {
	abs, err := filepath.Abs(name)
	if err != nil {
		return name
	}
	if at, err := filepath.EvalSymlinks(abs); err == nil {
		return at
	}
	if dir := filepath.Dir(abs); dir != abs {
		return filepath.Join(real(dir), filepath.Base(abs))
	}
	return abs
}

// reasonOf is a file system's error without the path, which the message names itself.
func reasonOf(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}
