package jira

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"percolate/ticket"
)

// sight is a ticket of a poll, with what is known of those who moved it.
type sight struct {
	ticket.Seen
	created time.Time
	acts    []act
	more    bool // there are comments that the search did not show
	logged  bool // its whole change log was read
}

// act is what somebody did that moves a ticket if that was a person.
type act struct {
	by user
	at time.Time
}

// sights yields the tickets of ours that a query finds, page by page.
func (t *Tracker) sights(ctx context.Context, jql string) iter.Seq2[[]sight, error] {
	return func(yield func([]sight, error) bool) {
		shown, err := t.shownFields(ctx, "changed")
		if err != nil {
			yield(nil, err)
			return
		}
		asOf := t.opt.Now()
		for issues, err := range t.pages(ctx, "changed", query{jql: jql, shown: append(shown, "created", "comment"), log: true}) {
			var page []sight
			if err == nil {
				page, err = t.sight(ctx, asOf, issues)
			}
			if !yield(page, err) || err != nil {
				return
			}
			asOf = t.opt.Now()
		}
	}
}

// sight folds issues. Those without a whole marker are none of ours.
func (t *Tracker) sight(ctx context.Context, asOf time.Time, issues []issue) ([]sight, error) {
	ids, err := t.fieldIDs(ctx, "changed")
	if err != nil {
		return nil, err
	}
	seen, err := t.seen(ctx, "changed", asOf, issues)
	if err != nil {
		return nil, err
	}
	var page []sight
	for i, is := range issues {
		if seen[i].Key == (ticket.Key{}) {
			continue
		}
		s := sight{Seen: seen[i]}
		s.read(is)
		if is.Log != nil {
			s.acts = append(s.acts, t.logged(is.Log.Histories, ids)...)
			s.logged = is.Log.Total <= len(is.Log.Histories)
		}
		page = append(page, s)
	}
	return page, nil
}

// comments are a page of the comments on an issue.
type comments struct {
	Comments []struct {
		Author  user   `json:"author"`
		Body    string `json:"body"`
		Created string `json:"created"`
	} `json:"comments"`
	Total int `json:"total"`
}

// acts are those of others: a comment that is signed is ours, whoever we were then.
func (c comments) acts() (all []act) {
	for _, one := range c.Comments {
		if len(signatures(one.Body)) == 0 {
			all = append(all, act{one.Author, instant(one.Created)})
		}
	}
	return all
}

// read takes what the fields of an issue tell.
func (s *sight) read(is issue) {
	var v struct {
		Created string   `json:"created"`
		Comment comments `json:"comment"`
	}
	_ = json.Unmarshal(is.Fields, &v) // a field in another form is an empty one
	s.created, s.acts = instant(v.Created), v.Comment.acts()
	s.more = v.Comment.Total > len(v.Comment.Comments)
}

// moved is the tickets, each with when a person last moved it as far as that can be
// told. What cannot be read costs that and nothing else: the poll goes on.
func (t *Tracker) moved(ctx context.Context, held []sight) ([]ticket.Seen, error) {
	seen := make([]ticket.Seen, 0, len(held))
	for part := range slices.Chunk(held, logMax) {
		if err := t.tell(ctx, part); err != nil && ctx.Err() != nil {
			return nil, err
		}
	}
	for _, s := range held {
		seen = append(seen, s.Seen)
	}
	return seen, nil
}

func (t *Tracker) tell(ctx context.Context, held []sight) error {
	var me string
	group, asking := errgroup.WithContext(ctx)
	group.Go(func() (err error) { me, err = t.whoAmI(asking, "changed"); return err })
	group.Go(func() error { return t.readLogs(asking, held) })
	if err := group.Wait(); err != nil {
		return err
	}
	if err := t.readComments(ctx, held); err != nil {
		return err
	}
	for i := range held {
		if s := &held[i]; s.logged && !s.more {
			s.Moved = t.last(*s, me)
		}
	}
	return nil
}

// last is when a person last did something, or else when the ticket was created; zero
// where the time of something that a person did was not understood.
func (t *Tracker) last(s sight, me string) time.Time {
	last := s.created
	for _, a := range s.acts {
		switch {
		case !t.isPerson(a.by, me):
		case a.at.IsZero():
			return time.Time{}
		case a.at.After(last):
			last = a.at
		}
	}
	return last
}

// isPerson tells people from apps, from configured accounts, from nobody and from us.
func (t *Tracker) isPerson(u user, me string) bool {
	if u.Type == "app" || u.account() == "" || u.account() == me {
		return false
	}
	return !slices.ContainsFunc(t.opt.Bots, func(bot string) bool {
		return strings.EqualFold(bot, u.account()) || u.Email != "" && strings.EqualFold(bot, u.Email)
	})
}

// moreMax bounds how many tickets' newest comments one poll reads.
const moreMax = 10

// readComments reads the newest comments of tickets that have more than the search shows.
func (t *Tracker) readComments(ctx context.Context, held []sight) error {
	left := moreMax
	group, asking := errgroup.WithContext(ctx)
	for i := range held {
		s := &held[i]
		if !s.more || left == 0 {
			continue
		}
		left--
		group.Go(func() error {
			var page comments
			path := fmt.Sprintf("issue/%s/comment?orderBy=-created&maxResults=%d", s.Ref, pageSize)
			if err := t.read(asking, "changed", "GET", path, nil, &page); err != nil {
				return err
			}
			s.acts, s.more = append(s.acts, page.acts()...), false
			return nil
		})
	}
	return group.Wait()
}
