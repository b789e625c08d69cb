package sync

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"percolate/sync/plan"
	"percolate/ticket"
	"percolate/trackers"
)

// finish records the outcome of a step.
func (r *run) finish(s *plan.Step, l ticket.Link, err error) {
	r.heed(s.Tracker, err)
	r.mu.Lock()
	defer r.mu.Unlock()
	name := l.Name
	if name == "" {
		name = s.Link.Name
	}
	r.done = append(r.done, Done{Step: s, Name: name, URL: l.URL, Err: err})
	r.begun++
	if err != nil {
		r.findings = append(r.findings, failure(s, name, err))
	} else {
		for _, u := range l.Unmet {
			r.findings = append(r.findings, plan.UnmetFinding(l, u, s.Wanted.Place))
		}
	}
	if r.w.Progress != nil {
		r.w.Progress(r.begun, max(r.begun, r.total))
	}
}

// arrange puts what was done, and what went wrong with it, in the order of the plan,
// however the trackers' answers came in.
func (r *run) arrange() {
	rank := make(map[ticket.Key]int, len(r.plan.Steps))
	for i := range r.plan.Steps {
		s := &r.plan.Steps[i]
		rank[s.Link.Key] = phase(s)*len(r.plan.Steps) + i + 1
	}
	slices.SortStableFunc(r.done, func(a, b Done) int { return rank[a.Step.Link.Key] - rank[b.Step.Link.Key] })
	slices.SortStableFunc(r.findings, func(a, b ticket.Finding) int { return rank[a.Key] - rank[b.Key] })
}

// allFindings are those of the plan and of carrying it out, each once: what stays unmet
// is known to both.
func (r *round) allFindings() []ticket.Finding {
	all := slices.Clone(r.result.Plan.Findings)
	known := make(map[ticket.Finding]bool, len(all))
	for _, f := range all {
		known[f] = true
	}
	for _, f := range r.findings {
		if !known[f] {
			all, known[f] = append(all, f), true
		}
	}
	return all
}

// failure says what a step's error means for people.
func failure(s *plan.Step, name string, err error) ticket.Finding {
	f := ticket.Finding{
		Kind: ticket.FindRefused, Key: s.Link.Key, Tracker: s.Tracker, Name: name, Place: s.Wanted.Place,
		Text: string(s.Op) + ": " + reason(err), Mend: "mend what the tracker says, and run percolate sync again",
	}
	switch code := trackers.CodeOf(err); {
	case errors.Is(err, errWaits), errors.Is(err, errUnread):
		f.Kind = ticket.FindPending
		f.Mend = "percolate looks again with the next sync"
	case code == trackers.UnknownOutcome || code == trackers.Internal:
		f.Kind = ticket.FindPending
		f.Text += "; it may have been done, and is looked for before it is tried again"
		f.Mend = "run percolate sync again"
	case code == trackers.Denied || code == trackers.RateLimit || code == trackers.Unavailable:
		f.Kind = ticket.FindUnread
		f.Mend = "run percolate sync again; nothing is done twice"
	}
	return f
}

// keepFindings remembers what people should look at. Of documents on a tracker that
// was not read nothing new is known, so what was found of them before stays.
func (r *round) keepFindings(ctx context.Context) error {
	documents := []string{""}
	unread := map[string]bool{}
	for _, n := range r.result.Plan.Notes {
		if n.Word == plan.WordUnread {
			unread[n.Key.Document] = true
		}
	}
	for _, d := range r.result.Plan.Documents {
		if !unread[d.ID] {
			documents = append(documents, d.ID)
		}
	}
	findings := slices.DeleteFunc(slices.Clone(r.result.Findings), func(f ticket.Finding) bool { return unread[f.Key.Document] })
	if r.req.Whole && len(unread) == 0 {
		documents = nil
	}
	if err := r.w.State.SaveFindings(context.WithoutCancel(ctx), r.w.Now(), documents, findings); err != nil {
		return fmt.Errorf("save findings: %w", err)
	}
	return nil
}
