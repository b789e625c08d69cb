package plan_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"percolate/sync/plan"
	"percolate/ticket"
	"percolate/trackers"
)

// noon is when every scene begins.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// lag is how long the trackers of a scene hide a new ticket from their search.
const lag = 10 * time.Minute

// scene is what a plan is made from, and a tracker that does whatever a plan says.
// Tests set it up, change something on one side, and read what is planned.
type scene struct {
	in   plan.Input
	refs int
}

// on makes a scene of all documents there are, on the trackers "ops" and "web".
func on(docs ...ticket.Tree) *scene {
	return &scene{in: plan.Input{
		Now: noon, Trees: docs, Whole: true,
		Known:    map[ticket.Address]ticket.Known{},
		Trackers: map[string]trackers.Info{"ops": info("ops"), "web": info("web")},
		Unread:   map[string]string{},
		Looked:   map[string]time.Time{"ops": noon, "web": noon},
		Named:    map[ticket.Address]ticket.Seen{},
		Policy:   plan.Policy{Basis: "people 1"},
		Approved: map[string]bool{},
	}}
}

// filed is a scene whose documents have all their tickets.
func filed(t testing.TB, docs ...ticket.Tree) *scene {
	t.Helper()
	s := on(docs...)
	s.sync()
	if p := s.plan(); !p.Empty() || len(p.Learned) > 0 {
		t.Fatalf("the scene is not at rest: %q", said(p))
	}
	return s
}

func info(name string) trackers.Info {
	return trackers.Info{
		Name: name, Batch: 50, GetBatch: 100, Parallel: 1, FindLag: lag, Priorities: true, Due: true, KindChanges: true,
		Recognise: func(text string) (ticket.Ref, bool) {
			ref, ok := strings.CutPrefix(text, name+"-")
			return ticket.Ref(ref), ok
		},
	}
}

// document is a tree on "ops" with these actions.
func document(id string, actions ...ticket.Wanted) ticket.Tree {
	t := ticket.Tree{Document: id, Path: "per/" + id + ".md", Title: "Event " + id, Tracker: "ops"}
	t.Parent = wanted(ticket.Key{Document: id}, ticket.Fields{Kind: ticket.KindParent, Title: t.Title, Body: "Summary of " + id})
	t.Parent.Place = ticket.Place{Path: t.Path}
	for i, a := range actions {
		a.Key.Document = id
		for n := 2; slices.ContainsFunc(t.Children, func(c ticket.Wanted) bool { return c.Key == a.Key }); n++ {
			a.Key.Action = ticket.Fingerprint(fmt.Sprintf("%s #%d", a.Text, n)) // of one text, as mapping has it
		}
		a.Place = ticket.Place{Path: t.Path, Line: i + 1}
		t.Children = append(t.Children, a)
	}
	return t
}

// action is an action with an id of its own; without one it goes by its text.
func action(id, text string, change ...func(*ticket.Wanted)) ticket.Wanted {
	key := ticket.Key{Action: id}
	if id == "" {
		key.Action = ticket.Fingerprint(text)
	}
	w := wanted(key, ticket.Fields{
		Kind: ticket.KindStory, Title: text, Body: "Why: " + text, Labels: []string{"percolate"},
		Priority: ticket.PriorityMedium, Due: "2026-04-01", Assignees: []string{"ana"},
	})
	w.ActionID, w.Text = id, text
	for _, c := range change {
		c(&w)
	}
	return w
}

func wanted(k ticket.Key, f ticket.Fields) ticket.Wanted {
	w := ticket.Wanted{Key: k, Fields: f, Basis: map[ticket.Field]string{}}
	for _, field := range ticket.AllFields() {
		w.Basis[field] = ticket.Digest(f.Text(field))
	}
	return w
}

func done(w *ticket.Wanted)                      { w.Done = true }
func held(w *ticket.Wanted)                      { w.Hold = "read without certainty" }
func names(name string) func(*ticket.Wanted)     { return func(w *ticket.Wanted) { w.Ticket = name } }
func repeating(what string) func(*ticket.Wanted) { return func(w *ticket.Wanted) { w.Repeats = what } }

func (s *scene) plan() plan.Plan { return plan.Make(s.in) }

// says is what the plan says, line by line.
func (s *scene) says() []string { return said(s.plan()) }

// sync makes a plan and carries it out.
func (s *scene) sync() plan.Plan {
	p := s.plan()
	s.carryOut(p)
	return p
}

