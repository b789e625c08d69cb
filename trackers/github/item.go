package github

import (
	"cmp"
	"strings"
	"time"

	"percolate/ticket"
)

// item is an issue in the one form that both APIs are brought to.
type item struct {
	place
	database  int64 // the id that REST wants for sub-issues, which is not the number
	title     string
	body      string
	closed    bool
	reason    string // in lower case: "completed", "not_planned", "duplicate", "reopened"
	url       string
	updated   time.Time
	labels    []string
	assignees []string
	due       string // of its milestone, as a day
	parent    place  // number 0 for none; its node may not be known yet
	typ       string
	values    map[string]fieldValue // by name in lower case
	pull      bool
	moved     time.Time // by a person; zero when it was not asked
}

// fieldValue is the value of an issue field of the organisation.
type fieldValue struct {
	ID    int64 `json:"field_id"`
	Value any   `json:"value"`
}

// restIssue is an issue as REST shows it. The library's own type drops its type, its
// parent and its fields.
type restIssue struct {
	ID        int64     `json:"id"`
	Node      string    `json:"node_id"`
	Number    int       `json:"number"`
	Title     string    `json:"title"`
	Body      string    `json:"body"`
	State     string    `json:"state"`
	Reason    string    `json:"state_reason"`
	URL       string    `json:"html_url"`
	Repo      string    `json:"repository_url"`
	Updated   time.Time `json:"updated_at"`
	Labels    []struct{ Name string }
	Assignees []struct{ Login string }
	Milestone *struct {
		Due string `json:"due_on"`
	}
	Parent string `json:"parent_issue_url"`
	Type   *struct{ Name string }
	Pull   *struct{} `json:"pull_request"`
	Values []struct {
		ID    int64  `json:"issue_field_id"`
		Name  string `json:"issue_field_name"`
		Value any    `json:"value"`
	} `json:"issue_field_values"`
}

func (r restIssue) item() item {
	_, repo, _ := strings.Cut(r.Repo, "/repos/")
	it := item{
		place: place{repo, r.Number, r.Node}, database: r.ID, title: r.Title, body: r.Body, closed: r.State == "closed", reason: r.Reason,
		url: r.URL, updated: r.Updated, pull: r.Pull != nil, values: map[string]fieldValue{},
	}
	for _, l := range r.Labels {
		it.labels = append(it.labels, l.Name)
	}
	for _, a := range r.Assignees {
		it.assignees = append(it.assignees, a.Login)
	}
	if r.Milestone != nil {
		it.due = day(r.Milestone.Due)
	}
	if r.Type != nil {
		it.typ = r.Type.Name
	}
	if at, ok := placeAt(r.Parent); ok {
		it.parent = at
	}
	for _, v := range r.Values {
		it.values[strings.ToLower(v.Name)] = fieldValue{v.ID, v.Value}
	}
	return it
}

// graphIssue is an issue as GraphQL shows it.
type graphIssue struct {
	ID         string    `json:"id"`
	DatabaseID int64     `json:"databaseId"`
	Number     int       `json:"number"`
	Title      string    `json:"title"`
	Body       string    `json:"body"`
	State      string    `json:"state"`
	Reason     string    `json:"stateReason"`
	URL        string    `json:"url"`
	Updated    time.Time `json:"updatedAt"`
	Labels     struct{ Nodes []struct{ Name string } }
	Assignees  struct{ Nodes []struct{ Login string } }
	Milestone  *struct{ DueOn string }
	Parent     *graphParent
	Repository struct{ NameWithOwner string }
	IssueType  *struct{ Name string }
	graphMovement
}

type graphParent struct {
	ID         string
	Number     int
	Repository struct{ NameWithOwner string }
}

func (p graphParent) place() place { return place{p.Repository.NameWithOwner, p.Number, p.ID} }

func (g graphIssue) item() item {
	it := item{
		place: place{g.Repository.NameWithOwner, g.Number, g.ID}, database: g.DatabaseID, title: g.Title, body: g.Body,
		closed: g.State == "CLOSED", reason: strings.ToLower(g.Reason), url: g.URL, updated: g.Updated,
	}
	for _, l := range g.Labels.Nodes {
		it.labels = append(it.labels, l.Name)
	}
	for _, a := range g.Assignees.Nodes {
		it.assignees = append(it.assignees, a.Login)
	}
	if g.Milestone != nil {
		it.due = day(g.Milestone.DueOn)
	}
	if g.Parent != nil {
		it.parent = g.Parent.place()
	}
	if g.IssueType != nil {
		it.typ = g.IssueType.Name
	}
	return it
}

// day is the day of a milestone's time, of which GitHub keeps no more.
func day(stamp string) string {
	if len(stamp) < len(time.DateOnly) {
		return ""
	}
	return stamp[:len(time.DateOnly)]
}

// seen is the ticket that an issue is.
func (t *Tracker) seen(it item, at time.Time) ticket.Seen {
	f := t.folds.read(it.labels)
	text := readText(it.body)
	s := ticket.Seen{
		Tracker: t.opt.Name, Ref: t.refOf(it.place), Name: it.name(), URL: it.url, Key: text.key, Parent: text.parent,
		Updated: it.updated, Moved: it.moved, AsOf: at, Whole: it.body,
		Fields: ticket.Fields{Title: it.title, Body: text.block, Labels: f.labels, Priority: f.priority, Assignees: it.assignees},
	}
	if it.parent.number != 0 {
		s.Parent = t.refOf(it.parent)
	}
	s.Fields.Kind = t.kind(it, f, text.key)
	s.Fields.Due = t.due(it, text)
	if t.opt.PriorityField != "" {
		s.Fields.Priority = t.folds.option(it.values[strings.ToLower(t.opt.PriorityField)].Value)
	}
	s.Status, s.Word = t.status(it, f)
	return s
}

// kind is what sort of ticket it is; without a label or type that tells it, one of ours
// is what its key says, and any other a story.
func (t *Tracker) kind(it item, f folded, k ticket.Key) ticket.Kind {
	kind := f.kind
	if t.opt.Types != nil {
		kind = t.folds.types[strings.ToLower(it.typ)]
	}
	if k.IsParent() && k.Document != "" {
		kind = cmp.Or(kind, ticket.KindParent)
	}
	return cmp.Or(kind, ticket.KindStory)
}

func (t *Tracker) due(it item, text text) ticket.Day {
	switch t.opt.Due {
	case DueBody:
		return text.due
	case DueMilestone:
		return ticket.Day(it.due)
	case DueField:
		v, _ := it.values[strings.ToLower(t.opt.DueField)].Value.(string)
		return ticket.Day(day(v))
	}
	return ""
}

// status folds state and reason, and on an open issue the labels that mean more. One
// that was reopened is open.
func (t *Tracker) status(it item, f folded) (ticket.Status, string) {
	switch {
	case !it.closed && f.status != "":
		return f.status, f.word
	case !it.closed:
		return ticket.StatusOpen, "open"
	case it.reason == "not_planned":
		return ticket.StatusDropped, "closed as not planned"
	case it.reason == "duplicate":
		return ticket.StatusDropped, "closed as duplicate"
	}
	return ticket.StatusDone, "closed"
}
