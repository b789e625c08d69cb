package plan_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"percolate/sync/plan"
	"percolate/ticket"
)

// BenchmarkMakeUnchanged plans 1,000 documents with 8 actions each, all of them filed
// and as they were.
func BenchmarkMakeUnchanged(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	var docs []ticket.Tree
	for i := range 1000 {
		var actions []ticket.Wanted
		for j, text := range actionTexts(r, 8) {
			id := ""
			if i%2 == 0 {
				id = fmt.Sprintf("A%d", j+1)
			}
			actions = append(actions, action(id, text))
		}
		docs = append(docs, document(fmt.Sprintf("PER-%04d", i), actions...))
	}
	s := on(docs...)
	links := s.plan().Steps
	for _, st := range links { // what carryOut does, without its looking for each link
		s.refs++
		seen := ticket.Seen{Tracker: st.Tracker, Ref: ticket.Ref(fmt.Sprint(s.refs)), Key: st.Link.Key, Fields: st.Wanted.Fields.Sum(), Status: ticket.StatusOpen}
		l := st.Link
		l.State, l.Ref, l.Got = ticket.StateFiled, seen.Ref, seen.Fields
		s.in.Links = append(s.in.Links, l)
		s.see(seen)
	}
	b.ReportAllocs()
	for b.Loop() {
		if p := plan.Make(s.in); !p.Empty() || len(p.Learned) > 0 {
			b.Fatal(len(p.Steps), len(p.Learned))
		}
	}
}

// BenchmarkIdentify finds 200 actions of one document again: all as they were, and all
// in other words.
func BenchmarkIdentify(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	texts := actionTexts(r, 200)
	for name, share := range map[string]float64{"Unchanged": 0, "Reworded": 0.25} {
		b.Run(name, func(b *testing.B) {
			s := on(written(items(texts), 1))
			s.sync()
			changed := items(texts)
			for i := range changed {
				if share > 0 {
					changed[i].text = reworded(r, changed[i].text, share)
				}
			}
			s.in.Trees = []ticket.Tree{written(changed, 1)}
			b.ReportAllocs()
			for b.Loop() {
				plan.Make(s.in)
			}
		})
	}
}

func items(texts []string) (out []item) {
	for i, text := range texts {
		out = append(out, item{uid: i + 1, text: text, was: text})
	}
	return out
}
