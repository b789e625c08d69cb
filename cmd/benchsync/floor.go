package main

import (
	"fmt"
	"strings"
)

// size is how much there is to file: documents with so many actions each.
type size struct{ documents, actions int }

// tickets are those of the documents and of their actions.
func (s size) tickets() int { return s.documents * (1 + s.actions) }

// need is the least of one work: how many requests the tracker's own limits on batches
// allow, and how many rounds they take, where a round is requests that are under way
// beside each other and the next one waits for what they answer.
type need struct{ requests, rounds int }

// and is one work after another.
func (n need) and(m need) need { return need{n.requests + m.requests, n.rounds + m.rounds} }

// floor is the least that works need.
type floor struct {
	file    func(size) need  // to file everything
	poll    func(k int) need // to read what changed of k tickets, 0 included
	refresh func(k int) need // to change k tickets: read afresh, write, see what is stored
}

// owners is how many people own the actions; each has to be looked up once.
const owners = 4

func jiraFloor() floor {
	return floor{
		// Parents, then children, 50 in a request, and all read back in hundreds. Ten for what has
		// to be known of the project first, and one for each owner.
		// Rounds: which Jira it is, our tickets by their marker, the types beside the owners, the
		// fields of the types; then parents and children, each written and read back.
		file: func(s size) need {
			return need{
				parts(s.documents, 50) + parts(s.documents*s.actions, 50) + parts(s.tickets(), 100) + 10 + owners,
				4 + s.rounds(50, jiraParallel) + s.rounds(100, jiraParallel),
			}
		},
		// Each page of a search has the token of the next. Who changed what is asked for
		// a thousand tickets at once, after the last page.
		poll: func(k int) need {
			return need{max(parts(k, 100), 1) + parts(k, 1000), max(parts(k, 100), 1) + min(k, 1)}
		},
		// One bulk read before, and one PUT for each ticket, which may answer with it.
		refresh: func(k int) need { return need{parts(k, 100) + k, 1 + parts(k, jiraParallel)} },
	}
}

func githubFloor() floor {
	return floor{
		// Ten issues in one mutation, which answers with them; labels and people once. GitHub wants
		// one write after another, so that every request is a round.
		file: func(s size) need {
			n := parts(s.documents, 10) + parts(s.documents*s.actions, 10)
			return need{n + 10 + owners, n + 2}
		},
		// Each page of a list, and who changed its issues.
		poll: func(k int) need {
			return need{max(parts(k, 100), 1) + parts(k, 100), max(parts(k, 100), 1) + parts(k, 100)}
		},
		// One read of hundred before, and one PATCH for each issue, which answers with it.
		refresh: func(k int) need { return need{parts(k, 100) + k, parts(k, 100) + k} },
	}
}

func rallyFloor() floor {
	return floor{
		// Fifty in a batch, which answers with them; projects, types and states first.
		// Rounds: our tickets by their marker; tags are looked for and made, and then the parents;
		// the type of defects, its attributes and their values, and then the children.
		file: func(s size) need {
			return need{
				parts(s.documents, 50) + parts(s.documents*s.actions, 50) + 10 + owners,
				1 + 2 + 3 + s.rounds(50, rallyParallel),
			}
		},
		// Two thousand tickets on a page, each of which begins where the last one ended.
		poll: func(k int) need { return need{max(parts(k, 2000), 1), max(parts(k, 2000), 1)} },
		// One bulk read before, and fifty changes in a batch, which answers with them.
		refresh: func(k int) need { return need{parts(k, 100) + parts(k, 50), 1 + parts(k, 50*rallyParallel)} },
	}
}

// rounds are those in which the parents, and then the children, go in requests of so many.
func (s size) rounds(portion, parallel int) int {
	return parts(s.documents, portion*parallel) + parts(s.documents*s.actions, portion*parallel)
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
