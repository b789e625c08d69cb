package jira

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// foundLast is how long an answer about a person holds.
const foundLast = 12 * time.Hour

// found is what a look-up of a person came to: an account, or why there is none.
type found struct {
	account string
	why     string
	at      time.Time
}

// assignable finds the account of a person that the configuration names by account or
// by e-mail address, and why it cannot be assigned when it cannot. It asks once for each,
// and who wants to know meanwhile waits for the answer.
func (t *Tracker) assignable(ctx context.Context, op, project, name string) (found, error) {
	id := project + "\x00" + name
	t.mu.Lock()
	f, ok := t.people[id]
	t.mu.Unlock()
	if ok && t.opt.Now().Sub(f.at) < foundLast {
		return f, nil
	}
	answer, err, _ := t.asking.Do(id, func() (any, error) { return t.lookFor(ctx, op, project, name) })
	if err != nil {
		return found{}, err
	}
	f, _ = answer.(found)
	return f, nil
}

func (t *Tracker) lookFor(ctx context.Context, op, project, name string) (found, error) {
	kind, err := t.deployment(ctx, op)
	if err != nil {
		return found{}, err
	}
	var users []user
	path := fmt.Sprintf("user/assignable/search?project=%s&maxResults=50&%s=%s", url.QueryEscape(project), lookUp(kind, name), url.QueryEscape(name))
	if err := t.read(ctx, op, "GET", path, nil, &users); err != nil {
		return found{}, err
	}
	f := match(users, name, project)
	f.at = t.opt.Now()
	t.mu.Lock()
	t.people[project+"\x00"+name] = f
	t.mu.Unlock()
	return f, nil
}

// lookUp is the parameter that finds a person.
func lookUp(kind Deployment, name string) string {
	switch {
	case kind == DataCenter:
		return "username"
	case strings.Contains(name, "@"):
		return "query"
	}
	return "accountId"
}

// match picks the one person that is meant. The search matches beginnings of names and
// addresses, so its answer is looked at; where people hide their address, a single
// answer to the whole address is the person, and of several none is.
func match(users []user, name, project string) found {
	var exact, hidden []string
	for _, u := range users {
		switch {
		case strings.EqualFold(u.Email, name), strings.EqualFold(u.account(), name):
			exact = append(exact, u.account())
		case u.Email == "" && strings.Contains(name, "@"):
			hidden = append(hidden, u.account())
		}
	}
	switch {
	case len(exact) == 1:
		return found{account: exact[0]}
	case len(exact) == 0 && len(hidden) == 1 && len(users) == 1:
		return found{account: hidden[0]}
	case len(exact)+len(hidden) > 1:
		return found{why: fmt.Sprintf("several people fit %s; name the account instead", name)}
	}
	return found{why: fmt.Sprintf("%s cannot be assigned in project %s, or has no account", name, project)}
}

// person is an account as a value of the field assignee; nil for nobody.
func person(kind Deployment, account string) any {
	switch {
	case account == "":
		return nil
	case kind == DataCenter:
		return map[string]any{"name": account}
	}
	return map[string]any{"accountId": account}
}
