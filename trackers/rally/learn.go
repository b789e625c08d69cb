package rally

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"percolate/ticket"
	"percolate/trackers"
)

// learn asks, side by side, for what the drafts of a batch need to know, and for nothing
// else. What Rally refuses to tell matters to some tickets only, whose drafts ask again;
// but without tags none is filed.
func (f *filing) learn(ctx context.Context) error {
	group, asking := errgroup.WithContext(ctx)
	group.Go(func() error { return f.learnTags(asking) })
	group.Go(func() error {
		_, err := f.t.zone(asking, "create") // answers are read in it too
		return unlessRefused(err)
	})
	group.Go(func() error { return unlessRefused(f.t.meet(asking, "create", f.owners())) })
	group.Go(func() error { return unlessRefused(f.learnValues(asking)) })
	return group.Wait()
}

// unlessRefused is err unless it says that Rally does not take what was asked.
func unlessRefused(err error) error {
	if trackers.CodeOf(err) == trackers.Invalid {
		return nil
	}
	return err
}

// learnTags looks up the tags of all tickets by one query, and makes the missing ones.
func (f *filing) learnTags(ctx context.Context) error {
	names := []string{f.t.marks.tag}
	for _, c := range f.batch {
		good, _ := f.t.goodLabels(c.Fields.Labels)
		names = append(names, good...)
	}
	slices.Sort(names)
	_, _, err := f.t.tags.ensure(ctx, f.t, "create", slices.Compact(names))
	return err
}

// owners are the first candidates of all tickets.
func (f *filing) owners() (names []string) {
	for _, c := range f.batch {
		if len(c.Fields.Assignees) > 0 {
			names = append(names, c.Fields.Assignees[0])
		}
	}
	return names
}

// learnValues learns which priorities and severities defects have, where some need that.
func (f *filing) learnValues(ctx context.Context) error {
	var names []string
	for _, c := range f.batch {
		if p := c.Fields.Priority; !c.Key.IsParent() && typeOf(c.Fields.Kind) == defectType {
			if p != ticket.PriorityNone {
				names = append(names, "Priority")
			}
			if len(f.t.opt.Severities[p]) > 0 {
				names = append(names, "Severity")
			}
		}
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if _, err := f.t.allowed(ctx, "create", defectType, name); err != nil {
			return err
		}
	}
	return nil
}
