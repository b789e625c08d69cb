package jira

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"percolate/ticket"
	"percolate/trackers"
)

// slot is a place in the hierarchy that has a type: a kind, and whether it stands
// alone, since a sub-task cannot.
type slot struct {
	kind  ticket.Kind
	alone bool
}

// screen is what can be set when a ticket of some kind is created.
type screen struct {
	typ    issueType
	fields map[string]metaField // by id
	values map[string]any       // fixed ones, by id, in the form that Jira wants
	wrong  []string             // what is wrong with the fixed values
}

type issueType struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Subtask bool   `json:"subtask"`
	Level   int    `json:"hierarchyLevel"`
}

type metaField struct {
	ID       string `json:"fieldId"`
	Name     string `json:"name"`
	Required bool   `json:"required"`
	Preset   bool   `json:"hasDefaultValue"`
	Schema   struct {
		Type   string `json:"type"`
		Items  string `json:"items"`
		Custom string `json:"custom"`
	} `json:"schema"`
	Allowed []struct {
		ID    string `json:"id"`
		Name  string `json:"name"`
		Value string `json:"value"`
	} `json:"allowedValues"`
}

// screens are what can be set on tickets of each kind.
func (t *Tracker) screens(ctx context.Context, op string) (map[slot]screen, error) {
	f, err := t.learn(func(f facts) bool { return f.screens != nil }, func(f *facts) error {
		r := &screenReader{t: t, op: op, types: map[string][]issueType{}, fields: map[string]map[string]metaField{}}
		var err error
		f.screens, err = r.screens(ctx)
		return err
	})
	return f.screens, err
}

func kinds() []ticket.Kind {
	return []ticket.Kind{ticket.KindParent, ticket.KindStory, ticket.KindDefect}
}

// aloneType is the type of a child without a parent where children are sub-tasks.
func (t *Tracker) aloneType(kind ticket.Kind) string {
	if kind == ticket.KindDefect {
		return DefaultTypes(Epic)[kind]
	}
	return t.opt.Types[ticket.KindParent]
}

// screenReader reads create metadata, each part of it once.
type screenReader struct {
	t      *Tracker
	op     string
	mu     sync.Mutex                      // guards what follows
	types  map[string][]issueType          // by project
	fields map[string]map[string]metaField // by address
}

// screens reads the types of all projects side by side, and then the fields of all types.
func (r *screenReader) screens(ctx context.Context) (map[slot]screen, error) {
	if err := atOnce(ctx, r.t.projects(), r.readTypes); err != nil {
		return nil, err
	}
	types, err := r.slots()
	if err != nil {
		return nil, err
	}
	var addresses []string
	for at, typ := range types {
		addresses = append(addresses, r.address(at.kind, typ))
	}
	slices.Sort(addresses)
	if err := atOnce(ctx, slices.Compact(addresses), r.readFields); err != nil {
		return nil, err
	}
	all := map[slot]screen{}
	for at, typ := range types {
		s := screen{typ: typ, fields: r.fields[r.address(at.kind, typ)], values: map[string]any{}}
		s.fix(r.t.opt.Values, at.kind)
		all[at] = s
	}
	return all, nil
}

// atOnce does something with each of several names, side by side.
func atOnce(ctx context.Context, names []string, do func(context.Context, string) error) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, name := range names {
		group.Go(func() error { return do(ctx, name) })
	}
	return group.Wait()
}

func typesOf(project string) string {
	return "issue/createmeta/" + url.PathEscape(project) + "/issuetypes"
}

// address is where the fields of a type are, in the project of the kind.
func (r *screenReader) address(kind ticket.Kind, typ issueType) string {
	return typesOf(r.t.projectOf(kind)) + "/" + url.PathEscape(typ.ID)
}

func (r *screenReader) readTypes(ctx context.Context, project string) error {
	all, err := paged[issueType](ctx, r.t, r.op, typesOf(project), "issueTypes")
	r.mu.Lock()
	defer r.mu.Unlock()
	r.types[project] = all
	return err
}

func (r *screenReader) readFields(ctx context.Context, address string) error {
	all, err := paged[metaField](ctx, r.t, r.op, address, "fields")
	byID := make(map[string]metaField, len(all))
	for _, f := range all {
		byID[f.ID] = f
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fields[address] = byID
	return err
}

// slots are the types of all places in the hierarchy.
func (r *screenReader) slots() (map[slot]issueType, error) {
	all := map[slot]issueType{}
	for _, kind := range kinds() {
		typ, err := r.pick(kind, r.t.opt.Types[kind])
		if err != nil {
			return nil, err
		}
		all[slot{kind: kind}], all[slot{kind, true}] = typ, typ
		if !typ.Subtask {
			continue
		}
		if all[slot{kind, true}], err = r.pick(kind, r.t.aloneType(kind), r.t.opt.Types[ticket.KindParent]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// pick is the type of a kind, the first of the names that there is.
func (r *screenReader) pick(kind ticket.Kind, names ...string) (issueType, error) {
	project := r.t.projectOf(kind)
	typ, ok := pick(r.types[project], names)
	if !ok {
		return typ, r.t.fail(r.op, trackers.Invalid, "project %s has no type %q for a %s; it has %s", project, names[0], kind, namesOf(r.types[project]))
	}
	return typ, nil
}

// pick finds a type by id or name, the first name that fits.
func pick(types []issueType, names []string) (issueType, bool) {
	for _, name := range names {
		for _, typ := range types {
			if typ.ID == name || strings.EqualFold(typ.Name, name) {
				return typ, true
			}
		}
	}
	return issueType{}, false
}

func namesOf(types []issueType) string {
	var names []string
	for _, typ := range types {
		names = append(names, typ.Name)
	}
	return strings.Join(names, ", ")
}

// metaPage is the most that a page of create metadata may have.
const metaPage = 200

// paged reads a list that Cloud calls by its name and Data Center "values".
func paged[T any](ctx context.Context, t *Tracker, op, path, name string) ([]T, error) {
	all := []T{}
	for range 100 {
		var page map[string]json.RawMessage
		err := t.read(ctx, op, "GET", fmt.Sprintf("%s?startAt=%d&maxResults=%d", path, len(all), metaPage), nil, &page)
		if err != nil {
			return nil, err
		}
		raw := page[name]
		if raw == nil {
			raw = page["values"]
		}
		var part []T
		if err := json.Unmarshal(raw, &part); err != nil {
			return nil, t.fail(op, trackers.Internal, "the list of %s was not understood: %w", name, err)
		}
		all = append(all, part...)
		total, _ := strconv.Atoi(string(page["total"])) // without it the first page is all
		if len(part) == 0 || len(all) >= total {
			break
		}
	}
	return all, nil
}
