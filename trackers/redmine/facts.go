package redmine

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"percolate/ticket"
	"percolate/trackers"
)

// factsLast is how long we believe what the site has, so that what an administrator adds
// is used without a restart.
const factsLast = time.Hour

// facts are what we know of the site. What they point to is never changed.
type facts struct {
	project    project
	priorities []priority
	learned    time.Time
}

type project struct {
	thing
	Identifier string  `json:"identifier"`
	Public     bool    `json:"is_public"`
	Trackers   []thing `json:"trackers"`
}

type priority struct {
	thing
	Active bool `json:"active"`
}

// learn asks for the facts where they are not known. One asks and the others wait.
func (t *Tracker) learn(ctx context.Context, op string) (facts, error) {
	t.learning.Lock()
	defer t.learning.Unlock()
	if !t.facts.learned.IsZero() && t.opt.Now().Sub(t.facts.learned) < factsLast {
		return t.facts, nil
	}
	f := facts{learned: t.opt.Now()}
	var site struct {
		Project    project    `json:"project"`
		Priorities []priority `json:"issue_priorities"`
	}
	if err := t.read(ctx, op, "/projects/"+url.PathEscape(t.opt.Project)+".json?include=trackers", &site); err != nil {
		return facts{}, err
	}
	if err := t.read(ctx, op, "/enumerations/issue_priorities.json", &site); err != nil {
		return facts{}, err
	}
	f.project, f.priorities = site.Project, site.Priorities
	t.keepName(f.project.ID, f.project.Identifier)
	t.facts = f
	t.carryOn()
	return f, nil
}

// forget drops all that was learned, so that doctor sees what is there now.
func (t *Tracker) forget() {
	t.learning.Lock()
	t.facts = facts{}
	t.learning.Unlock()
	t.mu.Lock()
	t.people, t.names = map[string]members{}, map[int]string{}
	t.mu.Unlock()
}

// stop lets nothing more be filed, until facts are learned anew.
func (t *Tracker) stop(why error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stopped = why
}

func (t *Tracker) carryOn() { t.stop(nil) }

func (t *Tracker) whyStopped() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.stopped
}

// tracker is the number of the tracker for a kind.
func (t *Tracker) tracker(op string, f facts, kind ticket.Kind) (int, error) {
	name, ok := t.opt.Types[kind]
	if !ok {
		return 0, t.fail(op, trackers.Invalid, "no tracker is configured for the kind %q", kind)
	}
	for _, tr := range f.project.Trackers {
		if strings.EqualFold(tr.Name, name) {
			return tr.ID, nil
		}
	}
	return 0, t.fail(op, trackers.Invalid, "project %s has no tracker %q for a %s; it has %s", t.opt.Project, name, kind, namesOf(f.project.Trackers))
}

// priority is the number of a priority: the first of our names that there is.
func (t *Tracker) priority(f facts, p ticket.Priority) (number int, why string) {
	for _, name := range t.opt.Priorities[p] {
		for _, have := range f.priorities {
			if have.Active && strings.EqualFold(have.Name, name) {
				return have.ID, ""
			}
		}
	}
	return 0, "no priority of this Redmine is configured as " + p.String()
}

func namesOf(things []thing) string {
	names := make([]string, len(things))
	for i, th := range things {
		names[i] = th.Name
	}
	return strings.Join(names, ", ")
}

// membersLast is how long the list of a project's members holds.
const membersLast = 12 * time.Hour

// members are the people and groups of a project.
type members struct {
	who []thing
	at  time.Time
}

// assignable finds a member of a project by name or number, and why nobody is meant when
// nobody is. A look at the list of members is all that an ordinary account may have.
func (t *Tracker) assignable(ctx context.Context, op, project, account string) (number int, why string, err error) {
	all, err := t.members(ctx, op, project)
	if err != nil {
		return 0, "", err
	}
	var found []thing
	for _, m := range all {
		if strings.EqualFold(m.Name, account) || strconv.Itoa(m.ID) == account {
			found = append(found, m)
		}
	}
	switch len(found) {
	case 0:
		return 0, fmt.Sprintf("project %s has no member called %s", project, account), nil
	case 1:
		return found[0].ID, "", nil
	}
	return 0, fmt.Sprintf("project %s has several members called %s; name the number in the address of the person's page instead", project, account), nil
}

// members reads the members of a project, once in a while. One asks and the others wait.
func (t *Tracker) members(ctx context.Context, op, project string) ([]thing, error) {
	t.asking.Lock()
	defer t.asking.Unlock()
	t.mu.Lock()
	known, ok := t.people[project]
	t.mu.Unlock()
	if ok && t.opt.Now().Sub(known.at) < membersLast {
		return known.who, nil
	}
	m := members{at: t.opt.Now()}
	offset := 0
	for range pageMax {
		var out struct {
			Memberships []struct {
				User  *thing `json:"user"`
				Group *thing `json:"group"`
			} `json:"memberships"`
			Total int `json:"total_count"`
		}
		path := fmt.Sprintf("/projects/%s/memberships.json?limit=%d&offset=%d", url.PathEscape(project), pageSize, offset)
		if err := t.read(ctx, op, path, &out); err != nil {
			return nil, err
		}
		for _, one := range out.Memberships {
			for _, who := range []*thing{one.User, one.Group} {
				if who != nil {
					m.who = append(m.who, *who)
				}
			}
		}
		offset += len(out.Memberships)
		if len(out.Memberships) == 0 || offset >= out.Total {
			break
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.people[project] = m
	return m.who, nil
}
