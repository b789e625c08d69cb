package rally

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
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
	mu     sync.Mutex
	all    map[string]person
	asking map[string]chan struct{} // names being looked up; closed when that ends
}

func (p *people) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all = nil
}

// known is what is known of a name at the time given.
func (p *people) known(name string, now time.Time) (person, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	found, ok := p.all[name]
	return found, ok && now.Sub(found.at) < foundLast
}

// claim picks those of some unknown names that nobody looks up yet, which is for the
// caller to do now. Without one it is a channel that is closed when one of the others is.
func (p *people) claim(unknown []string) (mine []string, others <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asking == nil {
		p.asking = map[string]chan struct{}{}
	}
	ends := make(chan struct{})
	for _, name := range unknown {
		if end, taken := p.asking[name]; taken {
			others = end
			continue
		}
		mine, p.asking[name] = append(mine, name), ends
	}
	return mine, others
}

// release ends the look-up of names that were claimed together.
func (p *people) release(claimed []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.asking[claimed[0]])
	for _, name := range claimed {
		delete(p.asking, name)
	}
}

// owner finds the user of a user name or an e-mail address.
func (t *Tracker) owner(ctx context.Context, op, name string) (person, error) {
	for {
		if found, ok := t.people.known(name, t.opt.Now()); ok {
			return found, nil
		}
		if err := t.meet(ctx, op, []string{name}); err != nil {
			return person{}, err
		}
	}
}

// meetMax is how many people one query names: its address must not get too long.
const meetMax = 25

// meet looks up those of some people who are not known, many by one query. Each is asked
// for once, and who wants to know meanwhile waits for the answer.
func (t *Tracker) meet(ctx context.Context, op string, names []string) error {
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	for {
		names = slices.DeleteFunc(names, func(n string) bool { _, ok := t.people.known(n, t.opt.Now()); return ok })
		mine, others := t.people.claim(names)
		switch {
		case len(mine) > 0:
			err := t.lookUpUsers(ctx, op, mine)
			t.people.release(mine)
			if err != nil {
				return err
			}
		case others == nil:
			return nil
		default:
			select {
			case <-others:
			case <-ctx.Done():
				return t.rest.Fail(op, nil, ctx.Err(), "")
			}
		}
	}
}

func (t *Tracker) lookUpUsers(ctx context.Context, op string, names []string) error {
	group, asking := errgroup.WithContext(ctx)
	for part := range slices.Chunk(names, meetMax) {
		group.Go(func() error { return t.lookUpPart(asking, op, part) })
	}
	return group.Wait()
}

func (t *Tracker) lookUpPart(ctx context.Context, op string, names []string) error {
	users, err := objects[user](ctx, t, op, search{
		typ: "user", query: oneOf("UserName", names).or(oneOf("EmailAddress", names)), fetch: "ObjectID,UserName,EmailAddress,Disabled", project: everywhere,
	})
	if err != nil {
		return err
	}
	t.people.mu.Lock()
	defer t.people.mu.Unlock()
	for _, name := range names {
		t.people.keep(name, match(users, name), t.opt.Now())
	}
	return nil
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
