package main

import (
	"fmt"
	"slices"
	"strings"
)

// tracker is what is to be known of one kind of tracker to measure it.
type tracker struct {
	name      string   // that of its simulator
	simulator []string // arguments of the simulator
	config    string   // what its section of the configuration has beside that; URL is the address of the simulator
	parallel  int      // requests that it may have under way at once
	most      int      // documents
	floor     floor
	rivals    []rival
	key       string            // that its server takes, where it does not take any
	accounts  map[string]string // of people, where they are not called as the documents call them
}

// How many requests percolate has under way at once with each tracker.
const (
	jiraParallel   = 4
	githubParallel = 1
	rallyParallel  = 8
)

// trackers are those that are measured.
func trackers() []tracker {
	return []tracker{
		{"jira", []string{"--any-user"}, "url: 'URL', token_env: BENCH_TOKEN, project: OPS", jiraParallel, 10000, jiraFloor(), jiraRivals(), "", nil},
		{"github", []string{"--no-limits", "--accounts=ana,raj,mia,lee"}, "url: 'URL', api: 'URL', token_env: BENCH_TOKEN, owner: octo, repo: backlog, unlimited: true", githubParallel, 1000, githubFloor(), githubRivals(), "", nil},
		{"rally", []string{"--any-user"}, "url: 'URL', key_env: BENCH_TOKEN, workspace: '41529001', project: '41529017'", rallyParallel, 1000, rallyFloor(), nil, "", nil},
		redmine(),
	}
}

func find(all []tracker, name string) (tracker, bool) {
	i := slices.IndexFunc(all, func(t tracker) bool { return t.name == name })
	if i < 0 {
		return tracker{}, false
	}
	return all[i], true
}

// section is the tracker's part of the configuration.
func (t tracker) section(address string) string {
	config := strings.ReplaceAll(t.config, "URL", address)
	return fmt.Sprintf("{name: bench, type: %s, default_account: name, %s}", t.name, config)
}

// people are those who own actions, as the configuration has them.
func (t tracker) people() string {
	var all []string
	for _, name := range []string{"ana", "raj", "mia", "lee"} {
		person := "{name: " + name
		if account := t.accounts[name]; account != "" {
			person += ", accounts: [{tracker: bench, account: " + account + "}]"
		}
		all = append(all, person+"}")
	}
	return "[" + strings.Join(all, ", ") + "]"
}
