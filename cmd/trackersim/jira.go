package main

import (
	"flag"
	"fmt"
	"net/http"
	"time"

	"percolate/trackers/jira/jiratest"
)

// jiraSimulator serves a Jira with one project.
func jiraSimulator(now func() time.Time) simulator {
	return func(flags *flag.FlagSet) func() (http.Handler, error) {
		var opt jiratest.Options
		flags.BoolVar(&opt.DataCenter, "data-center", false, "be a Data Center, not Cloud")
		flags.StringVar(&opt.Project, "project", "OPS", "the key of the project")
		flags.StringVar(&opt.User, "user", "", "the user that must log in; empty for a bearer token")
		flags.StringVar(&opt.Token, "token", "", "the token that is asked for; empty lets everybody in")
		flags.BoolVar(&opt.Public, "public", false, "anybody may read the project")
		flags.BoolVar(&opt.Localised, "localised", false, "types and priorities have French names")
		flags.BoolVar(&opt.AnyUser, "any-user", false, "every account can be assigned")
		zone := flags.String("zone", "UTC", "the time zone of the user's profile")
		lag := flags.Duration("index-lag", 0, "how long the search knows nothing of a change")
		return func() (http.Handler, error) {
			loc, err := time.LoadLocation(*zone)
			if err != nil {
				return nil, fmt.Errorf("zone: %w", err)
			}
			opt.Zone, opt.Now, opt.Sleep = loc, now, time.Sleep
			s := jiratest.New(opt)
			s.SetFaults(func(f *jiratest.Faults) { f.IndexLag = jiratest.Duration(*lag) })
			return s, nil
		}
	}
}
