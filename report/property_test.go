package report_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"percolate/report"
	"percolate/ticket"
)

func contains(s, part string) bool { return strings.Contains(s, part) }

// drawn is a state with anything in it that a state may hold.
func drawn(r *rapid.T) *scene {
	s := newScene("2026-04-13 09:00", rapid.SampledFrom([]string{"UTC", "Pacific/Kiritimati", "America/St_Johns"}).Draw(r, "zone"))
	for d := range rapid.IntRange(0, 4).Draw(r, "documents") {
		document := fmt.Sprintf("PER-%d", d)
		if rapid.Bool().Draw(r, "known") {
			s.event(ticket.Event{
				Document: document, Title: text(r), Day: s.day(-rapid.IntRange(0, 400).Draw(r, "day")), Team: rapid.SampledFrom([]string{"", "ops", "Ops", "data"}).Draw(r, "team"),
				Service: rapid.SampledFrom([]string{"", "shop"}).Draw(r, "service"), Severity: rapid.SampledFrom([]string{"", "sev1", "sev2"}).Draw(r, "severity"),
				Actions: rapid.IntRange(0, 5).Draw(r, "actions"), Done: rapid.IntRange(0, 1).Draw(r, "done"), Draft: rapid.Bool().Draw(r, "draft"),
			})
		}
		if rapid.Bool().Draw(r, "parent") {
			s.add(anyWork(r, s, document))
		}
		for a := range rapid.IntRange(0, 5).Draw(r, "tickets") {
			s.add(anyWork(r, s, fmt.Sprintf("%s/A%d", document, a)))
		}
		if rapid.Bool().Draw(r, "finding") {
			s.find(document+"/A1", "conflict", text(r), text(r), -1)
		}
	}
	return s
}

// text is one of those that people and trackers come up with.
func text(r *rapid.T) string {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"", "=1+1", "\x1b[31mred", "a | b", "[x](javascript:1)", "<script>", "\u202eoof", "\u7d22\u5f15\u3092\u4f5c\u308b", "e\u0301", "@all", "-1", "line\nend", "'quoted"}),
		rapid.String(),
	).Draw(r, "text")
}

func anyWork(r *rapid.T, s *scene, key string) work {
	w := work{
		key: key, title: text(r), kind: rapid.SampledFrom([]ticket.Kind{ticket.KindStory, ticket.KindDefect}).Draw(r, "kind"),
		created: -rapid.IntRange(0, 300).Draw(r, "created"), owners: rapid.SampledFrom([]string{"", "ana", "ana, raj"}).Draw(r, "owners"),
		assign: rapid.SampledFrom([]string{"none", "raj"}).Draw(r, "assign"), filed: ticket.Priority(rapid.IntRange(0, 5).Draw(r, "filed")),
		prio: ticket.Priority(rapid.IntRange(0, 5).Draw(r, "priority")), unseen: rapid.IntRange(0, 9).Draw(r, "unseen") == 0,
		state: rapid.SampledFrom([]ticket.State{ticket.StateFiled, ticket.StateFiled, ticket.StateAdopted, ticket.StateRecovered, ticket.StateReleased, ticket.StateIntent}).Draw(r, "state"),
	}
	if rapid.Bool().Draw(r, "due") {
		w.due = string(s.day(rapid.IntRange(-60, 60).Draw(r, "due day")))
		w.now = rapid.SampledFrom([]string{"", "none", string(s.day(3))}).Draw(r, "due now")
	}
	if rapid.IntRange(0, 5).Draw(r, "gone") == 0 {
		w.gone = -rapid.IntRange(1, 20).Draw(r, "gone for")
	}
	if rapid.IntRange(0, 5).Draw(r, "retired") == 0 {
		w.retired = -rapid.IntRange(1, 20).Draw(r, "retired for")
	}
	if len(s.rows.Links) > 0 && rapid.IntRange(0, 4).Draw(r, "repeat") == 0 {
		w.state, w.of = ticket.StateRepeat, rapid.SampledFrom(s.rows.Links).Draw(r, "of").Key.String()
	}
	days := rapid.SliceOfNDistinct(rapid.IntRange(0, -w.created), 0, 4, rapid.ID).Draw(r, "moves")
	slices.Sort(days)
	for _, d := range slices.Backward(days) {
		w.moves = append(w.moves, move{
			day: -d, status: rapid.SampledFrom([]ticket.Status{ticket.StatusOpen, ticket.StatusActive, ticket.StatusBlocked, ticket.StatusDone, ticket.StatusDropped}).Draw(r, "status"),
			word: rapid.SampledFrom([]string{"", "Duplicate", "Done"}).Draw(r, "word"), ours: rapid.Bool().Draw(r, "ours"),
		})
	}
	return w
}