// want fails unless the plan says exactly these lines, in any order.
func (s *scene) want(t testing.TB, lines ...string) {
	t.Helper()
	got := s.says()
	slices.Sort(got)
	slices.Sort(lines)
	if !slices.Equal(got, lines) {
		t.Errorf("the plan says\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(lines, "\n\t"))
	}
}

// said is a plan in short lines: steps, findings, notes in brackets, and memory.
func said(p plan.Plan) []string {
	var out []string
	for _, s := range p.Steps {
		out = append(out, step(s))
	}
	for _, f := range p.Findings {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s", f.Kind, name(f.Key), f.Field)))
	}
	for _, n := range p.Notes {
		out = append(out, fmt.Sprintf("(%s) %s", n.Word, name(n.Key)))
	}
	for _, l := range p.Learned {
		out = append(out, "learn "+name(l.Key))
	}
	for _, k := range p.Dropped {
		out = append(out, "forget "+name(k))
	}
	return out
}

func step(s plan.Step) string {
	words := []string{string(s.Op), name(s.Link.Key)}
	switch s.Op {
	case plan.Create:
		words = append(words, "on", s.Tracker)
	case plan.Adopt:
		words = append(words, s.Link.Name)
		if s.Below {
			words = append(words, "below")
		}
	case plan.Repeat:
		words = append(words, "tells", name(s.Of))
	}
	for _, f := range s.Patch.Set {
		words = append(words, fmt.Sprintf("%s=%s", f, s.Patch.To.Text(f)))
	}
	for _, l := range s.Patch.AddLabels {
		words = append(words, "+"+l)
	}
	for _, l := range s.Patch.DropLabels {
		words = append(words, "-"+l)
	}
	if s.Patch.Status != "" {
		words = append(words, "status="+string(s.Patch.Status))
	}
	if s.Patch.Parent != "" {
		words = append(words, "parent="+string(s.Patch.Parent))
	}
	return strings.Join(words, " ")
}

// name is a key as tests write it, with fingerprints as "~".
func name(k ticket.Key) string {
	if rest, ok := strings.CutPrefix(k.Action, "~"); ok {
		_, copied, _ := strings.Cut(rest, "#")
		return strings.TrimSuffix(k.Document+"/~#"+copied, "#")
	}
	return k.String()
}

// link changes what is remembered under a key.
func (s *scene) link(key string, change func(*ticket.Link)) {
	k := ticket.ParseKey(key)
	i := slices.IndexFunc(s.in.Links, func(l ticket.Link) bool { return l.Key == k })
	change(&s.in.Links[i])
}

func (s *scene) linkOf(key string) (out ticket.Link) {
	s.link(key, func(l *ticket.Link) { out = *l })
	return out
}

// person changes a ticket in its tracker.
func (s *scene) person(key string, change func(*ticket.Known)) {
	l := s.linkOf(key)
	a := ticket.Address{Tracker: l.Tracker, Ref: l.Ref}
	k := s.in.Known[a]
	change(&k)
	s.in.Known[a] = k
}

// author changes an action, or a document's own ticket, in its document.
func (s *scene) author(key string, change func(*ticket.Wanted)) {
	s.wanted(key, func(w *ticket.Wanted) {
		before := w.Fields
		change(w)
		for _, f := range ticket.AllFields() {
			if w.Fields.Text(f) != before.Text(f) {
				w.Basis[f] = ticket.Digest(w.Fields.Text(f))
			}
		}
	})
}

// wanted changes what mapping makes of an action, whatever the document says.
func (s *scene) wanted(key string, do func(*ticket.Wanted)) {
	k := ticket.ParseKey(key)
	change := func(w *ticket.Wanted) {
		w.Basis = maps.Clone(w.Basis) // the link has the same one
		do(w)
	}
	for i, t := range s.in.Trees {
		if t.Document != k.Document {
			continue
		}
		if k.IsParent() {
			change(&s.in.Trees[i].Parent)
		}
		for j := range t.Children {
			if t.Children[j].Key == k {
				change(&t.Children[j])
			}
		}
	}
}

// tree changes a document.
func (s *scene) tree(id string, change func(*ticket.Tree)) {
	for i := range s.in.Trees {
		if s.in.Trees[i].Document == id {
			change(&s.in.Trees[i])
		}
	}
}

func (s *scene) finish(keys ...string) {
	for _, key := range keys {
		s.person(key, func(k *ticket.Known) { k.Seen.Status = ticket.StatusDone })
	}
}

// stranger puts a ticket into a tracker that percolate did not file.
func (s *scene) stranger(tracker, ref string) ticket.Seen {
	seen := ticket.Seen{Tracker: tracker, Ref: ticket.Ref(ref), Name: tracker + "-" + ref, Status: ticket.StatusOpen, Fields: ticket.Fields{Title: "By hand"}}
	s.in.Named[ticket.Address{Tracker: tracker, Ref: seen.Ref}] = seen
	return seen
}

// lost forgets all links, as after a lost state; the tickets and their markers stay.
func (s *scene) lost() { s.in.Links = nil }

// carryOut does what a worker and a willing tracker would do.
func (s *scene) carryOut(p plan.Plan) {
	for _, l := range p.Learned {
		s.save(l)
	}
	s.in.Links = slices.DeleteFunc(s.in.Links, func(l ticket.Link) bool { return slices.Contains(p.Dropped, l.Key) })
	steps := slices.Clone(p.Steps)
	slices.SortStableFunc(steps, func(a, b plan.Step) int { // a repeat may tell a ticket that is only just filed
		return cmp.Compare(len(a.Of.Document), len(b.Of.Document))
	})
	for _, st := range steps {
		switch l := st.Link; st.Op {
		case plan.Create:
			s.file(l, st.Wanted)
		case plan.Adopt:
			seen := s.in.Named[ticket.Address{Tracker: l.Tracker, Ref: l.Ref}]
			l.Created = s.in.Now
			s.save(l)
			s.see(seen)
		case plan.Repeat:
			s.tell(st)
		default:
			s.update(st)
		}
	}
	slices.SortFunc(s.in.Links, func(a, b ticket.Link) int {
		return cmp.Or(cmp.Compare(a.Key.Document, b.Key.Document), cmp.Compare(a.Key.Action, b.Key.Action))
	})
}

func (s *scene) save(l ticket.Link) {
	s.in.Links = slices.DeleteFunc(s.in.Links, func(old ticket.Link) bool { return old.Key == l.Key })
	s.in.Links = append(s.in.Links, l)
}

func (s *scene) see(seen ticket.Seen) {
	s.in.Known[ticket.Address{Tracker: seen.Tracker, Ref: seen.Ref}] = ticket.Known{Seen: seen.Sum()}
}

func (s *scene) file(l ticket.Link, w ticket.Wanted) {
	s.refs++
	ref := ticket.Ref(fmt.Sprint(s.refs))
	fields := w.Fields
	if len(fields.Assignees) > 1 {
		fields.Assignees = fields.Assignees[:1]
	}
	seen := ticket.Seen{Tracker: l.Tracker, Ref: ref, Name: l.Tracker + "-" + string(ref), Key: l.Key, Fields: fields, Status: ticket.StatusOpen}
	l.State, l.Ref, l.Name, l.Created, l.Got = ticket.StateFiled, ref, seen.Name, s.in.Now, fields.Sum()
	s.save(l)
	s.see(seen)
}

func (s *scene) update(st plan.Step) {
	l := st.Link
	seen := s.in.Known[ticket.Address{Tracker: l.Tracker, Ref: l.Ref}].Seen
	l.Basis = maps.Clone(l.Basis)
	written := slices.Clone(st.Patch.Set)
	for _, f := range st.Patch.Set {
		seen.Fields.Take(f, st.Patch.To)
	}
	if len(st.Patch.AddLabels)+len(st.Patch.DropLabels) > 0 {
		written = append(written, ticket.FieldLabels)
		keep := slices.DeleteFunc(slices.Clone(seen.Fields.Labels), func(x string) bool { return slices.Contains(st.Patch.DropLabels, x) })
		seen.Fields.Labels = append(keep, st.Patch.AddLabels...)
	}
	for _, f := range written {
		l.Asked.Take(f, st.Wanted.Fields.Sum())
		l.Got.Take(f, seen.Fields.Sum())
		l.Basis[f] = st.Wanted.Basis[f]
	}
	if st.Op == plan.Retire {
		l.Retired, l.Retires = s.in.Now, l.Retires+1
	}
	if st.Patch.Status != "" {
		seen.Status = st.Patch.Status
	}
	seen.Parent = cmp.Or(st.Patch.Parent, seen.Parent)
	l.Unmet = plan.StillUnmet(l.Unmet, st.Patch, nil)
	s.save(l)
	s.see(seen)
}

func (s *scene) tell(st plan.Step) {
	earlier := s.linkOf(st.Of.String())
	if len(st.Patch.Set) > 0 {
		s.person(st.Of.String(), func(k *ticket.Known) { k.Seen.Fields.Priority = st.Patch.To.Priority })
		earlier.Asked.Priority, earlier.Got.Priority = st.Patch.To.Priority, st.Patch.To.Priority
		s.save(earlier)
	}
	l := st.Link
	l.Tracker, l.Ref, l.Name, l.Told = earlier.Tracker, earlier.Ref, earlier.Name, true
	s.save(l)
}
