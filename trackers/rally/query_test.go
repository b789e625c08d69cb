package rally_test

import (
	"strings"
	"testing"
	"time"

	"percolate/trackers/rally"

	"pgregory.net/rapid"
)

// drawQuery draws a query of any shape, with how many comparisons it holds.
func drawQuery(t *rapid.T, depth int) (rally.Query, int) {
	if depth == 0 || rapid.IntRange(0, 3).Draw(t, "leaf") == 0 {
		value := rapid.OneOf(
			rapid.Custom(func(t *rapid.T) any { return rapid.String().Draw(t, "text") }),
			rapid.Custom(func(t *rapid.T) any { return rapid.Int64().Draw(t, "number") }),
			rapid.Just[any](nil), rapid.Just[any](time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC)),
		).Draw(t, "value")
		return rally.Is("Name", rapid.SampledFrom([]string{"=", "!=", "contains", ">="}).Draw(t, "operator"), value), 1
	}
	switch rapid.IntRange(0, 3).Draw(t, "join") {
	case 0:
		all := make([]rally.Query, rapid.IntRange(0, 9).Draw(t, "many"))
		n := 0
		for i := range all {
			var m int
			all[i], m = drawQuery(t, 0)
			n += m
		}
		return rally.AnyOf(all), n
	case 1:
		q, n := drawQuery(t, depth-1)
		return q.And(rally.Query{}), n // the zero query asks for everything
	}
	a, n := drawQuery(t, depth-1)
	b, m := drawQuery(t, depth-1)
	if rapid.Bool().Draw(t, "and") {
		return a.And(b), n + m
	}
	return a.Or(b), n + m
}

func TestParenthesesAreStrictlyBinary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q, comparisons := drawQuery(t, 4)
		if comparisons == 0 {
			if q.Text() != "" {
				t.Fatalf("a query for everything is %q", q.Text())
			}
			return
		}
		rest, found := binary(q.Text())
		if rest != "" || found != comparisons {
			t.Fatalf("%q holds %d of %d comparisons, and is not understood from %q on", q.Text(), found, comparisons, rest)
		}
	})
}

// binary reads "(a AND b)", "(a OR b)" or "(name operator value)" and returns what
// follows, with the number of comparisons; all of the text where it is none of them.
func binary(text string) (rest string, comparisons int) {
	inside, ok := strings.CutPrefix(text, "(")
	if !ok {
		return text, 0
	}
	if !strings.HasPrefix(inside, "(") {
		rest, ok = strings.CutPrefix(comparison(inside), ")")
		if !ok {
			return text, 0
		}
		return rest, 1
	}
	rest, n := binary(inside)
	join, rest, _ := strings.Cut(strings.TrimPrefix(rest, " "), " ")
	if join != "AND" && join != "OR" {
		return text, 0
	}
	rest, m := binary(rest)
	if rest, ok = strings.CutPrefix(rest, ")"); !ok {
		return text, 0
	}
	return rest, n + m
}

// comparison is what follows a name, an operator and a value.
func comparison(text string) string {
	_, text, _ = strings.Cut(text, " ")
	_, text, _ = strings.Cut(text, " ")
	if !strings.HasPrefix(text, `"`) {
		return text[max(strings.IndexByte(text, ')'), 0):]
	}
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return text[i+1:]
		}
	}
	return ""
}

func TestManyConditionsNestLittle(t *testing.T) {
	all := make([]rally.Query, 100)
	for i := range all {
		all[i] = rally.Is("ObjectID", "=", int64(i))
	}
	deepest, depth := 0, 0
	for _, c := range rally.AnyOf(all).Text() {
		switch c {
		case '(':
			depth++
			deepest = max(deepest, depth)
		case ')':
			depth--
		}
	}
	if deepest > 8 {
		t.Errorf("a hundred conditions are nested %d deep", deepest)
	}
}

func TestValuesAreWrittenAsRallyReadsThem(t *testing.T) {
	for want, got := range map[string]string{
		`(Name = "say \"hi\" \\ twice")`:                 rally.Is("Name", "=", `say "hi" \ twice`).Text(),
		`(Owner = null)`:                                 rally.Is("Owner", "=", nil).Text(),
		`(LastUpdateDate >= "2026-03-04T07:00:00.500Z")`: rally.Is("LastUpdateDate", ">=", time.Date(2026, 3, 4, 8, 0, 0, 5e8, time.FixedZone("", 3600))).Text(),
		`(ObjectID = 12)`:                                rally.Is("ObjectID", "=", int64(12)).Text(),
	} {
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
