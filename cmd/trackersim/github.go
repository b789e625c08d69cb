package main

import (
	"flag"
	"net/http"
	"strings"
	"time"

	"percolate/trackers/github/githubtest"
)

// githubSimulator serves a GitHub with one repository, octo/backlog by default.
func githubSimulator(now func() time.Time) simulator {
	return func(flags *flag.FlagSet) func() (http.Handler, error) {
		var opt githubtest.Options
		flags.StringVar(&opt.Owner, "owner", "octo", "the owner of the repository")
		flags.StringVar(&opt.Repo, "repo", "backlog", "the name of the repository")
		flags.StringVar(&opt.Token, "token", "", "the token that is asked for; empty lets everybody in")
		flags.BoolVar(&opt.Private, "private", true, "only those with the token may read the repository")
		flags.BoolVar(&opt.NoGraphQL, "no-graphql", false, "refuse GraphQL")
		flags.BoolVar(&opt.NoSubIssues, "no-sub-issues", false, "be an older server without sub-issues")
		flags.BoolVar(&opt.NoPush, "no-push", false, "drop labels, assignees and milestones in silence")
		free := flags.Bool("no-limits", false, "limit nothing, as GitHub Enterprise Server does unless it is told to")
		lag := flags.Duration("search-lag", 0, "how long the search knows nothing of a change")
		accounts := flags.String("accounts", "", "logins that can be assigned, with commas between them")
		return func() (http.Handler, error) {
			opt.Now, opt.Sleep = now, time.Sleep
			opt.Accounts = strings.FieldsFunc(*accounts, func(r rune) bool { return r == ',' || r == ' ' })
			s := githubtest.New(opt)
			s.SetFaults(func(f *githubtest.Faults) { f.NoLimits, f.SearchLag = *free, githubtest.Duration(*lag) })
			return s, nil
		}
	}
}
