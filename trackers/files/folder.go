package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"
)

const (
	lockName = ".percolate.lock"
	tempName = ".percolate.tmp" // one is enough, since writers hold the lock
	maxSize  = 16 << 20         // bytes that a ticket file may have
)

// folder is the open folder of tickets. No path in it leads out of it.
type folder struct {
	root *os.Root
	fail func(step string) error // lets tests fail the steps "write", "rename" and "sync"; nil elsewhere
}

func (d folder) step(name string) error {
	if d.fail == nil {
		return nil
	}
	return d.fail(name)
}

// stamp is what tells one version of a file from another without reading it.
type stamp struct {
	size int64
	time time.Time
}

// file is a ticket file in the listing.
type file struct {
	path string // in the folder, with slashes
	stamp
}

func stampOf(info fs.FileInfo) stamp { return stamp{size: info.Size(), time: info.ModTime()} }

func (s stamp) same(o stamp) bool { return s.size == o.size && s.time.Equal(o.time) }

// list returns the ticket files by path, and the symbolic links that it passed over.
// What cannot be listed is an error: its tickets must not look gone.
func (d folder) list() (files []file, links []string, err error) {
	err = fs.WalkDir(d.root.FS(), ".", func(p string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return ignoreVanished(err)
		case p != "." && strings.HasPrefix(e.Name(), "."):
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		case e.Type()&fs.ModeSymlink != 0:
			links = append(links, p)
			return nil
		case !e.Type().IsRegular() || !isMarkdown(p):
			return nil
		}
		info, err := e.Info()
		if err != nil {
			return ignoreVanished(err)
		}
		files = append(files, file{path: p, stamp: stampOf(info)})
		return nil
	})
	return files, links, err
}

func ignoreVanished(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// read returns the text of a regular file and the stamp that it had before it was read.
func (d folder) read(p string) (string, stamp, error) {
	info, err := d.root.Lstat(p)
	if err != nil {
		return "", stamp{}, err
	}
	switch {
	case !info.Mode().IsRegular():
		return "", stamp{}, &fault{0, "this is not a regular file"}
	case info.Size() > maxSize:
		return "", stamp{}, &fault{0, fmt.Sprintf("the file is larger than %d MiB", maxSize>>20)}
	}
	f, err := d.root.Open(p)
	if err != nil {
		return "", stamp{}, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSize))
	return string(text), stampOf(info), err
}

// errTaken says that a new file's name is taken.
var errTaken = errors.New("the name is taken")

// errEdited says that somebody changed a file since it was read.
var errEdited = errors.New("the file is being edited by somebody else")

// create writes a new file whole, or nothing.
func (d folder) create(p, text string) error {
	temp, err := d.writeTemp(p, text, 0o644)
	if err != nil {
		return err
	}
	defer d.root.Remove(temp)
	if err := d.step("rename"); err != nil {
		return err
	}
	err = d.root.Link(temp, p) // unlike a rename it never replaces what is there
	if err == nil || errors.Is(err, fs.ErrExist) {
		return taken(err)
	}
	if _, err := d.root.Lstat(p); err == nil {
		return errTaken
	}
	return d.root.Rename(temp, p) // the file system knows no links
}

func taken(err error) error {
	if err != nil {
		return errTaken
	}
	return nil
}

// replace writes a file whole in place of the version with the stamp, or nothing.
func (d folder) replace(p, text string, was stamp) error {
	info, err := d.root.Lstat(p)
	if err != nil {
		return err
	}
	temp, err := d.writeTemp(p, text, info.Mode().Perm())
	if err != nil {
		return err
	}
	defer d.root.Remove(temp)
	if info, err = d.root.Lstat(p); err != nil {
		return err
	}
	if !stampOf(info).same(was) {
		return errEdited
	}
	if err := d.step("rename"); err != nil {
		return err
	}
	return d.root.Rename(temp, p)
}

// writeTemp writes text down to the disk, beside the file at p. What a crash left
// there goes first.
func (d folder) writeTemp(p, text string, mode fs.FileMode) (string, error) {
	temp := path.Join(path.Dir(p), tempName)
	if err := d.root.Remove(temp); ignoreVanished(err) != nil {
		return "", err
	}
	f, err := d.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(text)
	err = errors.Join(err, d.step("write"), f.Chmod(mode), f.Sync(), f.Close())
	if err != nil {
		_ = d.root.Remove(temp)
		return "", err
	}
	return temp, nil
}

// sync makes the names of new and replaced files last, where the system can.
func (d folder) sync(paths ...string) error {
	if err := d.step("sync"); err != nil {
		return err
	}
	dirs := make([]string, len(paths))
	for i, p := range paths {
		dirs[i] = path.Dir(p)
	}
	slices.Sort(dirs)
	for _, dir := range slices.Compact(dirs) {
		f, err := d.root.Open(dir)
		if err != nil {
			return err
		}
		if err := errors.Join(syncFolder(f), f.Close()); err != nil {
			return err
		}
	}
	return nil
}
