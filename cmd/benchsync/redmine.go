package main

import "percolate/trackers/redmine/redminetest"

// How many requests percolate has under way at once with Redmine, which answers one after
// the other all the same.
const redmineParallel = 4

// redmine is a real Redmine behind a server that adds the latency. What it takes for an
// answer itself, the latency comes on top of: ten times as many documents would take it
// about ten minutes and more.
func redmine() tracker {
	return tracker{
		name: "redmine", config: "url: 'URL', key_env: BENCH_TOKEN, project: ops, marker_field: 1, labels_field: 2",
		parallel: redmineParallel, most: 100, floor: redmineFloor(), key: redminetest.BotKey,
		accounts: map[string]string{"ana": redminetest.Ann, "raj": redminetest.Bob, "mia": redminetest.Ann, "lee": redminetest.Bob},
	}
}

func redmineFloor() floor {
	return floor{
		// One request for each ticket, which answers with it. What has to be known of the project
		// and of Redmine first goes beside each other, members and our tickets by their marker
		// too. Those below one parent go in turn, since Redmine locks the tree that they join.
		file: func(s size) need {
			beside := parts(s.documents, redmineParallel)
			return need{s.tickets() + 4, 2 + beside + beside*s.actions}
		},
		// Each page begins where the last one ended.
		poll: func(k int) need { return need{max(parts(k, 100), 1), max(parts(k, 100), 1)} },
		// One bulk read before, one PUT for each, which answers nothing, and one bulk read after.
		refresh: func(k int) need {
			return need{parts(k, 100) + k + parts(k, 100), 2 + parts(k, redmineParallel)}
		},
	}
}
