package files

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

const errSharingViolation = syscall.Errno(32)

// tryLock takes the lock of the folder, which ends with the process at the latest: a
// file that is open and not shared cannot be opened again. errLocked says that another
// process has it.
func tryLock(root *os.Root, name string) (unlock func(), err error) {
	full := filepath.Join(root.Name(), name)
	p, err := syscall.UTF16PtrFromString(full)
	if err != nil {
		return nil, err
	}
	h, err := syscall.CreateFile(p, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil,
		syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	switch {
	case errors.Is(err, errSharingViolation):
		return nil, errLocked
	case err != nil:
		return nil, &os.PathError{Op: "lock", Path: full, Err: err}
	}
	return func() { _ = syscall.CloseHandle(h) }, nil
}

// syncFolder does nothing: the system cannot write a folder alone.
func syncFolder(*os.File) error { return nil }

// mayWrite cannot tell without writing.
func mayWrite(string) error { return nil }
