package main

import (
	"testing"
	"time"
)

func TestOnlyAWriteInWhoseMidstAProcessWasSuspendedIsExcused(t *testing.T) {
	begun := time.Unix(1000, 0)
	at := func(ms int) int64 { return begun.Add(time.Duration(ms) * time.Millisecond).UnixNano() }
	pause := window{begun.Add(100 * time.Millisecond), begun.Add(500 * time.Millisecond)}
	for name, c := range map[string]struct {
		before, after int // when the write began and ended; 0 for an end that nobody noted
		given         int // when the lease was given back, 0 for never
		want          bool
	}{
		"it was under way":              {90, 510, 0, true},
		"its end is not known":          {90, 0, 0, true},
		"it was decided on":             {505, 510, 0, true},
		"it had ended":                  {80, 90, 0, false},
		"it is the failpoint's own":     {540, 550, 0, false},
		"it came later":                 {700, 710, 0, false},
		"the lease was given back":      {90, 510, 95, false},
		"the lease was given back then": {90, 510, 520, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := &scene{trace: []passage{
				{PID: 7, At: at(10), Point: "lease.after"},
				{PID: 7, At: at(c.before), Point: "update.before", About: []string{"T1"}},
				{PID: 7, At: at(c.before) + 1, Point: "update.before", About: []string{"T2"}},
				{PID: 7, At: at(c.before) + 2, Point: "update.after", About: []string{"T2"}},
			}}
			if c.after > 0 {
				s.trace = append(s.trace, passage{PID: 7, At: at(c.after), Point: "update.after", About: []string{"T1"}})
			}
			if c.given > 0 {
				s.trace = append(s.trace, passage{PID: 7, At: at(c.given), Point: "release.after"})
			}
			r := &run{pauses: map[int]window{7: pause}}
			if got := r.suspendedWhileUpdating(s, "T1"); got != c.want {
				t.Errorf("excused: %v", got)
			}
			if r.suspendedWhileUpdating(s, "T3") {
				t.Error("another ticket is excused too")
			}
			delete(r.pauses, 7)
			if r.suspendedWhileUpdating(s, "T1") {
				t.Error("a process that was never suspended is excused")
			}
		})
	}
}
