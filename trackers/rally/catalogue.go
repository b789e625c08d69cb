package rally

import (
	"context"
	"slices"
	"sync"

	"percolate/trackers"
)

// catalogue are objects that tickets refer to by name and that are made when they are
// not there: tags and milestones. Each is looked up once.
type catalogue struct {
	typ, element string

	mu   sync.Mutex // held while we ask, so that nothing is made twice
	refs map[string]string
}

// lookUp finds the objects of some names by one query. Rally lets several have one name
// and compares without regard to case; the oldest of exactly that name is taken.
func (c *catalogue) lookUp(ctx context.Context, t *Tracker, op string, names []string) error {
	names = slices.DeleteFunc(slices.Clone(names), func(n string) bool { _, known := c.refs[n]; return known })
	if c.refs == nil {
		c.refs = map[string]string{}
	}
	for part := range slices.Chunk(names, getMax) {
		all, err := objects[object](ctx, t, op, search{
			typ: c.typ, query: oneOf("Name", part), fetch: "ObjectID,Name", order: "ObjectID", project: everywhere,
		})
		if err != nil {
			return err
		}
		for _, o := range all {
			if _, known := c.refs[o.Name]; !known && slices.Contains(part, o.Name) {
				c.refs[o.Name] = path(c.typ, o.id())
			}
		}
	}
	return nil
}

// known are the refs of those of the names that are there.
func (c *catalogue) known(ctx context.Context, t *Tracker, op string, names []string) ([]string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.lookUp(ctx, t, op, names); err != nil {
		return nil, err
	}
	var refs []string
	for _, n := range names {
		if ref, ok := c.refs[n]; ok {
			refs = append(refs, ref)
		}
	}
	return refs, nil
}

// ensure are the refs of all names, in order. What is missing is made, of the fields
// that attributes says.
func (c *catalogue) ensure(ctx context.Context, t *Tracker, op string, names []string, attributes func(name string) map[string]any) ([]string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.lookUp(ctx, t, op, names); err != nil {
		return nil, err
	}
	refs := make([]string, len(names))
	for i, n := range names {
		if c.refs[n] == "" {
			if err := c.make(ctx, t, op, n, attributes(n)); err != nil {
				return nil, err
			}
		}
		refs[i] = c.refs[n]
	}
	return refs, nil
}

// make makes one. Where the answer is lost it is looked up; and where it is not found
// either, nothing of any ticket was done.
func (c *catalogue) make(ctx context.Context, t *Tracker, op, name string, attributes map[string]any) error {
	made, err := t.create(ctx, op, c.typ, c.element, attributes, "ObjectID,Name")
	switch {
	case err == nil:
		c.refs[name] = path(c.typ, made.id())
		return nil
	case trackers.CodeOf(err) != trackers.UnknownOutcome:
		return err
	}
	if failed := c.lookUp(ctx, t, op, []string{name}); failed != nil {
		return failed
	}
	if c.refs[name] == "" {
		return t.fail(op, trackers.Unavailable, "whether the %s %q was made is not known: %w", c.typ, name, err)
	}
	return nil
}

// forget drops all that was looked up.
func (c *catalogue) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refs = nil
}

// tagFields are the attributes of a new tag.
func tagFields(name string) map[string]any { return map[string]any{"Name": name} }
