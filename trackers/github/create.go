package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"percolate/ticket"
	"percolate/trackers"
)

// Create files a batch the cheapest way that sets everything asked for. Where kinds are
// labels, that is one request of GraphQL for all, with parents. Types and issue fields
// need REST, one request each, and one more that links all of them to their parents.
func (t *Tracker) Create(ctx context.Context, batch []trackers.Creation) []trackers.Created {
	done := make([]trackers.Created, len(batch))
	err := t.fits(batch)
	if err == nil {
		err = t.create(ctx, batch, done)
	}
	for i := range done {
		if err != nil {
			done[i] = trackers.Created{Err: t.partly("create", false, err)}
		}
	}
	return done
}

func (t *Tracker) fits(batch []trackers.Creation) error {
	if len(batch) > createBatch {
		return t.fail("create", trackers.Invalid, "%d tickets at once, when %d are taken", len(batch), createBatch)
	}
	return nil
}

// create files a batch; its error means that nothing of it was begun.
func (t *Tracker) create(ctx context.Context, batch []trackers.Creation, done []trackers.Created) error {
	leave, err := t.alone(ctx, "create")
	if err != nil || len(batch) == 0 {
		if err == nil {
			leave()
		}
		return err
	}
	defer leave()
	drafts, err := t.draft(ctx, batch)
	if err != nil {
		return t.before(err)
	}
	at := t.opt.Now()
	made := make([]item, len(drafts))
	if err := t.file(ctx, drafts, made); err != nil {
		return err
	}
	t.continueTasks(ctx, drafts, made)
	for i, d := range drafts {
		if d.err != nil {
			done[i].Err = t.partly("create", false, d.err)
			continue
		}
		s := t.seen(made[i], at)
		done[i] = trackers.Created{Seen: s, Unmet: t.missing(d, s, made[i])}
	}
	t.known.keepPlaces(made)
	return nil
}

// before is an error from before any ticket was sent: whatever became of a label or a
// milestone, no ticket is there.
func (t *Tracker) before(err error) error {
	if !isCode(err, trackers.UnknownOutcome) {
		return err
	}
	return t.fail("create", trackers.Unavailable, "before a ticket was filed: %w", reason(err))
}

// file creates what is drafted, by GraphQL where that can set everything.
func (t *Tracker) file(ctx context.Context, drafts []*draft, made []item) error {
	if t.inOneRequest() {
		err := t.fileByGraph(ctx, drafts, made)
		if err == nil || !errors.Is(err, errNoGraph) {
			return err
		}
	}
	t.fileByREST(ctx, drafts, made)
	return nil
}

// inOneRequest reports whether GraphQL files ten tickets with all that is asked of them,
// their places below their parents included.
func (t *Tracker) inOneRequest() bool {
	return t.known.graphRefused() == nil && t.opt.Types == nil && !t.byFields()
}

// byFields reports whether issue fields are used, which GraphQL does not set or show.
func (t *Tracker) byFields() bool { return t.opt.Due == DueField || t.opt.PriorityField != "" }

var parentFull = regexp.MustCompile(`(?i)cannot have more than \d+ sub-issues`)

// fileByGraph creates all drafts in one request, and those whose parent turned out to be
// full in another one. The error means that nothing was created.
func (t *Tracker) fileByGraph(ctx context.Context, drafts []*draft, made []item) error {
	var rows []int
	for i, d := range drafts {
		if d.err == nil {
			rows = append(rows, i)
		}
	}
	for round := 0; len(rows) > 0 && round < 2; round++ {
		r, err := t.mutate(ctx, drafts, rows)
		if err != nil && round == 0 {
			return err
		}
		var again []int
		for _, i := range rows {
			if err != nil {
				drafts[i].err = err
			} else if t.filed(r, drafts[i], &made[i], fmt.Sprintf("c%d", i)) {
				again = append(again, i)
			}
		}
		rows = again
	}
	return nil
}

// filed reads one alias; again says that it is to be filed below a full parent.
func (t *Tracker) filed(r reply, d *draft, made *item, alias string) (again bool) {
	var got struct{ Issue *graphIssue }
	if json.Unmarshal(r.Data[alias], &got) == nil && got.Issue != nil {
		*made, d.err = got.Issue.item(), nil
		return false
	}
	d.err = t.outcome("create", r, alias)
	e, _ := r.at(alias)
	switch {
	case e.Type == "NOT_FOUND":
		t.known.forget() // a label or a person went away
	case parentFull.MatchString(e.Message) && !d.below:
		t.hangBelow(d)
		return true
	}
	return false
}

