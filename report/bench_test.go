package report_test

import (
	"fmt"
	"testing"

	"percolate/report"
	"percolate/ticket"
)

// many is a state of so many tracked tickets with four rows of history each, ten to a document.
func many(tickets int) *scene {
	s := newScene("2026-04-13 09:00", "Europe/Berlin")
	for i := range tickets {
		document := fmt.Sprintf("PER-%05d", i/10)
		if i%10 == 0 {
			s.event(ticket.Event{Document: document, Title: "Event of " + document, Severity: "sev2", Team: fmt.Sprint("team", i%7), Service: fmt.Sprint("service", i%40), Day: s.day(-(i/10)%900 - 1), Actions: 10})
		}
		w := work{
			key: fmt.Sprintf("%s/A%d", document, i%10), title: "Do what was decided of " + document, created: -(i%900 + 3), due: string(s.day(i%400 - 300)), owners: "ana",
			moves: []move{{day: -(i%90 + 2), status: ticket.StatusActive, word: "Doing"}, {day: -2, assign: "lee"}},
		}
		if i%3 > 0 {
			w.moves = append(w.moves, move{day: -1, status: ticket.StatusDone, word: "Done"})
		}
		s.add(w)
		if i%50 == 0 {
			s.find(w.key, ticket.FindConflict, "due: both changed it", "percolate resolve", -3)
		}
	}
	return s
}

func BenchmarkBuild(b *testing.B) {
	for _, n := range []int{1000, 10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := many(n)
			b.ReportAllocs()
			for b.Loop() {
				report.Build(s.now, s.rows, s.rules())
			}
		})
	}
}

func BenchmarkForms(b *testing.B) {
	r := many(100_000).build()
	for name, form := range map[string]func() int{
		"text": func() int { return len(r.Text(report.Style{Most: 20})) },
		"all":  func() int { return len(r.Text(report.Style{})) },
		"csv":  func() int { return len(r.CSV()) },
		"json": func() int { b, _ := r.JSON(); return len(b) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				form()
			}
		})
	}
}
