package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

const hidden = "hunter2"

func TestASecretIsNeverShown(t *testing.T) {
	type holder struct {
		Token  Secret
		secret Secret // unexported, so that no method of it is called
		Deep   map[string][]*Secret
	}
	s := NewSecret(hidden)
	h := holder{Token: s, secret: s, Deep: map[string][]*Secret{"a": {&s}}}

	shown := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%p", "%T", "%10.3s", "%!"} {
		shown["value "+verb] = fmt.Sprintf(verb, s)
		shown["pointer "+verb] = fmt.Sprintf(verb, &s)
		shown["holder "+verb] = fmt.Sprintf(verb, h)
	}
	shown["error"] = fmt.Errorf("refused: %v: %w", s, errors.New("x")).Error()
	inJSON, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	shown["json"] = string(inJSON)
	inYAML, err := yaml.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	shown["yaml"] = string(inYAML)
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "secret", s, "holder", h)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "secret", s, "holder", h)
	shown["slog"] = log.String()

	for how, text := range shown {
		if strings.Contains(text, hidden) || strings.Contains(text, fmt.Sprintf("%x", hidden)) {
			t.Errorf("%s shows it: %s", how, text)
		}
	}
	if got := s.String(); got != "<secret>" {
		t.Errorf("String is %q", got)
	}
	if !strings.Contains(shown["json"], `"Token":"\u003csecret\u003e"`) || !strings.Contains(shown["yaml"], "<secret>") || !strings.Contains(shown["slog"], "<secret>") {
		t.Errorf("json %s\nyaml %s\nslog %s", shown["json"], shown["yaml"], shown["slog"])
	}
	if s.Reveal() != hidden {
		t.Errorf("Reveal gives %q", s.Reveal())
	}
}

func TestAnEmptySecretLooksEmpty(t *testing.T) {
	if got := fmt.Sprint(NewSecret(""), Secret{}.Reveal()); strings.TrimSpace(got) != "" {
		t.Errorf("shown as %q", got)
	}
}

func TestASecretIsReadFromWhereItIsNamed(t *testing.T) {
	dir := t.TempDir()
	write := func(name, value string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(value), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("token", hidden+"\n")
	write("empty", "\n")
	c := &config{file: filepath.Join(dir, "percolate.yaml")}
	const path = "trackers[0].token"
	tests := []struct {
		name    string
		source  secretSource
		problem string // "" when the secret is found
	}{
		{"environment", secretSource{path: path, env: "TOKEN"}, ""},
		{"file beside the configuration", secretSource{path: path, file: "token"}, ""},
		{"unset variable", secretSource{path: path, env: "NONE"}, "trackers[0].token: the environment variable NONE is not set, or empty"},
		{"blank variable", secretSource{path: path, env: "BLANK"}, "trackers[0].token: the environment variable BLANK is not set, or empty"},
		{"missing file", secretSource{path: path, file: "none"}, "no such file"},
		{"empty file", secretSource{path: path, file: "empty"}, "is empty"},
		{"both", secretSource{path: path, env: "TOKEN", file: "token"}, "not both"},
		{"neither", secretSource{path: path}, "name the secret with trackers[0].token_env or trackers[0].token_file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := tt.source.read(c, env("TOKEN= "+hidden, "BLANK= "))
			if tt.problem == "" {
				if err != nil || s.Reveal() != hidden {
					t.Errorf("got %q, %v", s.Reveal(), err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.problem) {
				t.Errorf("got %v, want %q", err, tt.problem)
			}
		})
	}
}
