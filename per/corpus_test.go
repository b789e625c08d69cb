package per_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"html"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"percolate/per"
)

// Real documents are not ours to keep here. Where a folder of them is at hand, in docs,
// with labels made by hand in truth.jsonl, PERCOLATE_CORPUS names it, and these tests
// hold the reader to its figures.
func corpus(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("PERCOLATE_CORPUS")
	if dir == "" {
		t.Skip("PERCOLATE_CORPUS names no folder of real documents")
	}
	return dir
}

func corpusFiles(t testing.TB) []string {
	t.Helper()
	var files []string
	root := filepath.Join(corpus(t), "docs")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("%s has no documents: %v", root, err)
	}
	return files
}

func understood(t testing.TB, file string) per.View {
	t.Helper()
	d, problems := per.Parse(filepath.Base(file), read(t, file))
	return per.Show(d, per.Accept(d, append(problems, per.Check(d, per.CheckRules{})...), nil))
}

func TestEveryRealDocumentIsRead(t *testing.T) {
	for _, file := range corpusFiles(t) {
		src := read(t, file)
		name := filepath.Base(file)
		d, problems := per.Parse(name, src)
		checkLines(t, d, append(problems, per.Check(d, per.CheckRules{})...), src)
		for _, p := range problems {
			if p.Level == per.Error {
				t.Errorf("%s:%d: %s", file, p.Line, p.Message)
			}
		}
		holdsWriteBack(t, name, src, "in progress")
	}
}

func TestATemplateHasNoCertainAction(t *testing.T) {
	for _, file := range corpusFiles(t) {
		if filepath.Base(filepath.Dir(file)) != "templates" {
			continue
		}
		for _, a := range understood(t, file).Actions {
			if a.Certain {
				t.Errorf("%s:%d: %s", file, a.Line, a.Text)
			}
		}
	}
}

// label is what a person found in a document.
type label struct {
	Path      string     `json:"path"`
	Title     *string    `json:"title"`
	Actions   []labelled `json:"actions"`
	Timeline  int        `json:"timeline_entries"`
	Tolerance int        `json:"timeline_tolerance"`
	WentWell  bool       `json:"has_went_well"`
	WentWrong bool       `json:"has_went_wrong"`
}

type labelled struct {
	Prefix    string `json:"text_prefix"`
	Owner     any    `json:"owner"`
	Done      *bool  `json:"done"`
	Link      string `json:"link"`
	Ambiguous bool   `json:"ambiguous"`
}

// share is how many of some things are as they should be.
type share struct{ right, of int }

func (s *share) count(right bool) {
	s.of++
	if right {
		s.right++
	}
}

func (s share) rate() float64 { return float64(s.right) / float64(max(1, s.of)) }

// figures are how well all labelled documents were read.
type figures struct {
	hits, extra, missed         int
	certainHits, certainExtra   int
	owner, ticket, done         share
	title, timeline, well, gaps share
	inventedOwners              int
}

func TestRealDocumentsAreReadAsPeopleReadThem(t *testing.T) {
	dir := corpus(t)
	f := &figures{}
	lines := bufio.NewScanner(bytes.NewReader(read(t, filepath.Join(dir, "truth.jsonl"))))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var l label
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		f.compare(l, understood(t, filepath.Join(dir, "docs", l.Path)))
	}
	if lines.Err() != nil || f.title.of == 0 {
		t.Fatal("no labels", lines.Err())
	}
	precision := share{f.hits, f.hits + f.extra}
	recall := share{f.hits, f.hits + f.missed}
	f1 := 2 * precision.rate() * recall.rate() / (precision.rate() + recall.rate())
	certain := share{f.certainHits, f.certainHits + f.certainExtra}
	cover := share{f.certainHits, f.hits + f.missed}
	t.Logf("F1 %.3f, owners invented %d", f1, f.inventedOwners)
	for _, want := range []struct {
		what  string
		share share
		least float64
	}{
		{"precision", precision, 0.93},
		{"recall", recall, 0.93},
		{"precision of the certain", certain, 0.99},
		{"recall of the certain", cover, 0.80},
		{"owners", f.owner, 0.95},
		{"tickets", f.ticket, 0.95},
		{"done marks", f.done, 0.95},
		{"titles", f.title, 1},
		{"timelines", f.timeline, 0.9},
		{"pluses", f.well, 0.9},
		{"deltas", f.gaps, 0.9},
	} {
		t.Logf("%s: %d of %d (%.3f)", want.what, want.share.right, want.share.of, want.share.rate())
		if want.share.rate() < want.least {
			t.Errorf("%s: %.3f is less than %.2f", want.what, want.share.rate(), want.least)
		}
	}
	if f1 < 0.95 || f.inventedOwners > 0 {
		t.Errorf("F1 %.3f, wanted 0.95; %d owners were invented", f1, f.inventedOwners)
	}
}

