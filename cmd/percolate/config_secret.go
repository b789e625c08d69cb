package main

import (
	"fmt"
	"log/slog"
	"os"
	"strings"
)

// Secret is a value that is used and never shown: whatever prints, logs or encodes it
// gets "<secret>", or nothing when it is empty. Reveal is the one way to the value.
type Secret struct {
	value *string // behind a pointer, so that a printer of unexported fields finds an address
}

const redacted = "<secret>"

// NewSecret hides a value.
func NewSecret(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{value: &value}
}

// Reveal is the value itself, for the one place that sends it.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// String is "<secret>".
func (s Secret) String() string {
	if s.value == nil {
		return ""
	}
	return redacted
}

// Format serves every verb of fmt.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// MarshalText serves JSON, YAML and every other encoder of text.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue serves slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// secretSource says where a secret is: in an environment variable or in a file.
type secretSource struct {
	path string // of the setting, without _env and _file: "trackers[0].token"
	env  string
	file string
}

// read fetches the secret. dir is the folder that a file is told from.
func (s secretSource) read(c *config, env func(string) (string, bool)) (Secret, error) {
	switch {
	case s.env != "" && s.file != "":
		return Secret{}, fmt.Errorf("%s: set %s_env or %s_file, not both", s.path, s.path, s.path)
	case s.env != "":
		value, _ := env(s.env)
		if strings.TrimSpace(value) == "" {
			return Secret{}, fmt.Errorf("%s: the environment variable %s is not set, or empty", s.path, s.env)
		}
		return NewSecret(strings.TrimSpace(value)), nil
	case s.file != "":
		return readSecretFile(s.path, c.resolve(s.file))
	}
	return Secret{}, fmt.Errorf("%s: name the secret with %s_env or %s_file", s.path, s.path, s.path)
}

func readSecretFile(path, name string) (Secret, error) {
	value, err := os.ReadFile(name)
	if err != nil {
		return Secret{}, fmt.Errorf("%s: %w", path, err)
	}
	if strings.TrimSpace(string(value)) == "" {
		return Secret{}, fmt.Errorf("%s: %s is empty", path, name)
	}
	return NewSecret(strings.TrimSpace(string(value))), nil
}
