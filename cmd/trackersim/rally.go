package main

import (
	"flag"
	"fmt"
	"net/http"
	"time"

	"percolate/trackers/rally/rallytest"
)

// rallySimulator serves a Rally with one workspace and two projects.
func rallySimulator(now func() time.Time) simulator {
	return func(flags *flag.FlagSet) func() (http.Handler, error) {
		var opt rallytest.Options
		flags.Int64Var(&opt.Workspace, "workspace", rallytest.WorkspaceID, "the object id of the workspace")
		flags.Int64Var(&opt.Project, "project", rallytest.ProjectID, "the object id of the project")
		flags.StringVar(&opt.Key, "key", "", "the API key that is asked for; empty lets everybody in")
		flags.BoolVar(&opt.AnyUser, "any-user", false, "every name is a user who can own tickets")
		flags.StringVar(&opt.Due, "due", "", "where people have the due day of a story: field; empty for a line in its description")
		zone := flags.String("zone", "UTC", "the time zone of the workspace")
		collections := flags.String("batch-collections", "", "what becomes of tags in a batch: refuse, warn or drop; empty for carried")
		return func() (http.Handler, error) {
			loc, err := time.LoadLocation(*zone)
			if err != nil {
				return nil, fmt.Errorf("zone: %w", err)
			}
			opt.Zone, opt.Now, opt.Sleep = loc, now, time.Sleep
			s := rallytest.New(opt)
			s.SetFaults(func(f *rallytest.Faults) { f.BatchCollections = *collections })
			return s, nil
		}
	}
}
