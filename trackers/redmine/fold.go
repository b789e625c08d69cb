package redmine

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"percolate/ticket"
	"percolate/trackers"
)

// folds tell what the words of a site mean.
type folds struct {
	priorities map[string]ticket.Priority // by name in lower case
	words      map[string]ticket.Status
}

func newFolds(opt Options) folds {
	f := folds{priorities: map[string]ticket.Priority{}, words: map[string]ticket.Status{}}
	for p := ticket.PriorityLowest; p <= ticket.PriorityHighest; p++ { // of two that share a name the higher one is meant
		for _, n := range opt.Priorities[p] {
			f.priorities[strings.ToLower(n)] = p
		}
	}
	for _, w := range []string{"in progress", "resolved", "feedback"} {
		f.words[w] = ticket.StatusActive
	}
	for _, w := range []string{"rejected", "won't do", "won't fix", "wontfix", "cancelled", "canceled", "obsolete", "invalid", "duplicate", "declined"} {
		f.words[w] = ticket.StatusDropped
	}
	for s, words := range opt.Statuses {
		for _, w := range words {
			f.words[ticket.FoldText(w)] = s
		}
	}
	return f
}

// status folds by whether the status is closed first: names differ from site to site.
func (f folds) status(s status) ticket.Status {
	word := f.words[ticket.FoldText(s.Name)]
	switch {
	case s.Closed != nil && *s.Closed && word == ticket.StatusDropped:
		return ticket.StatusDropped
	case s.Closed != nil && *s.Closed:
		return ticket.StatusDone
	case word == ticket.StatusActive, word == ticket.StatusBlocked:
		return word
	}
	return ticket.StatusOpen
}

// kind goes by the tracker, among the kinds that the key leaves: one may serve several.
func (t *Tracker) kind(tracker thing, key ticket.Key) ticket.Kind {
	is := func(kind ticket.Kind) bool { return strings.EqualFold(tracker.Name, t.opt.Types[kind]) }
	child := key != (ticket.Key{}) && !key.IsParent()
	switch {
	case !child && is(ticket.KindParent):
		return ticket.KindParent
	case is(ticket.KindStory):
		return ticket.KindStory
	case is(ticket.KindDefect):
		return ticket.KindDefect
	}
	return ""
}

// seen folds issues into tickets, in their order. It may have to ask what the projects
// are called that they are in.
func (t *Tracker) seen(ctx context.Context, op string, asOf time.Time, issues []issue) ([]ticket.Seen, error) {
	out := make([]ticket.Seen, len(issues))
	for i, is := range issues {
		if is.Status.Closed == nil {
			return nil, t.fail(op, trackers.Invalid, "this Redmine does not tell which statuses are closed; percolate needs Redmine 5.0 or later")
		}
		project, err := t.projectName(ctx, op, is.Project.ID)
		if err != nil {
			return nil, err
		}
		out[i] = t.fold(is, project, asOf)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range out {
		t.called[s.Ref] = s.Name
	}
	return out, nil
}

// nameOf is what an issue was called when we last saw it.
func (t *Tracker) nameOf(number string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return cmp.Or(t.called[ticket.Ref(number)], t.opt.Project+"#"+number)
}

func (t *Tracker) fold(is issue, project string, asOf time.Time) ticket.Seen {
	number := strconv.Itoa(is.ID)
	s := ticket.Seen{
		Tracker: t.opt.Name, Ref: ticket.Ref(number), Name: project + "#" + number, URL: t.opt.URL + "/issues/" + number,
		Key: t.marks.read(is), Updated: is.Updated.UTC(), AsOf: asOf, Whole: is.Description,
		Status: t.folds.status(is.Status), Word: is.Status.Name,
	}
	s.Fields = ticket.Fields{
		Kind: t.kind(is.Tracker, s.Key), Title: is.Subject, Body: t.readBody(is.Description), Labels: t.labels(is),
		Priority: t.folds.priorities[strings.ToLower(is.Priority.Name)], Due: ticket.Day(is.Due),
	}
	if is.Parent.ID != 0 {
		s.Parent = ticket.Ref(strconv.Itoa(is.Parent.ID))
	}
	if is.Assignee.ID != 0 {
		s.Fields.Assignees = []string{is.Assignee.Name}
	}
	return s
}

// labels are those in the custom field, or in the line of the description.
func (t *Tracker) labels(is issue) []string {
	if t.opt.LabelsField != 0 {
		return splitLabels(is.field(t.opt.LabelsField))
	}
	if m := labelsLine.FindStringSubmatch(outside(is.Description)); m != nil {
		return splitLabels(m[1])
	}
	return nil
}

func splitLabels(text string) (labels []string) {
	for l := range strings.SplitSeq(text, ",") {
		if l = strings.TrimSpace(l); l != "" && !slices.Contains(labels, l) {
			labels = append(labels, l)
		}
	}
	return labels
}

// projectName is the identifier of a project. It asks once for each.
func (t *Tracker) projectName(ctx context.Context, op string, number int) (string, error) {
	t.asking.Lock()
	defer t.asking.Unlock()
	t.mu.Lock()
	name, known := t.names[number]
	t.mu.Unlock()
	if known {
		return name, nil
	}
	var out struct {
		Project project `json:"project"`
	}
	err := t.read(ctx, op, fmt.Sprintf("/projects/%d.json", number), &out)
	switch code := trackers.CodeOf(err); {
	case code == trackers.NotFound, code == trackers.Denied:
		return fmt.Sprintf("project-%d", number), nil
	case err != nil:
		return "", err
	}
	t.keepName(number, out.Project.Identifier)
	return out.Project.Identifier, nil
}

func (t *Tracker) keepName(number int, identifier string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.names[number] = identifier
}
