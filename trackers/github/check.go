package github

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"percolate/trackers"
)

// repository is what Check reads of ours.
type repository struct {
	Name     string `json:"full_name"`
	Private  bool   `json:"private"`
	Issues   bool   `json:"has_issues"`
	Archived bool   `json:"archived"`
	Owner    struct {
		Type string
	}
	Permissions struct {
		Push, Triage bool
	}
}

// report collects the lines of one check.
type report struct{ lines []trackers.Diagnosis }

func (r *report) add(level trackers.Level, mend, format string, args ...any) {
	r.lines = append(r.lines, trackers.Diagnosis{Level: level, Text: fmt.Sprintf(format, args...), Mend: mend})
}

// Check proves access, permissions and everything that the configuration names.
func (t *Tracker) Check(ctx context.Context, accounts []string) []trackers.Diagnosis {
	r := &report{}
	var repo repository
	resp, err := t.get(ctx, "check", repoPath(t.full()), &repo)
	if err != nil {
		r.add(trackers.Fail, t.accessMend(err), "%s cannot be read: %v", t.full(), reason(err))
		return r.lines
	}
	t.checkRepository(r, repo, resp.Header.Get("X-OAuth-Scopes"))
	t.checkPublic(ctx, r, repo)
	t.checkTree(ctx, r)
	t.checkLabels(ctx, r, repo)
	t.checkTypes(ctx, r, repo)
	t.checkFields(ctx, r)
	t.checkAccounts(ctx, r, accounts)
	return r.lines
}

func reason(err error) error {
	if e, ok := err.(*trackers.Error); ok { //nolint:errorlint // the outermost one is the port's
		return e.Err
	}
	return err
}

func (t *Tracker) accessMend(err error) string {
	switch trackers.CodeOf(err) {
	case trackers.NotFound:
		return "GitHub says so of repositories that are not there and of those that the token does not see: check owner, repo and the token's repositories"
	case trackers.Denied:
		return "make a fine-grained token with Issues: read and write, Metadata: read, and check that it has not expired"
	}
	return "check the address and the network, and run percolate doctor again"
}

func (t *Tracker) checkRepository(r *report, repo repository, scopes string) {
	r.add(trackers.OK, "", "%s can be read", repo.Name)
	if !strings.EqualFold(repo.Name, t.full()) {
		r.add(trackers.Warn, "name it so in the configuration", "the repository is called %s now", repo.Name)
	}
	if repo.Archived {
		r.add(trackers.Fail, "unarchive it, or name another one", "%s is archived and takes no changes", repo.Name)
	}
	if !repo.Issues {
		r.add(trackers.Fail, "switch issues on in the repository's settings", "%s has no issues", repo.Name)
	}
	if scopes != "" && !strings.Contains(scopes, "repo") {
		r.add(trackers.Warn, "give it the scope repo", "the token has the scopes %s", scopes)
	}
	if repo.Permissions.Push || repo.Permissions.Triage {
		r.add(trackers.OK, "", "the token may set labels and assignees")
		return
	}
	r.add(trackers.Warn, "give the token's user push access, or the token Issues: write",
		"the token has no push access: GitHub drops labels, assignees, milestones, types and fields without saying so")
}

func (t *Tracker) checkPublic(ctx context.Context, r *report, repo repository) {
	if repo.Private {
		return
	}
	l := t.library(t.anon.HTTP())
	req, err := l.NewRequest(http.MethodGet, repoPath(t.full()), nil)
	if err == nil {
		_, err = l.Do(ctx, req, nil)
	}
	open := err == nil // a server that asks everybody to sign in shows nothing
	switch {
	case open && !t.opt.Public:
		r.add(trackers.Fail, "set public: true, so that nothing confidential is filed here", "anybody may read %s", t.full())
	case t.opt.Public:
		r.add(trackers.OK, "", "%s is public, and configured so", t.full())
	}
}

// checkTree looks how children can be put below their parent.
func (t *Tracker) checkTree(ctx context.Context, r *report) {
	_, err := t.query(ctx, "check", "query { viewer { login } }", nil)
	if err != nil {
		r.add(trackers.Warn, "percolate goes on with REST, at two requests a child; allow GraphQL to make it one for ten",
			"GraphQL cannot be used: %v", reason(err))
	} else {
		r.add(trackers.OK, "", "GraphQL can be used: children are filed ten in a request")
	}
	var some []restIssue
	_, err = t.get(ctx, "check", repoPath(t.full())+"/issues?state=all&per_page=1", &some)
	if err != nil {
		r.add(trackers.Fail, t.accessMend(err), "issues cannot be listed: %v", reason(err))
		return
	}
	if len(some) == 0 {
		return // nothing to ask about
	}
	_, err = t.get(ctx, "check", some[0].item().path()+"/sub_issues?per_page=1", nil)
	switch {
	case err == nil:
		r.add(trackers.OK, "", "there are sub-issues")
	case isCode(err, trackers.NotFound):
		r.add(trackers.Warn, "", "this server has no sub-issues; children are listed in the text of their parent")
	default:
		r.add(trackers.Warn, t.accessMend(err), "sub-issues cannot be read: %v", reason(err))
	}
}