// hangBelow makes a draft one that is below its parent in a task list alone.
func (t *Tracker) hangBelow(d *draft) {
	t.known.with(func() { t.known.full[d.parent.node] = true })
	d.below = true
	d.body = withParent(d.body, d.Parent)
}

func (t *Tracker) isFull(parent place) (is bool) {
	t.known.with(func() { is = t.known.noTree || t.known.full[parent.node] })
	return is
}

// mutate sends one request that creates the drafts in the rows.
func (t *Tracker) mutate(ctx context.Context, drafts []*draft, rows []int) (reply, error) {
	vars := map[string]any{}
	var head, body []string
	for _, i := range rows {
		in := fmt.Sprintf("i%d", i)
		vars[in] = t.input(drafts[i])
		head = append(head, "$"+in+": CreateIssueInput!")
		body = append(body, fmt.Sprintf("c%d: createIssue(input: $%s) { issue { ...T } }", i, in))
	}
	if err := t.mayWrite(ctx, "create", len(rows)); err != nil {
		return reply{}, err
	}
	text := "mutation(" + strings.Join(head, ", ") + ") { " + strings.Join(body, " ") + " } " + t.shown()
	r, err := t.graph(ctx, "create", text, vars)
	if err != nil && !errors.Is(err, errNoGraph) && !trackers.NothingDone(err) {
		return reply{Errors: t.unknown(rows, err)}, nil
	}
	return r, err
}

// unknown is the reply of which nothing came back: no alias has an outcome.
func (t *Tracker) unknown(rows []int, err error) (all []graphError) {
	for _, i := range rows {
		text := err
		if inner := errors.Unwrap(err); inner != nil {
			text = inner
		}
		all = append(all, graphError{Message: text.Error(), Path: []any{fmt.Sprintf("c%d", i)}})
	}
	return all
}

func (t *Tracker) input(d *draft) map[string]any {
	in := map[string]any{"repositoryId": t.repoNode(), "title": d.title, "body": d.body}
	var labels []string
	for _, l := range d.labels {
		if node, _ := t.known.label(l); node != "" {
			labels = append(labels, node)
		}
	}
	if len(labels) > 0 {
		in["labelIds"] = labels
	}
	if d.person.node != "" {
		in["assigneeIds"] = []string{d.person.node}
	}
	if d.due.Node != "" {
		in["milestoneId"] = d.due.Node
	}
	if d.parent.node != "" && !d.below {
		in["parentIssueId"] = d.parent.node
	}
	return in
}

// fileByREST creates drafts one by one, whole, and then links them to their parents.
func (t *Tracker) fileByREST(ctx context.Context, drafts []*draft, made []item) {
	for i, d := range drafts {
		if d.err != nil {
			continue
		}
		var r restIssue
		if d.err = t.write(ctx, "create", http.MethodPost, repoPath(t.full())+"/issues", d.request(), &r); d.err == nil {
			made[i] = r.item()
		}
	}
	t.linkAll(ctx, drafts, made)
}

func (d *draft) request() map[string]any {
	in := map[string]any{"title": d.title, "body": d.body, "labels": d.labels}
	if d.person.login != "" {
		in["assignees"] = []string{d.person.login}
	}
	if d.due.Number != 0 {
		in["milestone"] = d.due.Number
	}
	if d.typ != "" {
		in["type"] = d.typ
	}
	if len(d.values) > 0 {
		in["issue_field_values"] = d.values
	}
	return in
}

// unlinked is what it means that a ticket is filed and not below its parent. Where nobody
// refused that, it is tried again with the next run.
func unlinked(d *draft, err error) ticket.Unmet {
	code := trackers.CodeOf(err)
	return ticket.Unmet{
		Field: ticket.FieldParent, Value: d.parent.name(), Reason: "it is filed and could not be put below its parent: " + reason(err).Error(),
		Again: code == trackers.RateLimit || code == trackers.Unavailable || code == trackers.UnknownOutcome,
	}
}
