package jira

import (
	"context"
	"strings"
	"time"

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

// fieldIDs are the ids of fields that differ from site to site.
type fieldIDs struct {
	EpicLink string `json:"epic_link,omitempty"`
	EpicName string `json:"epic_name,omitempty"`
	Flag     string `json:"flag,omitempty"`
}

// learn keeps what get finds out, until it is too old. One asks and the others wait.
func (t *Tracker) learn(known func(facts) bool, get func(*facts) error) (facts, error) {
	if now := t.believed(); known(now) { // who knows enough need not wait for those who ask
		return now, nil
	}
	t.learning.Lock()
	defer t.learning.Unlock()
	now := t.believed()
	if known(now) {
		return now, nil
	}
	if err := get(&now); err != nil {
		return facts{}, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.facts = now
	return now, nil
}

// believed is what is known and not too old.
func (t *Tracker) believed() facts {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.opt.Now().Sub(t.facts.learned) > factsLast {
		t.facts.screens, t.facts.learned = nil, t.opt.Now()
	}
	return t.facts
}

// forget drops all that was learned, so that doctor sees what is there now.
func (t *Tracker) forget() {
	t.learning.Lock() // or what is being learned now would stay
	defer t.learning.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.facts, t.people = facts{}, map[string]found{}
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
