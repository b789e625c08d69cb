package report_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/width"
	"pgregory.net/rapid"

	"percolate/report"
	"percolate/ticket"
)

// Whatever trackers and documents hold, a terminal only ever gets text.
func TestNothingHarmsATerminal(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		for name, text := range forms(t, drawn(r).build()) {
			if name == "json" {
				continue
			}
			for _, c := range text {
				if c != '\n' && (unicode.IsControl(c) || c >= '\u202a' && c <= '\u202e' || c >= '\u2066' && c <= '\u2069') {
					r.Fatalf("%s holds %U:\n%q", name, c, text)
				}
			}
		}
	})
}

func TestTextFitsItsWidth(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := drawn(r)
		for _, columns := range []int{80, 120} {
			got := s.build()
			st := report.Style{Width: columns}
			for line := range strings.Lines(got.Text(st) + got.Planning().Text(got, st)) {
				// A single word that is too long, such as a path or a command, is not broken.
				if n := columnsOf(line); n > columns && longest(line) < columns/2 {
					r.Fatalf("%d columns in\n%s", n, line)
				}
			}
		}
	})
}

func columnsOf(line string) int {
	n := 0
	for _, c := range strings.TrimSuffix(line, "\n") {
		switch k := width.LookupRune(c).Kind(); {
		case c >= 0x300 && unicode.In(c, unicode.Mn, unicode.Me, unicode.Cf):
		case k == width.EastAsianWide || k == width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

func longest(line string) int {
	n := 0
	for _, word := range strings.Fields(line) {
		n = max(n, columnsOf(word))
	}
	return n
}

func TestWideSignsStayInTheirColumns(t *testing.T) {
	s := newScene("2026-04-13 09:00", "UTC")
	for i, title := range []string{"plain", "\u7d22\u5f15\u3092\u4f5c\u308a\u76f4\u3059", "cafe\u0301"} {
		s.add(work{key: fmt.Sprintf("PER-1/A%d", i), title: title, due: "2026-04-01", owners: "ana", created: -2})
	}
	text := s.build().Text(report.Style{})
	_, table, _ := strings.Cut(text, "OVERDUE\n")
	at := map[int]bool{}
	for _, line := range strings.Split(table, "\n")[1:4] {
		before, _, ok := strings.Cut(line, "ana")
		if !ok {
			t.Fatalf("no owner in %q", line)
		}
		at[columnsOf(before)] = true
	}
	if len(at) != 1 {
		t.Errorf("the owners stand in the columns %v:\n%s", at, table)
	}
}

func TestNoCellOfTheCSVIsAFormula(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		got := drawn(r).build()
		rows, err := csv.NewReader(strings.NewReader(got.CSV())).ReadAll()
		if err != nil {
			r.Fatal(err)
		}
		if len(rows) != len(got.Actions)+1 {
			r.Fatalf("%d lines for %d actions", len(rows), len(got.Actions))
		}
		for _, row := range rows {
			for i, c := range row {
				if rows[0][i] == "slip_days" {
					continue // a number of ours, which may be negative
				}
				if c = strings.TrimLeft(c, " "); c != "" && strings.ContainsRune("=+-@\t\r\uff1d\uff0b\uff0d\uff20", []rune(c)[0]) {
					r.Fatalf("the cell %q of %s", c, rows[0][i])
				}
			}
		}
	})
}

// Text of trackers is text in Markdown: it opens no link, no table cell and no HTML.
func TestMarkdownShowsTextAsItIs(t *testing.T) {
	for text, want := range map[string]string{
		"a | b":                             `a \| b`,
		"[x](javascript:alert(1))":          `\[x\](javascript:alert(1))`,
		"<img src=x>":                       `\<img src=x>`,
		"**bold** and `code`":               `\*\*bold\*\* and \` + "`code\\`",
		"snake_case_name and _em_":          `snake_case_name and \_em\_`,
		`back\slash`:                        `back\\slash`,
		"~~struck~~":                        `\~\~struck\~\~`,
		"&lt;b&gt;":                         `\&lt;b\&gt;`,
		"two\nlines":                        "two lines",
		"@ann, bob@x.example":               "@\u200bann, bob@x.example",
		"\u7d22\u5f15 \U0001f600 caf\u00e9": "\u7d22\u5f15 \U0001f600 caf\u00e9",
	} {
		s := newScene("2026-04-13 09:00", "UTC")
		s.add(work{key: "PER-1/A1", title: text, due: "2026-04-01", owners: "ana", created: -2})
		r := s.build()
		if got := r.Markdown(0); !contains(got, "| "+want+" |") {
			t.Errorf("%q is not %q in\n%s", text, want, got)
		}
		if got := r.Planning().Markdown(r); !contains(got, "**"+want+"**") {
			t.Errorf("%q is not %q in\n%s", text, want, got)
		}
	}
}

func TestMarkdownLinksOnlyWhereABrowserMayGo(t *testing.T) {
	for url, want := range map[string]string{
		"https://a.example/x":         "[PER-1/A1](https://a.example/x)",
		"https://a.example/(x) y|z\"": "[PER-1/A1](https://a.example/%28x%29%20y%7Cz%22)",
		"javascript:alert(1)":         "| PER-1/A1 |",
		"file:///etc/passwd":          "| PER-1/A1 |",
		"":                            "| PER-1/A1 |",
	} {
		s := newScene("2026-04-13 09:00", "UTC")
		s.add(work{key: "PER-1/A1", due: "2026-04-01", created: -2})
		k := s.rows.Known[ticket.Address{Tracker: "ops", Ref: "1"}]
		k.Seen.URL, s.rows.Links[0].URL = url, ""
		s.rows.Known[ticket.Address{Tracker: "ops", Ref: "1"}] = k
		if got := s.build().Markdown(0); !contains(got, want) {
			t.Errorf("%q is not %q in\n%s", url, want, got)
		}
	}
}

func TestThePlanningListFitsAScreen(t *testing.T) {
	s := newScene("2026-04-13 09:00", "UTC")
	for i := range 60 {
		s.add(work{key: fmt.Sprintf("PER-%d", i), kind: ticket.KindParent, created: -90})
		s.add(work{key: fmt.Sprintf("PER-%d/A1", i), title: strings.Repeat("long words ", 20), due: "2026-04-01", created: -90})
		s.add(work{key: fmt.Sprintf("PER-%d/A2", i+100), title: "done", created: -90, moves: []move{{day: -1, status: ticket.StatusDone, word: "Done"}}})
		s.add(work{key: fmt.Sprintf("PER-%d", i+100), kind: ticket.KindParent, created: -90})
	}
	r := s.build()
	p := r.Planning()
	for name, text := range map[string]string{"markdown": p.Markdown(r), "text": p.Text(r, report.Style{})} {
		if n := strings.Count(text, "\n"); n > 25 || n < 15 {
			t.Errorf("%s has %d lines:\n%s", name, n, text)
		}
		if !contains(text, "ore: percolate report") {
			t.Errorf("%s does not say that there are more:\n%s", name, text)
		}
	}
}

func TestJSONHoldsTheReport(t *testing.T) {
	b, err := every().build().JSON()
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Version int
		Totals  map[string]int
		Actions []struct {
			Key   string
			State string
			Marks []string
		}
	}
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	overdue := 0
	for _, a := range got.Actions {
		for _, m := range a.Marks {
			if m == "overdue" {
				overdue++
			}
		}
	}
	if got.Version != report.Version || overdue != got.Totals["overdue"] || overdue == 0 {
		t.Errorf("version %d, %d overdue, the total says %d", got.Version, overdue, got.Totals["overdue"])
	}
}
