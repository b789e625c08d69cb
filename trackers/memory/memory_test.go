package memory_test

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/memory"
	"percolate/trackers/trackertest"
)

// place puts a tracker with the options into a place for the conformance tests.
func place(opt memory.Options) *trackertest.Place {
	var lose atomic.Bool
	refused := make(map[ticket.Key]bool)
	opt.Refuse = func(k ticket.Key) string {
		if refused[k] {
			return "not this one"
		}
		return ""
	}
	opt.Fault = func(m memory.Moment, _ int) memory.Fault {
		if strings.HasPrefix(string(m), "after") && lose.CompareAndSwap(true, false) {
			return memory.Fault{Code: trackers.UnknownOutcome}
		}
		return memory.Fault{}
	}
	var clock atomic.Int64 // moves on with every look at it
	opt.Now = func() time.Time { return time.Unix(0, clock.Add(int64(time.Second))).UTC() }
	m := memory.New(opt)
	return &trackertest.Place{
		Tracker:    m,
		Wait:       func(d time.Duration) { clock.Add(int64(d)) },
		Open:       m.Open,
		Delete:     m.Delete,
		Move:       func(ref ticket.Ref) { m.Move(ref, "ELSE") },
		Text:       func(ref ticket.Ref) string { return find(m, ref).Whole },
		Refuse:     func(k ticket.Key) { refused[k] = true },
		LoseAnswer: func() { lose.Store(true) },
		Comments: func(ref ticket.Ref) (texts []string) {
			for _, c := range find(m, ref).Comments {
				texts = append(texts, c.Text)
			}
			return texts
		},
		Remark: m.Comment,
		Edit:   func(ref ticket.Ref, e trackertest.Edit) { m.Edit(ref, func(k *memory.Ticket) { apply(k, e) }) },
	}
}

func apply(k *memory.Ticket, e trackertest.Edit) {
	if e.Title != "" {
		k.Fields.Title = e.Title
	}
	if e.Text != nil {
		k.Whole = e.Text(k.Whole)
	}
	if e.Label != "" {
		k.Fields.Labels = append(k.Fields.Labels, e.Label)
	}
	if e.Assignee != "" {
		k.Fields.Assignees = []string{e.Assignee}
	}
	if e.Status != "" {
		k.Status = e.Status
	}
	if e.Due != "" {
		k.Fields.Due = e.Due
	}
	if e.Parent != "" {
		k.Parent = e.Parent
	}
}

func find(m *memory.Tracker, ref ticket.Ref) memory.Ticket {
	all := m.Tickets()
	return all[slices.IndexFunc(all, func(k memory.Ticket) bool { return k.Ref == ref })]
}

func TestConformance(t *testing.T) {
	people := []string{"ann", "bob"}
	for name, c := range map[string]struct {
		opt    memory.Options
		stored func(ticket.Fields) ticket.Fields
	}{
		"Kind":     {opt: memory.Options{}},
		"Lagging":  {opt: memory.Options{FindLag: time.Hour, Batch: 2, Page: 2, Census: true, NoDue: true}},
		"Flapping": {opt: memory.Options{FindLag: time.Hour, Flap: true, Seed: 7, Page: 3}},
		"Rewriting": {
			opt: memory.Options{TitleMax: 40, Wrap: 20, LowerLabels: true, FixedKinds: true},
			stored: func(f ticket.Fields) ticket.Fields {
				f.Title = string([]rune(f.Title)[:min(40, len([]rune(f.Title)))])
				return f
			},
		},
		"Poor": {
			opt: memory.Options{NoPriorities: true, Drop: []ticket.Field{ticket.FieldDue}},
			stored: func(f ticket.Fields) ticket.Fields {
				f.Due = ""
				return f
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			trackertest.Run(t, trackertest.Harness{
				New: func(*testing.T) *trackertest.Place {
					opt := c.opt
					opt.Accounts = people
					return place(opt)
				},
				Accounts:     people,
				Unassignable: "nobody",
				Stored:       c.stored,
				Moves:        true,
			})
		})
	}
}
