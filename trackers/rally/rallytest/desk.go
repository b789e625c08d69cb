package rallytest

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"percolate/trackers/internal/simctl"
)

// desk is where programs look into the simulator and do what people do.
type desk struct{ s *Server }

func controlOf(s *Server) http.Handler { return simctl.Handler(desk{s}, http.NotFoundHandler()) }

// Tickets implements [simctl.Simulator].
func (d desk) Tickets() []simctl.Ticket { return d.s.Tickets() }

// Requests implements [simctl.Simulator].
func (d desk) Requests() map[string]int { return d.s.Requests() }

// Person implements [simctl.Simulator].
func (d desk) Person(act simctl.Act) (string, error) { return d.s.Person(act) }

// Switches implements [simctl.Simulator].
func (d desk) Switches() any {
	f := d.s.Faults()
	f.Ignore, f.Drop, f.Required, f.RefuseNotes = slices.Clone(f.Ignore), slices.Clone(f.Drop), slices.Clone(f.Required), slices.Clone(f.RefuseNotes)
	return &f
}

// Switch implements [simctl.Simulator].
func (d desk) Switch(to any) { d.s.SetFaults(func(f *Faults) { *f = *to.(*Faults) }) }

// Requests tells how often each endpoint was asked, by method and path.
func (s *Server) Requests() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.requests)
}

// ForgetRequests starts the count of requests anew.
func (s *Server) ForgetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.requests)
	s.busiest = 0
}

// Tickets are all stories and defects as they are stored, those in the recycle bin
// included.
func (s *Server) Tickets() []simctl.Ticket {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []simctl.Ticket
	for _, o := range s.objects {
		if isArtifact(o.typ) {
			all = append(all, s.ticket(o))
		}
	}
	return all
}

// Ticket is one of them, found by object id or formatted id.
func (s *Server) Ticket(ref string) simctl.Ticket {
	for _, t := range s.Tickets() {
		if t.Ref == ref || t.Name == ref {
			return t
		}
	}
	return simctl.Ticket{}
}

func (s *Server) ticket(o *object) simctl.Ticket {
	t := simctl.Ticket{
		Ref: strconv.FormatInt(o.id, 10), Name: o.text("FormattedID"), Title: o.text("Name"), Text: o.text("Description") + o.text("Notes"),
		Kind: elementOf(o.typ), Status: s.status(o), Priority: o.text("Priority"), Due: s.due(o), Deleted: o.recycled,
		Place: strconv.FormatInt(idIn(o.values["Project"]), 10),
	}
	for _, name := range []string{"Parent", "Requirement"} {
		if id := idIn(o.values[name]); id != 0 {
			t.Parent = strconv.FormatInt(id, 10)
		}
	}
	for _, tag := range s.members(o, "Tags") {
		t.Labels = append(t.Labels, tag.name())
	}
	if owner := s.target(o, "Owner"); owner != nil {
		t.Assignees = []string{owner.text("UserName")}
	}
	for _, p := range s.members(o, "Discussion") {
		t.Comments = append(t.Comments, p.text("Text"))
	}
	return t
}

// Value is what an attribute of a ticket holds, as it is stored.
func (s *Server) Value(ref, name string) any {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o := s.artifact(ref); o != nil {
		return o.values[name]
	}
	return nil
}

// Set lets a person change an attribute, to whatever it is told.
func (s *Server) Set(ref, name string, value any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o := s.artifact(ref); o != nil {
		o.values[name] = value
		s.touch(o)
	}
}

// Milestone lets a person make a milestone of that name and put a ticket under it.
func (s *Server) Milestone(ref, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o := s.artifact(ref); o != nil {
		o.sets["Milestones"] = append(o.sets["Milestones"], s.add("milestone", s.opt.Workspace, map[string]any{"Name": name}).id)
		s.touch(o)
	}
}

// Feature lets a person put a story below a feature, and returns the feature's id.
func (s *Server) Feature(ref string) int64 {
	s.Set(ref, "PortfolioItem", s.feature)
	return s.feature
}

// Delete lets a person put a ticket into the recycle bin.
func (s *Server) Delete(ref string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o := s.artifact(ref); o != nil {
		s.bin(o)
	}
}

// artifact is a story or defect that is not in the recycle bin.
func (s *Server) artifact(ref string) *object {
	id, err := strconv.ParseInt(ref, 10, 64)
	if err != nil {
		return nil
	}
	if o := s.byID[id]; o != nil && isArtifact(o.typ) && !o.recycled {
		return o
	}
	return nil
}

// due is the due day of a ticket, wherever it is.
func (s *Server) due(o *object) string {
	for _, name := range []string{"TargetDate", "c_DueDate"} {
		if t, ok := o.values[name].(time.Time); ok {
			return t.In(s.opt.Zone).Format(time.DateOnly)
		}
	}
	if m := dueLine.FindStringSubmatch(o.text("Description")); m != nil {
		return m[1]
	}
	for _, m := range s.members(o, "Milestones") {
		if t, ok := m.values["TargetDate"].(time.Time); ok {
			return t.In(s.opt.Zone).Format(time.DateOnly)
		}
	}
	if it := s.target(o, "Iteration"); it != nil {
		return it.values["EndDate"].(time.Time).In(s.opt.Zone).Format(time.DateOnly)
	}
	return ""
}
