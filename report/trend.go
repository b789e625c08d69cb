package report

import (
	"maps"
	"slices"
	"time"
)

// Week is what became of the actions within the last seven days, so that what was open
// before, and new, and opened again, less what was finished and lost, is what is open
// now. What was filed and not read yet is not counted before it is read.
type Week struct {
	OpenBefore int `json:"open_before"` // seven days ago
	New        int `json:"new"`
	Reopened   int `json:"reopened"`
	Done       int `json:"done"`
	Dropped    int `json:"dropped"` // and duplicates
	Lost       int `json:"lost"`    // gone or retired
}

func (b *builder) week(all []Action) Week {
	var w Week
	from := b.now.AddDate(0, 0, -7)
	for i := range all {
		a := &all[i]
		before := a.before(from)
		switch a.State {
		case Open:
			w.begin(before)
		case Done, Dropped, Duplicate:
			if !a.Finished.After(from) || before == unborn && !a.Finished.After(a.Created) {
				continue // finished before this week, or before it was tracked
			}
			w.begin(before)
			if a.State == Done {
				w.Done++
			} else {
				w.Dropped++
			}
		case Gone, Retired:
			if !a.lostSince(from) || a.Status.Finished() {
				continue // or nobody works on it since it was finished
			}
			w.begin(before)
			w.Lost++
		}
	}
	return w
}

func (w *Week) begin(before standing) {
	switch before {
	case unborn:
		w.New++
	case working:
		w.OpenBefore++
	case finished:
		w.Reopened++
	}
}

// standing is how an action stood at an earlier instant.
type standing int

const (
	unborn standing = iota
	working
	finished
)

// before tells how the action stood at an instant.
func (a *Action) before(at time.Time) standing {
	if a.Created.After(at) {
		return unborn
	}
	if s, ok := a.life.at(at); ok && s.Status.Finished() {
		return finished
	}
	return working
}

// lostSince reports whether its ticket or its place in the document went after an instant.
func (a *Action) lostSince(at time.Time) bool {
	if a.State == Gone {
		return a.Gone.After(at)
	}
	return a.Retired.After(at)
}

// Month is what was begun and finished in one month.
type Month struct {
	Month     string `json:"month"` // "2026-03"; "" for what was finished nobody knows when
	Created   int    `json:"created"`
	Done      int    `json:"done"`
	Dropped   int    `json:"dropped"`
	Duplicate int    `json:"duplicate"`
}

// months are those in which anything happened, the oldest first.
func (b *builder) months(all []Action) []Month {
	rows := map[string]*Month{}
	at := func(t time.Time) *Month {
		name := ""
		if !t.IsZero() {
			name = t.In(b.rules.Zone).Format("2006-01")
		}
		if rows[name] == nil {
			rows[name] = &Month{Month: name}
		}
		return rows[name]
	}
	for i := range all {
		a := &all[i]
		if a.State == Repeat || a.State == Released {
			continue
		}
		at(a.Created).Created++
		switch a.State {
		case Done:
			at(a.Finished).Done++
		case Dropped:
			at(a.Finished).Dropped++
		case Duplicate:
			at(a.Finished).Duplicate++
		}
	}
	out := make([]Month, 0, len(rows))
	for _, name := range slices.Sorted(maps.Keys(rows)) {
		out = append(out, *rows[name])
	}
	return out
}
