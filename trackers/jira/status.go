package jira

import (
	"context"
	"slices"
	"strings"

	"percolate/ticket"
	"percolate/trackers"
)

// transition is a way out of a ticket's status.
type transition struct {
	ID     string                    `json:"id"`
	Name   string                    `json:"name"`
	To     status                    `json:"to"`
	Fields map[string]resolutionMeta `json:"fields"`
}

type resolutionMeta struct {
	Required bool    `json:"required"`
	Allowed  []named `json:"allowedValues"`
}

// stepTo is the body of the transition that gives the ticket a status, nil when none is
// wanted. Workflows differ, so it goes by the category that a transition leads to.
func (t *Tracker) stepTo(ctx context.Context, base ticket.Seen, want ticket.Status) (any, error) {
	if want == "" || want == base.Status {
		return nil, nil
	}
	var out struct {
		Transitions []transition `json:"transitions"`
	}
	path := "issue/" + string(base.Ref) + "/transitions?expand=transitions.fields"
	if err := t.read(ctx, "update", "GET", path, nil, &out); err != nil {
		return nil, err
	}
	best, bestRank := transition{}, 0
	for _, tr := range out.Transitions {
		if rank := t.rank(tr, want); rank > bestRank {
			best, bestRank = tr, rank
		}
	}
	if bestRank == 0 {
		return nil, t.fail("update", trackers.Invalid, "the workflow has no transition from %q to a status that means %s", base.Word, want)
	}
	body := map[string]any{"transition": named{ID: best.ID}}
	if name := t.resolutionFor(best, want); name != "" {
		body["fields"] = map[string]any{"resolution": named{Name: name}}
	}
	return body, nil
}

// rank is how well a transition leads to a status: 0 not at all, 2 by a configured word.
func (t *Tracker) rank(tr transition, want ticket.Status) int {
	v := fields{Status: tr.To}
	if name := t.resolutionFor(tr, want); name != "" {
		v.Resolution = &named{Name: name}
	}
	switch {
	case t.folds.status(v, false) != want:
		return 0
	case t.folds.words[ticket.FoldText(tr.To.Name)] == want:
		return 2
	}
	return 1
}

// resolutionFor is the resolution to give on the way, "" where the screen asks for none.
func (t *Tracker) resolutionFor(tr transition, want ticket.Status) string {
	meta, ok := tr.Fields["resolution"]
	if !ok || !want.Finished() {
		return ""
	}
	i := slices.IndexFunc(meta.Allowed, func(n named) bool {
		dropped := t.folds.words[ticket.FoldText(n.Name)] == ticket.StatusDropped
		return dropped == (want == ticket.StatusDropped)
	})
	if i < 0 {
		return ""
	}
	return strings.TrimSpace(meta.Allowed[i].Name)
}
