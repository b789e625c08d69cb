package jira

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"percolate/ticket"
	"percolate/trackers"
)

// factsLast is how long we believe what screens show, so that a field that an
// administrator puts on one is used without a restart.
const factsLast = time.Hour

// facts are what we know of the site. What they point to is never changed.
type facts struct {
	deployment Deployment
	ids        *fieldIDs
	screens    map[slot]screen
	learned    time.Time
	me         string    // our account
	asked      time.Time // when the first of our account and the ids was asked for
}

// ask notes that something which a cursor may recall was asked for.
func (f *facts) ask(at time.Time) {
	if f.asked.IsZero() {
		f.asked = at
	}
}

// slot is a place in the hierarchy that has a type: a kind, and whether it stands
// alone, since a sub-task cannot.
type slot struct {
	kind  ticket.Kind
	alone bool
}

// fieldIDs are the ids of fields that differ from site to site.
type fieldIDs struct {
	EpicLink string `json:"epic_link,omitempty"`
	EpicName string `json:"epic_name,omitempty"`
	Flag     string `json:"flag,omitempty"`
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

// learn keeps what get finds out, until it is too old. One asks and the others wait.
func (t *Tracker) learn(known func(facts) bool, get func(*facts) error) (facts, error) {
	t.learning.Lock()
	defer t.learning.Unlock()
	if t.opt.Now().Sub(t.facts.learned) > factsLast {
		t.facts.screens, t.facts.learned = nil, t.opt.Now()
	}
	now := t.facts
	if known(now) {
		return now, nil
	}
	if err := get(&now); err != nil {
		return facts{}, err
	}
	t.facts = now
	return now, nil
}

// forget drops all that was learned, so that doctor sees what is there now.
func (t *Tracker) forget() {
	t.learning.Lock()
	t.facts = facts{}
	t.learning.Unlock()
	t.mu.Lock()
	t.people = map[string]found{}
	t.mu.Unlock()
}

// deployment is which Jira it is.
func (t *Tracker) deployment(ctx context.Context, op string) (Deployment, error) {
	if t.opt.Deployment != Auto {
		return t.opt.Deployment, nil
	}
	f, err := t.learn(func(f facts) bool { return f.deployment != Auto }, func(f *facts) error {
		var info struct {
			Type string `json:"deploymentType"`
		}
		if err := t.read(ctx, op, "GET", "serverInfo", nil, &info); err != nil {
			return err
		}
		f.deployment = DataCenter
		if strings.EqualFold(info.Type, "Cloud") {
			f.deployment = Cloud
		}
		return nil
	})
	return f.deployment, err
}

// whoAmI is the account whose token we have.
func (t *Tracker) whoAmI(ctx context.Context, op string) (string, error) {
	f, err := t.learn(func(f facts) bool { return f.me != "" }, func(f *facts) error {
		var me user
		if err := t.read(ctx, op, "GET", "myself", nil, &me); err != nil {
			return err
		}
		if f.me = me.account(); f.me == "" {
			return t.fail(op, trackers.Internal, "Jira does not say whose token it is")
		}
		f.ask(t.opt.Now())
		return nil
	})
	return f.me, err
}

// fieldIDs finds the fields that have other ids elsewhere; it asks only where we need them.
func (t *Tracker) fieldIDs(ctx context.Context, op string) (fieldIDs, error) {
	kind, err := t.deployment(ctx, op)
	if err != nil || t.opt.Flag == "" && (kind == Cloud || t.opt.Hierarchy != Epic) {
		return fieldIDs{}, err
	}
	f, err := t.learn(func(f facts) bool { return f.ids != nil }, func(f *facts) error {
		var all []struct {
			ID, Name string
			Schema   struct{ Custom string }
		}
		if err := t.read(ctx, op, "GET", "field", nil, &all); err != nil {
			return err
		}
		f.ids = &fieldIDs{}
		f.ask(t.opt.Now())
		for _, a := range all {
			switch {
			case a.Schema.Custom == "com.pyxis.greenhopper.jira:gh-epic-link":
				f.ids.EpicLink = a.ID
			case a.Schema.Custom == "com.pyxis.greenhopper.jira:gh-epic-label":
				f.ids.EpicName = a.ID
			case t.opt.Flag != "" && (strings.EqualFold(a.Name, t.opt.Flag) || a.ID == t.opt.Flag):
				f.ids.Flag = a.ID
			}
		}
		return nil
	})
	if err != nil {
		return fieldIDs{}, err
	}
	return *f.ids, nil
}

// screens are what can be set on tickets of each kind.
func (t *Tracker) screens(ctx context.Context, op string) (map[slot]screen, error) {
	f, err := t.learn(func(f facts) bool { return f.screens != nil }, func(f *facts) error {
		r := &screenReader{t: t, op: op, types: map[string][]issueType{}, fields: map[string]map[string]metaField{}}
		f.screens = map[slot]screen{}
		for _, kind := range kinds() {
			s, err := r.screen(ctx, kind, t.opt.Types[kind])
			if err != nil {
				return err
			}
			f.screens[slot{kind: kind}] = s
			if f.screens[slot{kind, true}] = s; !s.typ.Subtask {
				continue
			}
			if f.screens[slot{kind, true}], err = r.screen(ctx, kind, t.aloneType(kind), t.opt.Types[ticket.KindParent]); err != nil {
				return err
			}
		}
		return nil
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
	types  map[string][]issueType          // by project
	fields map[string]map[string]metaField // by address
}

// screen reads what can be set on one kind, of the first type that there is.
func (r *screenReader) screen(ctx context.Context, kind ticket.Kind, names ...string) (screen, error) {
	project := r.t.projectOf(kind)
	base := "issue/createmeta/" + url.PathEscape(project) + "/issuetypes"
	var err error
	if r.types[project] == nil {
		if r.types[project], err = paged[issueType](ctx, r.t, r.op, base, "issueTypes"); err != nil {
			return screen{}, err
		}
	}
	typ, ok := pick(r.types[project], names)
	if !ok {
		return screen{}, r.t.fail(r.op, trackers.Invalid, "project %s has no type %q for a %s; it has %s", project, names[0], kind, namesOf(r.types[project]))
	}
	where := base + "/" + url.PathEscape(typ.ID)
	if r.fields[where] == nil {
		all, err := paged[metaField](ctx, r.t, r.op, where, "fields")
		if err != nil {
			return screen{}, err
		}
		r.fields[where] = map[string]metaField{}
		for _, f := range all {
			r.fields[where][f.ID] = f
		}
	}
	s := screen{typ: typ, fields: r.fields[where], values: map[string]any{}}
	s.fix(r.t.opt.Values, kind)
	return s, nil
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
