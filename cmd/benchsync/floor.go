package main

import (
	"fmt"
	"strings"
)

// size is how much there is to file: documents with so many actions each.
type size struct{ documents, actions int }

// tickets are those of the documents and of their actions.
func (s size) tickets() int { return s.documents * (1 + s.actions) }

// floor is the least number of requests that a tracker's own limits on batches allow.
type floor struct {
	file    func(size) int  // to file everything
	poll    func(k int) int // to read what changed of k tickets, 0 included
	refresh func(k int) int // to change k tickets: read afresh, write, see what is stored
}

// owners is how many people own the actions; each has to be looked up once.
const owners = 4

func jiraFloor() floor {
	return floor{
		// Parents, then children, 50 in a request, and all read back in hundreds. Ten for what has
		// to be known of the project first, and one for each owner.
		file: func(s size) int {
			return parts(s.documents, 50) + parts(s.documents*s.actions, 50) + parts(s.tickets(), 100) + 10 + owners
		},
		poll: func(k int) int { return max(parts(k, 100), 1) },
		// One bulk read before, one PUT for each ticket, and one bulk read after.
		refresh: func(k int) int { return parts(k, 100) + k + parts(k, 100) },
	}
}

func githubFloor() floor {
	return floor{
		// Ten issues in one mutation, which answers with them; labels and people once.
		file: func(s size) int { return parts(s.documents, 10) + parts(s.documents*s.actions, 10) + 10 + owners },
		poll: func(k int) int { return max(parts(k, 100), 1) },
		// One read of hundred before, and one PATCH for each issue, which answers with it.
		refresh: func(k int) int { return parts(k, 100) + k },
	}
}

func rallyFloor() floor {
	return floor{
		// Fifty in a batch, which answers with them; projects, types and states first.
		file: func(s size) int { return parts(s.documents, 50) + parts(s.documents*s.actions, 50) + 10 + owners },
		poll: func(k int) int { return max(parts(k, 100), 1) },
		// One bulk read before, and fifty changes in a batch.
		refresh: func(k int) int { return parts(k, 100) + parts(k, 50) },
	}
}

// parts is how many portions n things make.
func parts(n, portion int) int { return (n + portion - 1) / portion }

// rival is another tool and the requests that its code makes for the same work; nil
// where it does nothing of that kind.
type rival struct {
	name                  string
	file, unchanged, some func(tickets, changed int) int
}

// The formulas were read out of the code of the tools in 2026, except those of
// issue-sync and jiralert, which were measured as well.
func jiraRivals() []rival {
	return []rival{
		{"git-bug", func(t, _ int) int { return 1 + t }, func(int, int) int { return 2 }, func(_, k int) int { return 2 + parts(k, 10) + 2*k }},
		{"jiralert", func(t, _ int) int { return 2 * t }, func(t, _ int) int { return t }, func(t, k int) int { return t + k }},
		{"issue-sync", func(t, _ int) int { return 1 + 2*t }, func(t, _ int) int { return 1 + t }, func(t, k int) int { return 1 + t + k }},
		{"Sync2Jira", func(t, _ int) int { return 8 * t }, func(t, _ int) int { return 5 * t }, func(_, k int) int { return 7 * k }},
	}
}

func githubRivals() []rival {
	return []rival{
		{"git-bug", func(t, _ int) int { return 1 + t }, func(int, int) int { return 1 }, func(_, k int) int { return parts(k, 40) }},
	}
}

// others tells what each rival needs, as "git-bug 61, jiralert 120".
func others(all []rival, formula func(rival) func(tickets, changed int) int, tickets, changed int) string {
	var told []string
	for _, r := range all {
		if f := formula(r); f != nil {
			told = append(told, fmt.Sprintf("%s %d", r.name, f(tickets, changed)))
		}
	}
	return strings.Join(told, ", ")
}
