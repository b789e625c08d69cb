package redmine

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"percolate/ticket"
	"percolate/trackers"
)

// Create files tickets, one in a request, with marker and all fields. Those of different
// parents are filed beside each other; those of one parent in turn, because Redmine locks
// the whole tree below it and may fail where two wait for each other.
func (t *Tracker) Create(ctx context.Context, batch []trackers.Creation) []trackers.Created {
	done := make([]trackers.Created, len(batch))
	if len(batch) == 0 {
		return done
	}
	f, err := t.learn(ctx, "create")
	if err != nil {
		for i := range done {
			done[i].Err = t.plain("create", err)
		}
		return done
	}
	var group sync.WaitGroup
	slots := make(chan struct{}, t.opt.Parallel)
	for _, row := range rows(batch) {
		group.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			for _, i := range row {
				done[i] = t.create(ctx, f, batch[i])
			}
		})
	}
	group.Wait()
	return done
}

// rows are the places of tickets that must be filed in turn.
func rows(batch []trackers.Creation) [][]int {
	var all [][]int
	below := map[ticket.Ref]int{}
	for i, c := range batch {
		at, known := below[c.Parent]
		if c.Parent == "" || !known {
			at, all = len(all), append(all, nil)
		}
		if c.Parent != "" {
			below[c.Parent] = at
		}
		all[at] = append(all[at], i)
	}
	return all
}

func (t *Tracker) create(ctx context.Context, f facts, c trackers.Creation) trackers.Created {
	if err := t.whyStopped(); err != nil {
		return trackers.Created{Err: t.plain("create", err)}
	}
	d, err := t.compose(ctx, f, c)
	if err != nil {
		return trackers.Created{Err: t.plain("create", err)}
	}
	asOf := t.opt.Now()
	var out one
	d, err = t.write(ctx, "create", http.MethodPost, "/issues.json", d, &out)
	if err != nil {
		return trackers.Created{Err: t.plain("create", err)}
	}
	d.compare(out.Issue)
	t.complete(d, c, out.Issue)
	seen, err := t.seen(ctx, "create", asOf, []issue{out.Issue})
	if err != nil {
		return trackers.Created{Err: t.partly("create", true, err)}
	}
	return trackers.Created{Seen: seen[0], Unmet: d.unmet}
}

// compose is the draft of a new ticket. A start day is not set: Redmine's own default for
// it, today, would forbid due days that are past.
func (t *Tracker) compose(ctx context.Context, f facts, c trackers.Creation) (*draft, error) {
	kind := c.Fields.Kind
	if c.Key.IsParent() {
		kind = ticket.KindParent
	}
	tracker, err := t.tracker("create", f, kind)
	if err != nil {
		return nil, err
	}
	d := t.newDraft(c.Fields)
	d.values["project_id"] = strconv.Itoa(f.project.ID)
	d.values["tracker_id"] = strconv.Itoa(tracker)
	d.values["subject"] = title(c.Fields.Title)
	d.values["start_date"] = ""
	if c.Parent != "" {
		d.values["parent_issue_id"] = string(c.Parent)
	}
	if c.Fields.Due != "" {
		d.values["due_date"] = string(c.Fields.Due)
	}
	if c.Fields.Priority != ticket.PriorityNone {
		d.prioritise(f, c.Fields.Priority)
	}
	for _, v := range t.opt.Values {
		if v.Kinds == nil || slices.Contains(v.Kinds, kind) {
			d.custom[v.Field] = v.Value
		}
	}
	d.describe(c)
	if err := d.assign(ctx, "create", f.project.Identifier, c.Fields.Assignees); err != nil {
		return nil, err
	}
	return d, nil
}

// describe sets the text, the labels and the marker.
func (d *draft) describe(c trackers.Creation) {
	good, bad := goodLabels(c.Fields.Labels)
	if len(bad) > 0 {
		d.unmetField(ticket.FieldLabels, fmt.Sprint(bad), whyLabel)
	}
	d.labels = good
	whole := d.t.embed("", c.Fields.Body)
	if len(good) > 0 {
		whole = d.label(whole, good)
	}
	marker := d.t.marks.text(c.Key)
	if d.t.opt.MarkerField != 0 {
		d.custom[d.t.opt.MarkerField] = marker
	} else {
		whole = withLine(whole, markerLine, "<!-- percolate-ticket "+marker+" -->")
	}
	if whole != "" {
		d.values["description"] = whole
	}
}

const whyLabel = "labels stand in a list with commas, and cannot hold one"

// complete looks whether a new ticket has its marker. One without stays, since it is
// filed; but nothing more is filed so.
func (t *Tracker) complete(d *draft, c trackers.Creation, is issue) {
	if t.marks.read(is) == c.Key {
		return
	}
	must := "the account's role must be allowed to set the description"
	if t.opt.MarkerField != 0 {
		must = fmt.Sprintf("custom field %d must be there for the tracker %s and the project, and be writable for the account's role", t.opt.MarkerField, is.Tracker.Name)
	}
	d.unmetField(ticket.FieldBody, "", fmt.Sprintf("issue %d was filed without its marker: %s", is.ID, must))
	t.stop(t.fail("create", trackers.Denied, "nothing more is filed, since issue %d was filed without its marker: %s", is.ID, must))
}