// compare matches what was labelled with what was read, each action once and in order.
// An ambiguous one counts neither way.
func (f *figures) compare(l label, v per.View) {
	used := map[int]bool{}
	for _, x := range l.Actions {
		i := -1
		for j, a := range v.Actions {
			if !used[j] && begins(a.Text, x.Prefix) {
				i = j
				break
			}
		}
		switch {
		case i < 0 && !x.Ambiguous:
			f.missed++
		case i >= 0:
			used[i] = true
			if !x.Ambiguous {
				f.hit(x, v.Actions[i])
			}
		}
	}
	for j, a := range v.Actions {
		if !used[j] {
			f.extra++
			if a.Certain {
				f.certainExtra++
			}
		}
	}
	away := max(len(v.Timeline)-l.Timeline, l.Timeline-len(v.Timeline))
	f.timeline.count(away <= max(l.Tolerance, int(math.RoundToEven(float64(l.Timeline)/10))))
	f.well.count(len(v.Pluses) > 0 == l.WentWell)
	f.gaps.count(len(v.Deltas) > 0 == l.WentWrong)
	f.title.count(l.Title == nil || v.Title != nil && folded(*v.Title) == folded(*l.Title))
}

// hit compares what is known of one action.
func (f *figures) hit(x labelled, a per.ActionView) {
	f.hits++
	if a.Certain {
		f.certainHits++
	}
	owner := ""
	if a.Owner != nil {
		owner = *a.Owner
	}
	if wanted := people(x.Owner); len(wanted) > 0 {
		f.owner.count(slices.Equal(people(owner), wanted))
	} else if owner != "" {
		f.inventedOwners++
	}
	if x.Link != "" {
		f.ticket.count(a.Ticket != nil && address(*a.Ticket) == address(x.Link))
	}
	if x.Done != nil {
		f.done.count(a.Done != nil && *a.Done == *x.Done)
	}
}

var (
	linkText   = regexp.MustCompile(`!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])`)
	decoration = strings.NewReplacer("*", "", "_", "", "`", "", "~", "", `"`, "", "'", "", "\u2018", "", "\u2019", "", "\u201c", "", "\u201d", "")
	between    = regexp.MustCompile(`[,/&;]|\band\b`)
	noName     = regexp.MustCompile(`[^a-z0-9\x{e0}-\x{ff}]+`)
)

// folded is a text without Markdown and case.
func folded(s string) string {
	s = linkText.ReplaceAllString(html.UnescapeString(s), "$1")
	return strings.ToLower(strings.Join(strings.Fields(decoration.Replace(s)), " "))
}

// begins reports whether a text is the one that begins with a labelled prefix.
func begins(text, prefix string) bool {
	a, b := []rune(folded(prefix)), []rune(folded(text))
	a = a[:min(len(a), max(12, len(a)-3))]
	head := string(b[:min(len(b), len(a)+60)])
	return len(a) > 0 && strings.Contains(head, string(a))
}

func people(owner any) []string {
	var names []string
	switch x := owner.(type) {
	case string:
		for _, part := range between.Split(html.UnescapeString(x), -1) {
			if name := strings.TrimSpace(noName.ReplaceAllString(folded(part), " ")); name != "" {
				names = append(names, name)
			}
		}
	case []any:
		for _, part := range x {
			names = append(names, people(part)...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// address is a ticket as its bare reference.
func address(s string) string {
	s = strings.Trim(strings.TrimSpace(strings.ToLower(s)), "<>().,")
	for _, lead := range []string{"https://", "http://", "www."} {
		s = strings.TrimPrefix(s, lead)
	}
	return strings.TrimRight(s, "/")
}

// BenchmarkRealDocuments tells the median time that a real document takes.
func BenchmarkRealDocuments(b *testing.B) {
	files := corpusFiles(b)
	var sources [][]byte
	for _, file := range files {
		sources = append(sources, read(b, file))
	}
	took := make([]time.Duration, len(files))
	for b.Loop() {
		for i, file := range files {
			start := time.Now()
			per.Parse(file, sources[i])
			took[i] = time.Since(start)
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms/median")
	b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "ms/worst")
}
