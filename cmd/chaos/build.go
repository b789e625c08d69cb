package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// build makes the percolate that can be disturbed. overlay puts other texts in the place
// of some of its source files.
func build(ctx context.Context, program string, overlay map[string]string) error {
	args := []string{"build", "-tags", "chaos", "-o", program}
	if len(overlay) > 0 {
		file, err := writeOverlay(filepath.Dir(program), overlay)
		if err != nil {
			return err
		}
		args = append(args, "-overlay", file)
	}
	cmd := exec.CommandContext(ctx, "go", append(args, "percolate/cmd/percolate")...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build percolate: %w\n%s", err, out)
	}
	return nil
}

// writeOverlay writes the texts, and the file by which the compiler finds them.
func writeOverlay(dir string, texts map[string]string) (string, error) {
	replace := map[string]string{}
	for path, text := range texts {
		abs, err := filepath.Abs(path)
		if err != nil {
			return "", err
		}
		other := filepath.Join(dir, "overlay-"+filepath.Base(filepath.Dir(path))+"-"+filepath.Base(path))
		if err := os.WriteFile(other, []byte(text), 0o644); err != nil {
			return "", err
		}
		replace[abs] = other
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "overlay.json")
	return file, os.WriteFile(file, list, 0o644)
}