func (t *Tracker) checkLabels(ctx context.Context, r *report, repo repository) {
	wanted := []string{t.opt.Marker}
	if t.opt.Types == nil {
		wanted = append(wanted, values(t.opt.Kinds)...)
	}
	if t.opt.PriorityField == "" {
		wanted = append(wanted, values(t.opt.Priorities)...)
	}
	wanted = distinct(append(wanted, values(t.opt.Statuses)...))
	if err := t.lookup(ctx, "check", wanted, nil); err != nil {
		r.add(trackers.Warn, t.accessMend(err), "labels cannot be read: %v", reason(err))
		return
	}
	absent := slices.DeleteFunc(wanted, func(l string) bool { _, ok := t.known.label(l); return ok })
	switch {
	case len(absent) == 0:
		r.add(trackers.OK, "", "all labels are there")
	case repo.Permissions.Push || repo.Permissions.Triage:
		r.add(trackers.OK, "", "labels that are not there yet are made when they are needed: %s", strings.Join(absent, ", "))
	default:
		r.add(trackers.Warn, "make them by hand", "labels are not there, and the token may not make them: %s", strings.Join(absent, ", "))
	}
}

func values[K comparable](m map[K]string) []string { return slices.Sorted(maps.Values(m)) }

func (t *Tracker) checkTypes(ctx context.Context, r *report, repo repository) {
	var types []struct{ Name string }
	if repo.Owner.Type != "Organization" {
		if t.opt.Types != nil {
			r.add(trackers.Fail, "leave types out; kinds are labels then", "%s is no organisation, and only organisations have issue types", t.opt.Owner)
		}
		return
	}
	_, err := t.get(ctx, "check", "orgs/"+url.PathEscape(t.opt.Owner)+"/issue-types", &types)
	if t.opt.Types == nil || err != nil {
		if err != nil && t.opt.Types != nil {
			r.add(trackers.Warn, "give the token read access to the organisation", "issue types cannot be read: %v", reason(err))
		} else if len(types) > 0 {
			r.add(trackers.OK, "", "the organisation has issue types, and kinds are labels by configuration: that files ten children in a request")
		}
		return
	}
	for _, name := range distinct(values(t.opt.Types)) {
		if slices.ContainsFunc(types, func(o struct{ Name string }) bool { return strings.EqualFold(o.Name, name) }) {
			r.add(trackers.OK, "", "there is the issue type %s", name)
		} else {
			r.add(trackers.Fail, "name a type that the organisation has", "there is no issue type %s", name)
		}
	}
}

func (t *Tracker) checkFields(ctx context.Context, r *report) {
	if t.opt.Due == DueField {
		t.checkField(ctx, r, t.opt.DueField, "date", nil)
	}
	if t.opt.PriorityField != "" {
		t.checkField(ctx, r, t.opt.PriorityField, "single_select", values(t.opt.Priorities))
	}
}

func (t *Tracker) checkField(ctx context.Context, r *report, name, kind string, options []string) {
	f, ok, err := t.fieldOf(ctx, "check", name)
	switch {
	case err != nil:
		r.add(trackers.Warn, "give the token read access to the organisation", "issue fields cannot be read: %v", reason(err))
		return
	case !ok:
		r.add(trackers.Fail, "name a field that the organisation has", "there is no issue field %s", name)
		return
	case f.Type != kind:
		r.add(trackers.Fail, "name a field of that type", "the issue field %s is of type %s, and must be %s", name, f.Type, kind)
		return
	}
	for _, o := range distinct(options) {
		if !slices.ContainsFunc(f.Options, func(have struct{ Name string }) bool { return have.Name == o }) {
			r.add(trackers.Fail, "name its options under priorities", "the issue field %s has no option %s", name, o)
			return
		}
	}
	r.add(trackers.OK, "", "there is the issue field %s", name)
}

func (t *Tracker) checkAccounts(ctx context.Context, r *report, accounts []string) {
	if err := t.lookup(ctx, "check", nil, accounts); err != nil {
		r.add(trackers.Warn, t.accessMend(err), "people cannot be looked up: %v", reason(err))
		return
	}
	able := 0
	defer func() {
		if able > 0 {
			r.add(trackers.OK, "", "%d of %d people can be assigned", able, len(accounts))
		}
	}()
	for _, a := range accounts {
		p, unmet := t.assignee([]string{a})
		if p.can {
			able++
			continue
		}
		for _, u := range unmet {
			r.add(trackers.Warn, "invite "+a+" to the repository, or correct the login under people", "%s", u.Reason)
		}
	}
}

var _ trackers.Tracker = (*Tracker)(nil)