func TestNoTrackedTicketIsEverInNoSection(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := drawn(r)
		got := s.build()
		for _, l := range s.rows.Links {
			if l.Key.IsParent() {
				if !slices.ContainsFunc(got.Events, func(e report.Event) bool { return e.Document == l.Key.Document && e.Parent.State != "" }) {
					r.Fatalf("the parent %s is with no event", l.Key)
				}
				continue
			}
			var in []report.State
			for _, state := range report.States() {
				if slices.ContainsFunc(got.Section(string(state)), func(a report.Action) bool { return a.Key == l.Key }) {
					in = append(in, state)
				}
			}
			if len(in) != 1 {
				r.Fatalf("%s is in the sections %v", l.Key, in)
			}
		}
		for _, e := range s.rows.Events {
			if !slices.ContainsFunc(got.Events, func(x report.Event) bool { return x.Document == e.Document }) {
				r.Fatalf("the event %s is left out", e.Document)
			}
		}
		if len(got.Findings) != len(s.rows.Findings) {
			r.Fatalf("%d findings of %d", len(got.Findings), len(s.rows.Findings))
		}
	})
}

func TestSumsAgreeWithSections(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := drawn(r)
		rules := s.rules()
		rules.Filter = report.Filter{
			Teams: rapid.SampledFrom([][]string{nil, {"ops"}}).Draw(r, "teams"), Kinds: rapid.SampledFrom([][]string{nil, {"defect"}}).Draw(r, "kinds"),
			States: rapid.SampledFrom([][]string{nil, {"overdue", "done"}}).Draw(r, "states"), Since: rapid.SampledFrom([]ticket.Day{"", s.day(-100)}).Draw(r, "since"),
		}
		got := report.Build(s.now, s.rows, rules)
		sum := 0
		for _, name := range names() {
			in := len(got.Section(name))
			if n := got.Totals.Of(name); n != in {
				r.Fatalf("%s: the total is %d, the section has %d", name, n, in)
			}
			for what, groups := range map[string][]report.Group{"teams": got.Teams, "services": got.Services} {
				all := 0
				for _, g := range groups {
					all += g.Of(name)
				}
				if all != in {
					r.Fatalf("%s: the %s have %d, the section %d", name, what, all, in)
				}
			}
			if slices.Contains(report.States(), report.State(name)) {
				sum += in
			}
		}
		if sum != len(got.Actions) {
			r.Fatalf("the states have %d actions of %d", sum, len(got.Actions))
		}
		w := got.Week
		if w.OpenBefore+w.New+w.Reopened-w.Done-w.Dropped-w.Lost != got.Totals.Open {
			r.Fatalf("the week %+v does not lead to %d open", w, got.Totals.Open)
		}
		done := 0
		for _, m := range got.Months {
			done += m.Done
		}
		if done != got.Totals.Done {
			r.Fatalf("the months have %d done of %d", done, got.Totals.Done)
		}
	})
}

func names() []string {
	var out []string
	for _, m := range report.Marks() {
		out = append(out, string(m))
	}
	for _, s := range report.States() {
		out = append(out, string(s))
	}
	return out
}

func TestTheSameStateGivesTheSameBytes(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := drawn(r)
		first := forms(t, s.build())
		// The order of links, events and findings is the state's, and means nothing.
		chance := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 1))
		chance.Shuffle(len(s.rows.Events), func(i, j int) {
			s.rows.Events[i], s.rows.Events[j] = s.rows.Events[j], s.rows.Events[i]
		})
		s.abroad(time.FixedZone("elsewhere", 5*3600))
		for name, text := range forms(t, s.build()) {
			if text != first[name] {
				r.Fatalf("%s differs:\n%s\n%s", name, first[name], text)
			}
		}
	})
}

func forms(t *testing.T, r report.Report) map[string]string {
	json, err := r.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"text": r.Text(report.Style{}), "wide": r.Text(report.Style{Width: 180}), "markdown": r.Markdown(0), "csv": r.CSV(), "json": string(json),
		"planning": r.Planning().Markdown(r), "planning text": r.Planning().Text(r, report.Style{}),
	}
}
