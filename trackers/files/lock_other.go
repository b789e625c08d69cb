//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd || windows)

package files

import (
	"errors"
	"io/fs"
	"os"
)

// tryLock takes the lock of the folder by making a file. A process that is killed
// leaves it behind, and a person has to remove it. errLocked says that another process
// has the lock.
func tryLock(root *os.Root, name string) (unlock func(), err error) {
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil, errLocked
	case err != nil:
		return nil, err
	}
	return func() {
		_ = f.Close()
		_ = root.Remove(name)
	}, nil
}

// syncFolder does nothing, since not every system can write a folder alone.
func syncFolder(*os.File) error { return nil }

// mayWrite cannot tell without writing.
func mayWrite(string) error { return nil }
