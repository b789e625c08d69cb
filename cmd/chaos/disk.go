package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
)

// disk is what the state lies on. Who may mount gets one of its own, that can be full
// and read-only; for others it is a folder that can be read-only.
type disk struct {
	dir     string
	mounted bool
}

// newDisk makes the disk at an empty folder.
func newDisk(dir string) (*disk, error) {
	d := &disk{dir: dir}
	if os.Geteuid() == 0 {
		d.mounted = mount("-t", "tmpfs", "-o", "size=8m", "percolate-chaos", dir) == nil
	}
	return d, nil
}

func mount(args ...string) error {
	return exec.CommandContext(context.Background(), "mount", args...).Run()
}

// fill leaves so many bytes free, if it can.
func (d *disk) fill(free int64) bool {
	if !d.mounted {
		return false
	}
	f, err := os.Create(filepath.Join(d.dir, "ballast"))
	if err != nil {
		return false
	}
	defer f.Close()
	block := bytes.Repeat([]byte{'x'}, 4096)
	size := int64(0)
	for {
		n, err := f.Write(block)
		size += int64(n)
		if err != nil {
			break
		}
	}
	return f.Truncate(max(size-free, 0)) == nil
}

// freeze makes the disk read-only, if it can. Nobody may have files on it open.
func (d *disk) freeze() bool {
	if d.mounted {
		return mount("-o", "remount,ro", d.dir) == nil
	}
	return os.Geteuid() != 0 && os.Chmod(d.dir, 0o555) == nil
}

// mend makes it a good disk again.
func (d *disk) mend() error {
	if d.mounted {
		_ = mount("-o", "remount,rw", d.dir)
	} else if err := os.Chmod(d.dir, 0o755); err != nil {
		return err
	}
	err := os.Remove(filepath.Join(d.dir, "ballast"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

func (d *disk) close() {
	if d.mounted {
		_ = exec.CommandContext(context.Background(), "umount", "--lazy", d.dir).Run()
	}
}
