package files_test

import (
	"slices"
	"strings"
	"testing"

	"percolate/trackers/files"

	"pgregory.net/rapid"
)

// FuzzFile reads any file, writes it, and changes one value: no input makes it panic,
// what is read is written byte for byte, and a change leaves all other lines alone.
func FuzzFile(f *testing.F) {
	f.Add(byHand, "New: title")
	f.Add(strings.ReplaceAll(byHand, "\n", "\r\n"), "x")
	for _, c := range brokenFiles() {
		f.Add(c.text, "x")
	}
	f.Add("---\ntitle: >-\n  folded\n  text\n# remark\nlabels: [a,\n  b]\n---", "#")
	f.Add("---\n? a\n: b\n'title': \"a\\\n  b\"\nlabels: &x\n- a\n-\n  b\n---\n", "- x")
	f.Add("---\ntitle: !!str 5\nlabels: {a: b}\n<<: *x\n...\n", "\x00\u2028")
	f.Fuzz(func(t *testing.T, text, title string) {
		if len(text) > 4<<10 || len(title) > 1<<10 {
			t.Skip("values that get too long are refused before they are written")
		}
		again, err := files.Rewritten(text)
		if err != nil {
			return
		}
		if again != text {
			t.Fatalf("%q was written as %q", text, again)
		}
		want := strings.ToValidUTF8(title, "\ufffd")
		edited, err := files.WithTitle(text, title)
		if err != nil {
			t.Fatal(err)
		}
		if got := files.TitleOf(edited); got != want {
			t.Fatalf("the title %q of %q reads back as %q in %q", title, text, got, edited)
		}
		wantLinesKept(t, text, edited)

		labelled, labels, err := files.WithLabels(text, []string{"percolate-label"}, nil)
		if err != nil || !slices.Contains(labels, "percolate-label") {
			t.Fatalf("labels %q in %q: %v", labels, labelled, err)
		}
		if _, err := files.Rewritten(labelled); err != nil {
			t.Fatalf("%q cannot be read: %v", labelled, err)
		}
		if files.TitleOf(labelled) != files.TitleOf(text) {
			t.Fatalf("a label changed the title in %q", labelled)
		}
	})
}

// wantLinesKept fails unless edited is text with one run of lines replaced, all of
// which begin with or belong to the title.
func wantLinesKept(t *testing.T, text, edited string) {
	t.Helper()
	old, now := strings.SplitAfter(text, "\n"), strings.SplitAfter(edited, "\n")
	head := 0
	for head < min(len(old), len(now)) && old[head] == now[head] {
		head++
	}
	tail := 0
	for tail < min(len(old), len(now))-head && old[len(old)-1-tail] == now[len(now)-1-tail] {
		tail++
	}
	if len(now)-head-tail > 1 {
		t.Fatalf("more than one line was written: %q became %q", text, edited)
	}
	for i, line := range old[head : len(old)-tail] {
		bare := strings.TrimLeft(line, "\"'")
		if i == 0 && !strings.HasPrefix(bare, "title") {
			t.Fatalf("the line %q was lost: %q became %q", line, text, edited)
		}
	}
}

func TestEveryTextReadsBackFromItsScalar(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
			": ", " #", "'", "\"", "\\", "- ", "[", "{", "null", "1.5", "~", "\t", "\n", "\u2028", "\u200d", "\u0085", "\x7f", "ß", "障", "🔥", "&a", "*a", "!t", "%", "@", "`", "=", "<<",
		}))
		text := strings.ToValidUTF8(strings.Join(rapid.SliceOfN(part, 0, 4).Draw(t, "text"), ""), "")
		line := files.Scalar(text)
		if strings.ContainsAny(line, "\r\n\u2028\u2029\u0085") {
			t.Fatalf("%q became more than one line: %q", text, line)
		}
		if got := files.TitleOf("---\ntitle: " + line + "\n---\n"); text != "" && got != text {
			t.Fatalf("%q written as %s reads back as %q", text, line, got)
		}
		_, labels, err := files.WithLabels("---\n---\n", []string{text, "end"}, nil)
		if want := slices.DeleteFunc([]string{text, "end"}, func(s string) bool { return s == "" }); err != nil || text != "end" && !slices.Equal(labels, want) {
			t.Fatalf("the label %q reads back as %q, %v", text, labels, err)
		}
	})
}

func TestEveryNameIsSafe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"..", "/", "\\", ":", "CON", "nul", ".", " ", "\x00", "é", "e\u0301", "~"})), 0, 5).Draw(t, "text"), "")
		name := files.SafeName(text)
		if name == "" || len(name) > 90 || strings.ContainsAny(name, "/\\:*?\"<>|.\x00 \n~") || strings.HasPrefix(name, "-") || strings.HasSuffix(name, "-") {
			t.Fatalf("%q became %q", text, name)
		}
		if files.SafeName(name) != name {
			t.Fatalf("%q is made safe once more as %q", name, files.SafeName(name))
		}
	})
}
