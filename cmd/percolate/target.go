package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// target is in which form and where to a command writes its answer.
type target struct {
	format  string
	file    string
	formats []string
}

// flags adds --format and --output; the first format is the default.
func (t *target) flags(cmd *cobra.Command, formats ...string) {
	t.formats = formats
	cmd.Flags().StringVarP(&t.format, "format", "f", formats[0], "how to write it: "+strings.Join(formats, ", "))
	cmd.Flags().StringVarP(&t.file, "output", "o", "", "write to this file, which is replaced whole, and not to the terminal")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp))
}

// check refuses a format that does not exist.
func (t *target) check(cmd *cobra.Command) error {
	if !slices.Contains(t.formats, t.format) {
		return usage(cmd, "%q is none of the formats %s", t.format, strings.Join(t.formats, ", "))
	}
	return nil
}

// deliver lets write print to the target's file, plain and as wide as it comes, or else to
// the screen.
func (p *program) deliver(t target, write func() error) error {
	if t.file == "" || t.file == "-" {
		return write()
	}
	var b bytes.Buffer
	before := p.out
	p.out = newScreen(&b, p.env)
	err := write()
	if err == nil {
		err = p.out.flush()
	}
	p.out = before
	if err != nil {
		return err
	}
	if err := replaceFile(t.file, b.Bytes()); err != nil {
		return fmt.Errorf("%s: not written: %w", t.file, reasonOf(err))
	}
	return nil
}

// replaceFile puts content in place of a file's, all of it or nothing. What is no
// regular file, such as a pipe, is written to as it is.
func replaceFile(name string, content []byte) (err error) {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return os.WriteFile(name, content, 0o666)
	}
	temp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	defer temp.Close()
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(name); err == nil {
		mode = info.Mode().Perm()
	}
	for _, do := range []func() error{
		func() error { _, err := temp.Write(content); return err },
		func() error { return temp.Chmod(mode) },
		temp.Sync,
		temp.Close,
		func() error { return os.Rename(temp.Name(), name) },
	} {
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}
