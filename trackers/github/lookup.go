package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"percolate/trackers"
)

// lookupMax is how many names one request looks up.
const lookupMax = 50

// lookup learns of labels and people what is not known yet: by one request for all of
// them, or by REST.
func (t *Tracker) lookup(ctx context.Context, op string, labels, logins []string) error {
	labels = slices.DeleteFunc(distinct(labels), func(l string) bool { _, ok := t.known.label(l); return ok })
	logins = slices.DeleteFunc(distinct(logins), func(l string) bool {
		_, ok := t.known.person(l, t.opt.Now())
		return ok || !isLogin(l)
	})
	if t.known.graphRefused() == nil && (len(labels)+len(logins) > 0 || t.repoNode() == "") {
		err := t.graphLookup(ctx, op, labels, logins)
		if err == nil || !errors.Is(err, errNoGraph) {
			return err
		}
	}
	if t.known.graphRefused() != nil {
		return t.restLookup(ctx, op, labels, logins)
	}
	return nil
}

func (t *Tracker) repoNode() (node string) {
	t.known.with(func() { node = t.known.repoNode })
	return node
}

var loginForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,98}(\[bot\])?$`)

// isLogin reports whether an account can be a login. An e-mail address is none, and
// whose it is nobody guesses.
func isLogin(account string) bool { return loginForm.MatchString(account) }

func (t *Tracker) graphLookup(ctx context.Context, op string, labels, logins []string) error {
	for first := true; first || len(labels)+len(logins) > 0; first = false {
		n := min(len(labels), lookupMax)
		m := min(len(logins), lookupMax-n)
		if err := t.graphNames(ctx, op, labels[:n], logins[:m]); err != nil {
			return err
		}
		labels, logins = labels[n:], logins[m:]
	}
	return nil
}

func (t *Tracker) graphNames(ctx context.Context, op string, labels, logins []string) error {
	vars := map[string]any{"owner": t.opt.Owner, "name": t.opt.Repo}
	head, body := "$owner: String!, $name: String!", "id"
	add := func(alias, format, value string) {
		vars[alias] = value
		head += fmt.Sprintf(", $%s: String!", alias)
		body += fmt.Sprintf(" %s: "+format, alias, alias)
	}
	for i, l := range labels {
		add(fmt.Sprintf("l%d", i), "label(name: $%s) { id name }", l)
	}
	for i, l := range logins {
		add(fmt.Sprintf("a%d", i), "assignableUsers(query: $%s, first: 20) { nodes { id login } }", l)
	}
	r, err := t.query(ctx, op, "query("+head+") { repository(owner: $owner, name: $name) { "+body+" } }", vars)
	if err != nil {
		return err
	}
	var found map[string]json.RawMessage
	if err := json.Unmarshal(r.Data["repository"], &found); err != nil || found == nil {
		return t.fail(op, trackers.Denied, "%s does not exist or is not visible with this token", t.full())
	}
	t.keepNames(found, labels, logins)
	return t.lookupStrangers(ctx, op, logins)
}

func (t *Tracker) keepNames(found map[string]json.RawMessage, labels, logins []string) {
	var id string
	if json.Unmarshal(found["id"], &id) == nil {
		t.known.with(func() { t.known.repoNode = id })
	}
	for i, l := range labels {
		var one struct{ ID string }
		if json.Unmarshal(found[fmt.Sprintf("l%d", i)], &one) == nil && one.ID != "" {
			t.known.keepLabel(l, one.ID)
		}
	}
	for i, l := range logins {
		var some struct{ Nodes []struct{ ID, Login string } }
		_ = json.Unmarshal(found[fmt.Sprintf("a%d", i)], &some)
		for _, u := range some.Nodes {
			if strings.EqualFold(u.Login, l) {
				t.known.keepPerson(l, person{login: u.Login, node: u.ID, can: true, at: t.opt.Now()})
			}
		}
	}
}

// lookupStrangers asks by REST for who was not among the first that a query shows,
// since that proves nothing.
func (t *Tracker) lookupStrangers(ctx context.Context, op string, logins []string) error {
	for _, l := range logins {
		if _, ok := t.known.person(l, t.opt.Now()); ok {
			continue
		}
		if err := t.askPerson(ctx, op, l); err != nil {
			return err
		}
	}
	return nil
}

// askPerson asks whether somebody can be assigned.
func (t *Tracker) askPerson(ctx context.Context, op, login string) error {
	_, err := t.get(ctx, op, repoPath(t.full())+"/assignees/"+url.PathEscape(login), nil)
	if err != nil && !isCode(err, trackers.NotFound) {
		return err
	}
	t.known.keepPerson(login, person{login: login, can: err == nil, at: t.opt.Now()})
	return nil
}

func (t *Tracker) restLookup(ctx context.Context, op string, labels, logins []string) error {
	if len(labels) > 0 {
		err := pages(ctx, t, op, repoPath(t.full())+"/labels?per_page=100", func(page []struct {
			Name string
			Node string `json:"node_id"`
		}, _ *http.Response) bool {
			for _, l := range page {
				t.known.keepLabel(l.Name, l.Node)
			}
			return true
		})
		if err != nil {
			return err
		}
	}
	return t.lookupStrangers(ctx, op, logins)
}

const labelMax = 50

// labelsThere makes the labels that are not there yet, and returns those that cannot be
// made with the reason.
func (t *Tracker) labelsThere(ctx context.Context, op string, labels []string) (map[string]string, error) {
	bad := map[string]string{}
	for _, l := range distinct(labels) {
		if _, ok := t.known.label(l); ok {
			continue
		}
		if len([]rune(l)) > labelMax {
			bad[strings.ToLower(l)] = "GitHub takes labels of at most 50 characters"
			continue
		}
		var made struct {
			Node string `json:"node_id"`
		}
		err := t.write(ctx, op, http.MethodPost, repoPath(t.full())+"/labels", map[string]any{"name": l, "color": "ededed"}, &made)
		switch {
		case err == nil:
			t.known.keepLabel(l, made.Node)
		case strings.Contains(err.Error(), "already_exists"):
			t.known.keepLabel(l, "")
		case isCode(err, trackers.Denied), isCode(err, trackers.NotFound), isCode(err, trackers.Invalid):
			bad[strings.ToLower(l)] = "the label is not there, and this token may not make it"
		default:
			return nil, err
		}
	}
	return bad, nil
}

// fieldOf is an issue field of the organisation by name.
func (t *Tracker) fieldOf(ctx context.Context, op, name string) (field, bool, error) {
	var all map[string]field
	t.known.with(func() { all = t.known.fields })
	if all == nil {
		var list []field
		_, err := t.get(ctx, op, "orgs/"+url.PathEscape(t.opt.Owner)+"/issue-fields?per_page=100", &list)
		if err != nil && !isCode(err, trackers.NotFound) {
			return field{}, false, err
		}
		all = map[string]field{}
		for _, f := range list {
			all[strings.ToLower(f.Name)] = f
		}
		t.known.with(func() { t.known.fields = all })
	}
	f, ok := all[strings.ToLower(name)]
	return f, ok, nil
}

// milestoneOf is the milestone of a due day, which is made when it is not there. One that
// was made and not answered, or by another, is listed anew.
func (t *Tracker) milestoneOf(ctx context.Context, op, due string) (milestone, error) {
	title := "Due " + due
	m, ok, err := t.listedMilestone(ctx, op, title)
	if ok || err != nil {
		return m, err
	}
	// Noon, since GitHub keeps the day alone, as some zone has it.
	in := map[string]any{"title": title, "due_on": due + "T12:00:00Z"}
	err = t.write(ctx, op, http.MethodPost, repoPath(t.full())+"/milestones", in, &m)
	t.known.with(func() {
		if t.known.milestones != nil && err == nil {
			t.known.milestones[title] = m
		} else {
			t.known.milestones = nil // whether it is there is not known any more
		}
	})
	if err != nil && strings.Contains(err.Error(), "already_exists") {
		if m, ok, listed := t.listedMilestone(ctx, op, title); ok || listed != nil {
			return m, listed
		}
	}
	return m, err
}

// listedMilestone finds a milestone among those that are there, which are listed once.
func (t *Tracker) listedMilestone(ctx context.Context, op, title string) (m milestone, ok bool, err error) {
	listed := false
	t.known.with(func() { m, ok = t.known.milestones[title]; listed = t.known.milestones != nil })
	if listed {
		return m, ok, nil
	}
	all := map[string]milestone{}
	err = pages(ctx, t, op, repoPath(t.full())+"/milestones?state=all&per_page=100", func(page []milestone, _ *http.Response) bool {
		for _, m := range page {
			all[m.Title] = m
		}
		return true
	})
	if err != nil {
		return m, false, err
	}
	t.known.with(func() { t.known.milestones = all })
	m, ok = all[title]
	return m, ok, nil
}
