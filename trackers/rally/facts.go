package rally

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"percolate/trackers"
)

// factsLast is how long we believe what the workspace allows, so that a value that an
// administrator adds is used without a restart.
const factsLast = time.Hour

// learned is what we know of the workspace.
type learned struct {
	mu         sync.Mutex // held while we ask
	at         time.Time
	attributes map[kindOf]map[string]attribute // by lower-case name
	allowed    map[string][]string             // by the path of the attribute
	iterations []iteration

	// bare says that Rally takes no collections within a batch here, as it told us.
	bare bool
}

// attribute is one attribute of a type, as the workspace defines it.
type attribute struct {
	object
	Element  string `json:"ElementName"`
	Label    string `json:"Name"`
	Type     string `json:"AttributeType"`
	Required bool   `json:"Required"`
	ReadOnly bool   `json:"ReadOnly"`
	Hidden   bool   `json:"Hidden"`
}

// fresh forgets what is too old.
func (l *learned) fresh(now time.Time) {
	if now.Sub(l.at) > factsLast {
		l.at, l.attributes, l.allowed, l.iterations = now, map[kindOf]map[string]attribute{}, map[string][]string{}, nil
	}
}

// forget drops all that was learned, so that doctor sees what is there now.
func (t *Tracker) forget() {
	t.learned.mu.Lock()
	t.learned.at, t.learned.bare = time.Time{}, false
	t.learned.mu.Unlock()
	t.zoned.set(nil)
	t.people.forget()
	t.tags.forget()
	t.steps.forget()
}

// bare reports whether batches carry no collections; laysBare notes that they do not.
func (t *Tracker) bare() bool {
	t.learned.mu.Lock()
	defer t.learned.mu.Unlock()
	return t.learned.bare
}

func (t *Tracker) laysBare() {
	t.learned.mu.Lock()
	defer t.learned.mu.Unlock()
	t.learned.bare = true
}

// readInto reads one object.
func (t *Tracker) readInto(ctx context.Context, op, path, fetch string, into any) error {
	e, err := t.get(ctx, op, path, t.scope(url.Values{"fetch": {fetch}}, t.opt.Project))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(e.raw, into); err != nil {
		return t.fail(op, trackers.Internal, "the answer was not understood: %w", err)
	}
	return nil
}

// attributes are those of a type, by name in lower case.
func (t *Tracker) attributes(ctx context.Context, op string, typ kindOf) (map[string]attribute, error) {
	l := &t.learned
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fresh(t.opt.Now())
	if known := l.attributes[typ]; known != nil {
		return known, nil
	}
	types, err := objects[struct {
		object
		Element string `json:"ElementName"`
	}](ctx, t, op, search{typ: "typedefinition", query: is("ElementName", "=", typ.element()), fetch: "ObjectID,ElementName", project: everywhere})
	if err != nil {
		return nil, err
	}
	for _, d := range types {
		if d.Element != typ.element() {
			continue
		}
		all, err := objects[attribute](ctx, t, op, search{
			typ: "typedefinition/" + d.id().String() + "/Attributes", fetch: "ObjectID,ElementName,Name,AttributeType,Required,ReadOnly,Hidden", project: everywhere,
		})
		if err != nil {
			return nil, err
		}
		known := map[string]attribute{}
		for _, a := range all {
			known[strings.ToLower(a.Element)] = a
		}
		l.attributes[typ] = known
		return known, nil
	}
	return nil, t.fail(op, trackers.Invalid, "the workspace has no type %s", typ.element())
}

// allowed are the values that an attribute takes; none when it takes any, or is none.
func (t *Tracker) allowed(ctx context.Context, op string, typ kindOf, name string) ([]string, error) {
	all, err := t.attributes(ctx, op, typ)
	if err != nil {
		return nil, err
	}
	a, ok := all[strings.ToLower(name)]
	if !ok {
		return nil, nil
	}
	where := definition(a)
	l := &t.learned
	l.mu.Lock()
	defer l.mu.Unlock()
	if known, ok := l.allowed[where]; ok {
		return known, nil
	}
	values, err := objects[struct {
		Text string `json:"StringValue"`
	}](ctx, t, op, search{typ: where + "/AllowedValues", fetch: "StringValue", project: everywhere})
	if err != nil {
		return nil, err
	}
	known := []string{}
	for _, v := range values {
		if v.Text != "" {
			known = append(known, v.Text)
		}
	}
	l.allowed[where] = known
	return known, nil
}

// definition is where an attribute is defined. Its id may be a UUID, so it is taken
// from its address.
func definition(a attribute) string {
	return "attributedefinition/" + a.Ref[strings.LastIndexByte(a.Ref, '/')+1:]
}

// pick is the first of the names that is among the allowed values, as Rally writes it.
// Where nothing is listed every name is allowed.
func pick(names, allowed []string) (string, bool) {
	for _, n := range names {
		if len(allowed) == 0 {
			return n, true
		}
		if i := slices.IndexFunc(allowed, func(a string) bool { return strings.EqualFold(a, n) }); i >= 0 {
			return allowed[i], true
		}
	}
	return "", false
}
