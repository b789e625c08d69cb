package report_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
)

// Every key that the report may have is described, so that tools can rely on it.
func TestEveryKeyIsDescribed(t *testing.T) {
	page, err := os.ReadFile("JSON.md")
	if err != nil {
		t.Fatal(err)
	}
	described := map[string]bool{}
	for _, m := range regexp.MustCompile("`([a-z_0-9.]+)`").FindAllStringSubmatch(string(page), -1) {
		for _, key := range strings.Split(m[1], ".") {
			described[key] = true
		}
	}
	s := every()
	rules := s.rules()
	rules.Filter.Kinds = []string{"story", "defect"}
	r := s.build()
	r.Filter = rules.Filter
	b, err := r.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var all any
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	counts := map[string]bool{"totals": true, "counts": true} // their keys are states and marks
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			for key, e := range v {
				if !described[key] {
					t.Errorf("JSON.md does not tell of %s", key)
				}
				if !counts[key] {
					walk(e)
				}
			}
		}
	}
	walk(all)
}
