package rally

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"
)

// foundLast is how long an answer about a person holds.
const foundLast = 12 * time.Hour

// person is what a look-up of somebody came to: their ref, or why they cannot own work.
type person struct {
	ref string
	why string
	at  time.Time
}

// people remembers look-ups, by the name that was asked for.
type people struct {
	mu  sync.Mutex // held while we ask, so that each is asked for once
	all map[string]person
}

func (p *people) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all = nil
}

// owner finds the user of a user name or an e-mail address.
func (t *Tracker) owner(ctx context.Context, op, name string) (person, error) {
	p := &t.people
	p.mu.Lock()
	defer p.mu.Unlock()
	if known, ok := p.all[name]; ok && t.opt.Now().Sub(known.at) < foundLast {
		return known, nil
	}
	users, err := objects[user](ctx, t, op, search{
		typ: "user", query: is("UserName", "=", name).or(is("EmailAddress", "=", name)), fetch: "ObjectID,UserName,EmailAddress,Disabled", project: everywhere,
	})
	if err != nil {
		return person{}, err
	}
	found := match(users, name)
	p.keep(name, found, t.opt.Now())
	return found, nil
}

// keep remembers; the caller holds the lock.
func (p *people) keep(name string, found person, at time.Time) {
	if p.all == nil {
		p.all = map[string]person{}
	}
	found.at = at
	p.all[name] = found
}

// refuses remembers that Rally did not take somebody as an owner.
func (t *Tracker) refuses(name, why string) {
	t.people.mu.Lock()
	defer t.people.mu.Unlock()
	t.people.keep(name, person{why: why}, t.opt.Now())
}

type user struct {
	object
	Disabled bool `json:"Disabled"`
}

// match picks the one user that is meant: by user name before by address, which several
// may share.
func match(users []user, name string) person {
	var named, addressed []user
	for _, u := range users {
		switch {
		case strings.EqualFold(u.UserName, name):
			named = append(named, u)
		case strings.EqualFold(u.Email, name) && !u.Disabled:
			addressed = append(addressed, u)
		}
	}
	if len(named) == 0 {
		named = addressed
	}
	switch {
	case len(named) == 0:
		return person{why: name + " is no user of this Rally"}
	case len(named) > 1:
		return person{why: fmt.Sprintf("several users have the address %s; name the user instead", name)}
	case named[0].Disabled:
		return person{why: name + " is disabled in Rally"}
	}
	return person{ref: path("user", named[0].id())}
}
