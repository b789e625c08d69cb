package github

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
)

// lastMoves is how many entries of an issue's timeline are looked at, from the newest.
const lastMoves = 30

// movement selects who last moved an issue: changed its state, its assignees, or, where
// labels are statuses, its labels, or commented.
func (t *Tracker) movement() string {
	types := "ASSIGNED_EVENT, UNASSIGNED_EVENT, CLOSED_EVENT, REOPENED_EVENT, ISSUE_COMMENT"
	labels := ""
	if len(t.folds.statuses) > 0 {
		types += ", LABELED_EVENT, UNLABELED_EVENT"
		labels = `
  ... on LabeledEvent { createdAt actor { __typename login } label { name } }
  ... on UnlabeledEvent { createdAt actor { __typename login } label { name } }`
	}
	return `fragment M on Issue { createdAt timelineItems(last: ` + strconv.Itoa(lastMoves) + `, itemTypes: [` + types + `]) { pageInfo { hasPreviousPage } nodes {
  ... on AssignedEvent { createdAt actor { __typename login } }
  ... on UnassignedEvent { createdAt actor { __typename login } }
  ... on ClosedEvent { createdAt actor { __typename login } }
  ... on ReopenedEvent { createdAt actor { __typename login } }
  ... on IssueComment { createdAt actor: author { __typename login } }` + labels + ` } } }`
}

// graphMovement is the end of an issue's timeline.
type graphMovement struct {
	CreatedAt     time.Time
	TimelineItems *struct {
		PageInfo struct{ HasPreviousPage bool }
		Nodes    []graphEvent
	}
}

type graphEvent struct {
	CreatedAt time.Time
	Actor     *struct {
		Type  string `json:"__typename"`
		Login string
	}
	Label *struct{ Name string }
}

// movedAt is when a person last moved the issue, and its creation when none did. It is zero
// when what was read does not tell. self is our own login.
func (t *Tracker) movedAt(m graphMovement, self string) time.Time {
	if m.TimelineItems == nil {
		return time.Time{}
	}
	var last time.Time
	for _, e := range m.TimelineItems.Nodes {
		if t.movesIt(e) && e.byPerson(self) && e.CreatedAt.After(last) {
			last = e.CreatedAt
		}
	}
	if last.IsZero() && !m.TimelineItems.PageInfo.HasPreviousPage {
		return m.CreatedAt
	}
	return last
}

// movesIt reports whether an event is about a status: of labels, those that are one are.
func (t *Tracker) movesIt(e graphEvent) bool {
	if e.Label == nil {
		return true
	}
	_, status := t.folds.statuses[strings.ToLower(e.Label.Name)]
	return status
}

// byPerson leaves out apps and ourselves. An account that is gone was a person's.
func (e graphEvent) byPerson(self string) bool {
	return e.Actor == nil || e.Actor.Type != "Bot" && !strings.HasSuffix(e.Actor.Login, "[bot]") && !strings.EqualFold(e.Actor.Login, self)
}

// tellMoves adds to issues that REST listed when people moved them, and where their
// parents are, by one request for all. It is a gain and no need: where GraphQL is refused
// or fails, the issues stay as they are.
func (t *Tracker) tellMoves(ctx context.Context, items []item) {
	if len(items) == 0 || t.known.graphRefused() != nil {
		return
	}
	var ids []string
	for _, it := range items {
		ids = append(ids, it.node)
	}
	parent := ""
	if slices.ContainsFunc(items, func(it item) bool { return it.parent.number != 0 }) {
		parent = "id parent { id number repository { nameWithOwner } } "
	}
	r, err := t.query(ctx, "changed", "query($ids: [ID!]!) { viewer { login } nodes(ids: $ids) { ... on Issue { "+parent+"...M } } } "+t.movement(), map[string]any{"ids": ids})
	var nodes []*struct {
		Parent *graphParent
		graphMovement
	}
	if err != nil || json.Unmarshal(r.Data["nodes"], &nodes) != nil || len(nodes) != len(items) {
		return
	}
	self := r.viewer()
	for i, n := range nodes {
		if n == nil {
			continue
		}
		items[i].moved = t.movedAt(n.graphMovement, self)
		if n.Parent != nil {
			items[i].parent = n.Parent.place()
		}
	}
}

// viewer is our own login.
func (r reply) viewer() string {
	var v struct{ Login string }
	_ = json.Unmarshal(r.Data["viewer"], &v)
	return v.Login
}
