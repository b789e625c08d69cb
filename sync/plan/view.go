package plan

import "percolate/ticket"

// View is a plan in the shape that tools read as JSON.
type View struct {
	Documents []DocumentView   `json:"documents"`
	Steps     []StepView       `json:"steps"`
	Notes     []NoteView       `json:"notes"`
	Findings  []ticket.Finding `json:"findings"`
	Costs     []CostView       `json:"costs"`
	Tracked   int              `json:"tracked"` // tickets that are tracked already
	Held      *string          `json:"held"`    // why the plan is held back; null when it is not
}

// DocumentView is a document that was read, or that has tickets and was not found.
type DocumentView struct {
	ID      string `json:"id"`
	Path    string `json:"path"`
	Title   string `json:"title"`
	Summary string `json:"summary"`
	Tracker string `json:"tracker"`
}

// StepView is one thing to do to one ticket.
type StepView struct {
	Op      Op              `json:"op"`
	Key     string          `json:"key"`
	Tracker string          `json:"tracker"`
	Ticket  *string         `json:"ticket"` // its name; null before it is filed
	Kind    ticket.Kind     `json:"kind,omitempty"`
	Title   string          `json:"title,omitempty"`
	Owner   *string         `json:"owner"`
	Due     *ticket.Day     `json:"due"`
	Of      *string         `json:"repeats"` // the key of the earlier action
	Reason  string          `json:"reason"`
	Changes []ChangeView    `json:"changes"`
	Place   ticket.Place    `json:"place"`
	Comment *ticket.Comment `json:"comment"`
}

// ChangeView is one field as it changes; of a body it tells sums.
type ChangeView struct {
	Field ticket.Field `json:"field"`
	From  string       `json:"from"`
	To    string       `json:"to"`
}

// NoteView says why something is not a step.
type NoteView struct {
	Key  string `json:"key"`
	Word string `json:"word"`
	Text string `json:"text"`
}

// CostView is what the steps take on one tracker, in requests.
type CostView struct {
	Tracker string `json:"tracker"`
	Writes  int    `json:"writes"`
	Reads   int    `json:"reads"`
	Seconds int    `json:"seconds"` // that it takes at least; 0 where nothing holds it back
}

// View is the plan for tools. Lists are never null.
func (p Plan) View() View {
	v := View{
		Documents: []DocumentView{}, Steps: []StepView{}, Notes: []NoteView{},
		Findings: append([]ticket.Finding{}, p.Findings...), Costs: []CostView{}, Tracked: p.Tracked,
	}
	for _, d := range p.Documents {
		v.Documents = append(v.Documents, DocumentView(d))
	}
	for _, s := range p.Steps {
		v.Steps = append(v.Steps, s.view())
	}
	for _, n := range p.Notes {
		v.Notes = append(v.Notes, NoteView{n.Key.String(), n.Word, n.Text})
	}
	for _, c := range p.Costs {
		v.Costs = append(v.Costs, CostView{c.Tracker, c.Writes, c.Reads, int(c.Takes.Seconds())})
	}
	if p.Held != nil {
		v.Held = orNull(p.Held.Text())
	}
	return v
}

func (s Step) view() StepView {
	f := s.Wanted.Fields
	v := StepView{
		Op: s.Op, Key: s.Link.Key.String(), Tracker: s.Tracker, Ticket: orNull(s.Link.Name), Kind: f.Kind, Title: f.Title,
		Reason: s.Reason, Changes: []ChangeView{}, Place: s.Wanted.Place,
	}
	if len(f.Assignees) > 0 {
		v.Owner = &f.Assignees[0]
	}
	if f.Due != "" {
		v.Due = &f.Due
	}
	if s.Of != (ticket.Key{}) {
		v.Of = orNull(s.Of.String())
	}
	if s.Patch.Comment.Text != "" {
		v.Comment = &s.Patch.Comment
	}
	for _, c := range s.Changes {
		v.Changes = append(v.Changes, ChangeView(c))
	}
	return v
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
