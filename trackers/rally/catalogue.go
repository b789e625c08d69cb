package rally

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"percolate/trackers"
)

// catalogue are objects that tickets refer to by name and that are made when they are
// not there: tags and milestones. Each is looked up once.
type catalogue struct {
	typ, element string
	// fields are the attributes of a new one. Where they hold no collections, several are
	// made by one batch.
	fields func(name string) map[string]any
	single bool

	mu      sync.Mutex         // held while we ask, so that nothing is made twice
	refs    map[string]string  // by name; "" for what was not found
	refused map[string]refusal // by name
}

// lookUp finds the objects of some names by one query. Rally lets several have one name
// and compares without regard to case; the oldest of exactly that name is taken.
func (c *catalogue) lookUp(ctx context.Context, t *Tracker, op string, names []string) error {
	names = slices.DeleteFunc(slices.Clone(names), func(n string) bool { _, asked := c.refs[n]; return asked })
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
		for _, n := range part {
			c.refs[n] = ""
			if i := slices.IndexFunc(all, func(o object) bool { return o.Name == n }); i >= 0 {
				c.refs[n] = path(c.typ, all[i].id())
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
		if ref := c.refs[n]; ref != "" {
			refs = append(refs, ref)
		}
	}
	return refs, nil
}

// ensure are the refs of all names, in order. What is missing is made. What Rally does
// not let us make is in refused, by name, with the reason.
func (c *catalogue) ensure(ctx context.Context, t *Tracker, op string, names []string) (refs []string, refused map[string]string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.lookUp(ctx, t, op, names); err != nil {
		return nil, nil, err
	}
	missing := slices.DeleteFunc(slices.Clone(names), func(n string) bool {
		no, asked := c.refused[n]
		return c.refs[n] != "" || asked && t.opt.Now().Sub(no.at) < factsLast
	})
	for part := range slices.Chunk(missing, c.portion()) {
		if err := c.make(ctx, t, op, part); err != nil {
			return nil, nil, err
		}
	}
	refused = map[string]string{}
	for _, n := range names {
		if c.refs[n] != "" {
			refs = append(refs, c.refs[n])
		} else {
			refused[n] = c.refused[n].why
		}
	}
	return refs, refused, nil
}

// refusal is why something could not be made.
type refusal struct {
	why string
	at  time.Time
}

func (c *catalogue) refuse(name, why string, at time.Time) {
	if c.refused == nil {
		c.refused = map[string]refusal{}
	}
	c.refused[name] = refusal{why, at}
}

// portion is how many are made by one request.
func (c *catalogue) portion() int {
	if c.single {
		return 1
	}
	return batchMax
}

// make makes some. Where the answer is lost they are looked up; and where they are not
// found either, nothing of any ticket was done.
func (c *catalogue) make(ctx context.Context, t *Tracker, op string, names []string) error {
	err := c.send(ctx, t, op, names)
	if trackers.CodeOf(err) != trackers.UnknownOutcome {
		return err
	}
	for _, n := range names {
		delete(c.refs, n)
	}
	if failed := c.lookUp(ctx, t, op, names); failed != nil {
		return failed
	}
	if !slices.ContainsFunc(names, func(n string) bool { return c.refs[n] == "" }) {
		return nil
	}
	for _, n := range names {
		delete(c.refs, n)
	}
	return t.fail(op, trackers.Unavailable, "whether the %s %s was made is not known: %w", c.typ, strings.Join(names, ", "), err)
}

func (c *catalogue) send(ctx context.Context, t *Tracker, op string, names []string) error {
	if c.single {
		made, err := t.create(ctx, op, c.typ, c.element, c.fields(names[0]), "ObjectID,Name")
		if reasons := reasonsOf(err); len(reasons) > 0 {
			c.refuse(names[0], joined(reasons), t.opt.Now())
			return nil
		}
		if err == nil {
			c.refs[names[0]] = path(c.typ, made.id())
		}
		return err
	}
	entries := make([]entry, len(names))
	for i, n := range names {
		entries[i] = entry{Path: "/" + c.typ + "/create", Method: "POST", Body: map[string]any{c.typ: c.fields(n)}}
	}
	all, _, err := t.batch(ctx, op, entries)
	if err != nil {
		return err
	}
	for i, n := range names {
		switch id := all[i].Object.id(); {
		case len(all[i].Errors) > 0:
			c.refuse(n, joined(all[i].Errors), t.opt.Now())
		case id == 0:
			return t.fail(op, trackers.UnknownOutcome, "Rally made the %s %s and did not say which it is", c.typ, n)
		default:
			c.refs[n] = path(c.typ, id)
		}
	}
	return nil
}

// forget drops all that was looked up.
func (c *catalogue) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refs, c.refused = nil, nil
}
