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

var alreadyLinked = regexp.MustCompile(`(?i)duplicate sub-issues`)

// linkAll puts created issues below their parents: by one request for all, or by one
// each.
func (t *Tracker) linkAll(ctx context.Context, drafts []*draft, made []item) {
	var rows []int
	for i, d := range drafts {
		if d.err == nil && d.parent.number != 0 && !d.below {
			rows = append(rows, i)
		}
	}
	if len(rows) == 0 {
		return
	}
	if t.known.graphRefused() == nil && t.linkByGraph(ctx, drafts, made, rows) {
		return
	}
	for _, i := range rows {
		t.linked(ctx, drafts[i], &made[i], t.linkByREST(ctx, "create", drafts[i].parent, made[i].database))
	}
}

// linkByGraph reports whether it could be tried.
func (t *Tracker) linkByGraph(ctx context.Context, drafts []*draft, made []item, rows []int) bool {
	vars := map[string]any{}
	var head, body []string
	for _, i := range rows {
		vars[fmt.Sprintf("i%d", i)] = map[string]any{"issueId": drafts[i].parent.node, "subIssueId": made[i].node}
		head = append(head, fmt.Sprintf("$i%d: AddSubIssueInput!", i))
		body = append(body, fmt.Sprintf("c%d: addSubIssue(input: $i%d) { issue { id } }", i, i))
	}
	err := t.mayWrite(ctx, "create", len(rows))
	var r reply
	if err == nil {
		r, err = t.graph(ctx, "create", "mutation("+strings.Join(head, ", ")+") { "+strings.Join(body, " ")+" }", vars)
	}
	if errors.Is(err, errNoGraph) {
		return false
	}
	for _, i := range rows {
		alias := fmt.Sprintf("c%d", i)
		one := err
		var got struct{ Issue *struct{ ID string } }
		if one == nil && (json.Unmarshal(r.Data[alias], &got) != nil || got.Issue == nil) {
			one = t.outcome("create", r, alias)
		}
		t.linked(ctx, drafts[i], &made[i], one)
	}
	return true
}

// linkByREST puts a child below a parent. The id that GitHub wants is not the number.
func (t *Tracker) linkByREST(ctx context.Context, op string, parent place, child int64) error {
	in := map[string]any{"sub_issue_id": child, "replace_parent": true}
	return t.write(ctx, op, http.MethodPost, parent.path()+"/sub_issues", in, nil)
}

// linked takes the outcome of a link. Where there is no room or there are no sub-issues,
// the child goes into the task list.
func (t *Tracker) linked(ctx context.Context, d *draft, made *item, err error) {
	switch {
	case err == nil, alreadyLinked.MatchString(err.Error()):
		made.parent = d.parent
	case t.noRoom(d.parent, err):
		t.hangBelow(d)
		var r restIssue
		if err := t.write(ctx, "create", http.MethodPatch, made.path(), map[string]any{"body": d.body}, &r); err != nil {
			d.unmet = append(d.unmet, unlinked(d, err))
			return
		}
		*made = r.item()
	default:
		d.unmet = append(d.unmet, unlinked(d, err))
	}
}

// noRoom reports whether a link failed for good: the parent is full, or the server has
// no sub-issues, which it says with a 404 about a parent that is there.
func (t *Tracker) noRoom(parent place, err error) bool {
	if parentFull.MatchString(err.Error()) {
		return true
	}
	if isCode(err, trackers.NotFound) && t.known.graphRefused() != nil {
		t.known.with(func() { t.known.noTree = true })
		return true
	}
	return false
}

// The fence of the task list that a parent's text ends with.
const (
	tasksBegin = "<!-- percolate: tasks (children that are no sub-issues) -->"
	tasksEnd   = "<!-- percolate: tasks end -->"
)

// continueTasks lists children that are no sub-issues in the texts of their parents. A
// list that could not be written is told; what was filed stays filed.
func (t *Tracker) continueTasks(ctx context.Context, drafts []*draft, made []item) {
	lists := map[ticket.Ref][]string{}
	for i, d := range drafts {
		if d.err == nil && d.below {
			lists[d.Parent] = append(lists[d.Parent], made[i].name())
		}
	}
	for parent, names := range lists {
		p, _ := t.placeOf(parent)
		err := t.addTasks(ctx, "create", p, names)
		for _, d := range drafts {
			if err != nil && d.err == nil && d.below && d.Parent == parent {
				d.unmet = append(d.unmet, unlinked(d, err))
			}
		}
	}
}

func (t *Tracker) addTasks(ctx context.Context, op string, parent place, names []string) error {
	var r restIssue
	if _, err := t.get(ctx, op, parent.path(), &r); err != nil {
		return err
	}
	body := withTasks(r.Body, names)
	if body == r.Body {
		return nil
	}
	return t.write(ctx, op, http.MethodPatch, parent.path(), map[string]any{"body": body}, nil)
}

// withTasks is a text with the names in its task list.
func withTasks(whole string, names []string) string {
	var lines []string
	for _, n := range names {
		if !strings.Contains(whole, "- [ ] "+n+"\n") && !strings.Contains(whole, "- [x] "+n+"\n") {
			lines = append(lines, "- [ ] "+n+"\n")
		}
	}
	if len(lines) == 0 {
		return whole
	}
	added := strings.Join(lines, "")
	if i := strings.LastIndex(whole, tasksEnd); i >= 0 && strings.Contains(whole[:i], tasksBegin) {
		return whole[:i] + added + whole[i:]
	}
	return strings.TrimRight(whole, "\r\n") + "\n\n" + tasksBegin + "\nFurther children, beyond what GitHub takes as sub-issues:\n\n" + added + tasksEnd + "\n"
}
