package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"time"

	"percolate/trackers/redmine/redminetest"
)

// redmineServer serves a real Redmine, which is installed first where it is missing.
func redmineServer(ctx context.Context, now func() time.Time) simulator {
	return func(flags *flag.FlagSet) func() (http.Handler, error) {
		derive := flags.Bool("derive", true, "parents have the latest due day and the highest priority of those below, as Redmine does")
		return func() (http.Handler, error) {
			s, err := redminetest.Start(ctx, redminetest.Options{Log: os.Stderr, Now: now})
			if err != nil {
				return nil, err
			}
			if !*derive {
				err = s.LetParentsBe(ctx)
			}
			if err != nil {
				return nil, errors.Join(err, s.Close())
			}
			fmt.Fprintf(os.Stderr, "a browser opens %s; log in as bob with the password %s\n"+
				"percolate takes the API key %s, project ops, marker_field 1 and labels_field 2\n",
				s.URL(), redminetest.Password, redminetest.BotKey)
			return s, nil
		}
	}
}
