package per_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"reflect"
	"testing"

	"percolate/per"
)

// checkLines fails when a value claims a line that the file does not have.
func checkLines(t *testing.T, d *per.Document, problems []per.Problem, src []byte) {
	t.Helper()
	last := 1 + bytes.Count(src, []byte("\n"))
	var visit func(v reflect.Value, path string)
	visit = func(v reflect.Value, path string) {
		switch v.Kind() {
		case reflect.Pointer:
			if !v.IsNil() {
				visit(v.Elem(), path)
			}
		case reflect.Slice:
			for i := range v.Len() {
				visit(v.Index(i), path)
			}
		case reflect.Struct:
			if v.Type().PkgPath() == "time" {
				return
			}
			for i := range v.NumField() {
				f := v.Type().Field(i)
				if n := len(f.Name); n >= 4 && f.Name[n-4:] == "Line" {
					if line := v.Field(i).Int(); line < 0 || line > int64(last) {
						t.Errorf("%s.%s is %d, the file has %d lines", path, f.Name, line, last)
					}
					continue
				}
				visit(v.Field(i), path+"."+f.Name)
			}
		}
	}
	visit(reflect.ValueOf(d), "document")
	visit(reflect.ValueOf(problems), "problems")
	for _, a := range d.Actions {
		if a.Line == 0 {
			t.Errorf("action %q has no line", a.Text)
		}
	}
}

func TestEveryLineIsOfTheFile(t *testing.T) {
	for _, file := range documents(t) {
		src := read(t, file)
		d, problems := per.Parse(file, src)
		checkLines(t, d, append(problems, per.Check(d, per.CheckRules{})...), src)
	}
}

func TestLineEndsMakeNoDifference(t *testing.T) {
	for _, file := range documents(t) {
		lf := bytes.ReplaceAll(read(t, file), []byte("\r\n"), []byte("\n"))
		crlf := bytes.ReplaceAll(lf, []byte("\n"), []byte("\r\n"))
		if a, b := shown(t, file, lf), shown(t, file, crlf); !bytes.Equal(a, b) {
			t.Errorf("%s: %s", file, firstDifference(string(a), string(b)))
		}
		if a, b := shown(t, file, lf), shown(t, file, append([]byte("\xef\xbb\xbf"), lf...)); !bytes.Equal(a, b) && !bytes.HasPrefix(lf, []byte("\xef\xbb\xbf")) {
			t.Errorf("%s: a byte order mark makes a difference", file)
		}
	}
}

func shown(t testing.TB, file string, src []byte) []byte {
	t.Helper()
	d, problems := per.Parse(filepath.Base(file), src)
	b, err := json.MarshalIndent(per.Show(d, append(problems, per.Check(d, per.CheckRules{})...)), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestReadingTwiceGivesTheSame(t *testing.T) {
	for _, file := range documents(t) {
		src := read(t, file)
		if a, b := shown(t, file, src), shown(t, file, src); !bytes.Equal(a, b) {
			t.Errorf("%s: %s", file, firstDifference(string(a), string(b)))
		}
	}
}

func TestExamplesAreFitToShow(t *testing.T) {
	files, err := filepath.Glob("../examples/pers/*.md")
	if err != nil || len(files) < 4 {
		t.Fatalf("%d examples, %v", len(files), err)
	}
	warnings := 0
	for _, file := range files {
		d, problems := per.Parse(file, read(t, file))
		for _, p := range append(problems, per.Check(d, per.CheckRules{})...) {
			t.Logf("%s:%d: %s: %s", file, p.Line, p.Level, p.Message)
			if p.Level == per.Error {
				t.Errorf("%s:%d: %s", file, p.Line, p.Message)
			}
			if p.Level == per.Warning {
				warnings++
			}
		}
		for _, a := range d.Actions {
			if a.ID == "" || !a.Certain || len(a.Owners) == 0 {
				t.Errorf("%s: action %q is not whole: %+v", file, a.Text, a)
			}
		}
	}
	if warnings != 1 {
		t.Errorf("the examples have %d warnings; one, a delta without action, shows what they look like", warnings)
	}
}

func FuzzParse(f *testing.F) {
	for _, file := range documents(f) {
		f.Add(filepath.Base(file), read(f, file))
	}
	f.Fuzz(func(t *testing.T, name string, src []byte) {
		d, problems := per.Parse(name, src)
		if d == nil {
			t.Fatal("no document")
		}
		problems = append(problems, per.Check(d, per.CheckRules{})...)
		checkLines(t, d, problems, src)
		if per.Show(d, problems).Text() == "" {
			t.Error("nothing to show")
		}
	})
}
