package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"percolate/mapping"
	"percolate/store"
	persync "percolate/sync"
	"percolate/sync/plan"
	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/files"
	"percolate/trackers/github"
	"percolate/trackers/jira"
	"percolate/trackers/rally"
	"percolate/trackers/redmine"
)

// newTracker makes a configured tracker. It is the only place that knows their types.
func (p *program) newTracker(c *config, t trackerConfig) (trackers.Tracker, error) {
	var made trackers.Tracker
	switch s := t.Section.(type) {
	case *filesConfig:
		made = files.New(files.Options{
			Name: t.Name, Dir: c.resolve(s.Dir), Now: p.now, Public: t.Public,
			Accounts: s.Accounts, Statuses: statusWords(s.Statuses),
		})
	case *jiraConfig:
		token, err := secretSource{path: "trackers: " + t.Name + ": token", env: s.TokenEnv, file: s.TokenFile}.read(c, p.env)
		if err != nil {
			return nil, err
		}
		opt := s.options()
		opt.Name, opt.Public, opt.Token, opt.Now, opt.Observe = t.Name, t.Public, token.Reveal(), p.now, p.requests.Observe
		j, err := jira.New(opt)
		if err != nil {
			return nil, err
		}
		made = j
	case *githubConfig:
		token, err := secretSource{path: "trackers: " + t.Name + ": token", env: s.TokenEnv, file: s.TokenFile}.read(c, p.env)
		if err != nil {
			return nil, err
		}
		opt := s.options()
		opt.Name, opt.Public, opt.Token, opt.Now, opt.Observe = t.Name, t.Public, token.Reveal(), p.now, p.requests.Observe
		g, err := github.New(opt)
		if err != nil {
			return nil, err
		}
		made = g
	case *rallyConfig:
		key, err := secretSource{path: "trackers: " + t.Name + ": key", env: s.KeyEnv, file: s.KeyFile}.read(c, p.env)
		if err != nil {
			return nil, err
		}
		opt := s.options()
		opt.Name, opt.Public, opt.Key, opt.Now, opt.Observe = t.Name, t.Public, key.Reveal(), p.now, p.requests.Observe
		r, err := rally.New(opt)
		if err != nil {
			return nil, err
		}
		made = r
	case *redmineConfig:
		key, err := secretSource{path: "trackers: " + t.Name + ": key", env: s.KeyEnv, file: s.KeyFile}.read(c, p.env)
		if err != nil {
			return nil, err
		}
		opt := s.options()
		opt.Name, opt.Public, opt.Key, opt.Now, opt.Observe = t.Name, t.Public, key.Reveal(), p.now, p.requests.Observe
		r, err := redmine.New(opt)
		if err != nil {
			return nil, err
		}
		made = r
	default:
		return nil, fmt.Errorf("tracker %s: there is no type %q", t.Name, t.Type)
	}
	if p.wrap != nil {
		made = p.wrap(made)
	}
	return made, nil
}

func statusWords(list []statusConfig) map[string]ticket.Status {
	words := map[string]ticket.Status{}
	for _, s := range list {
		for _, w := range s.Words {
			words[ticket.FoldText(w)] = ticket.Status(s.Status)
		}
	}
	return words
}

// newTrackers makes all trackers of the configuration, by name.
func (p *program) newTrackers(c *config) (map[string]trackers.Tracker, error) {
	all := map[string]trackers.Tracker{}
	for _, t := range c.Trackers {
		made, err := p.newTracker(c, t)
		if err != nil {
			return nil, err
		}
		all[t.Name] = made
	}
	return all, nil
}

// newRules are the mapping rules of a run that begins now.
func (p *program) newRules(c *config) (*mapping.Rules, error) {
	return c.rules(ticket.DayOf(p.now(), c.zone))
}

// openState opens the state, which is made when it is not there.
func (p *program) openState(ctx context.Context, c *config) (*store.DB, error) {
	return store.Open(ctx, c.resolve(c.State.Path), store.Options{Now: p.now, Wait: p.stateWait})
}

// newWorker joins the parts that carry plans out.
func (p *program) newWorker(c *config, state persync.State) (*persync.Worker, error) {
	all, err := p.newTrackers(c)
	if err != nil {
		return nil, err
	}
	if p.wrapState != nil {
		state = p.wrapState(state)
	}
	policy, err := c.policy()
	if err != nil {
		return nil, err
	}
	host, err := os.Hostname()
	if err != nil {
		host = "this machine"
	}
	return &persync.Worker{
		Trackers: all, State: state, Policy: policy, Now: p.now, Portion: p.portion,
		Holder: fmt.Sprintf("%s, process %d", host, os.Getpid()),
	}, nil
}

// openWorker reads the configuration and opens the state for commands that plan nothing
// by themselves. The caller closes the state.
func (p *program) openWorker(ctx context.Context) (*config, *store.DB, *persync.Worker, error) {
	c, err := p.config()
	if err != nil {
		return nil, nil, nil, err
	}
	state, err := p.openState(ctx, c)
	if err != nil {
		return nil, nil, nil, err
	}
	w, err := p.newWorker(c, state)
	if err != nil {
		_ = state.Close()
		return nil, nil, nil, err
	}
	return c, state, w, nil
}

// policy is what the configuration decides about tickets that are filed.
func (c *config) policy() (plan.Policy, error) {
	basis, err := json.Marshal([]any{c.People, c.Teams, c.Trackers})
	if err != nil {
		return plan.Policy{}, fmt.Errorf("digest of the configuration: %w", err)
	}
	p := plan.Policy{
		Mode: plan.Mode(c.Policy.Mode), Fields: map[ticket.Field]plan.Mode{},
		Guard: plan.Guard{
			Creations: c.Policy.Guard.Creations, ChangePercent: c.Policy.Guard.ChangePercent, ChangeFloor: c.Policy.Guard.ChangeFloor,
		},
		CloseRemoved: c.Policy.OnRemoved == removedClose, FileElsewhere: c.Policy.FileElsewhere,
		Basis: ticket.Digest(string(basis)),
	}
	for _, f := range c.Policy.Fields {
		p.Fields[ticket.Field(f.Field)] = plan.Mode(f.Mode)
	}
	return p, nil
}

// desk is what a command works with that plans or writes.
type desk struct {
	*library
	state  *store.DB
	worker *persync.Worker
}

// openDesk reads the configuration and the documents, and opens the state.
func (p *program) openDesk(ctx context.Context, args []string) (*desk, error) {
	c, err := p.config()
	if err != nil {
		return nil, err
	}
	rules, err := p.newRules(c)
	if err != nil {
		return nil, err
	}
	l, err := c.readDocuments(ctx, rules, args, true)
	if err != nil {
		return nil, err
	}
	if l.faults != nil && len(l.documents) == 0 {
		return nil, l.faults // there is nothing to work on, and no state is made for that
	}
	state, err := p.openState(ctx, c)
	if err != nil {
		return nil, err
	}
	w, err := p.newWorker(c, state)
	if err != nil {
		_ = state.Close()
		return nil, err
	}
	return &desk{library: l, state: state, worker: w}, nil
}

func (d *desk) close() { _ = d.state.Close() }

// request asks for the documents at hand. Only when nothing was left out of sight does
// the absence of a document mean that it is missing.
func (d *desk) request(args []string, o plan.Options) persync.Request {
	return persync.Request{Documents: d.library, Whole: len(args) == 0 && d.faults == nil, Options: o}
}
