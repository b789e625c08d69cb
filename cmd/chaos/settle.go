package main

import (
	"slices"
	"time"
)

// mostPasses is how many quiet passes a world may need to come to rest: one for what
// hangs in leases, one for what waits for the index, one for what is gone, and some more.
const mostPasses = 10

// settle ends all trouble and lets percolate run until it has nothing to do.
func (r *run) settle() (bool, error) {
	r.logf("--- settle")
	for _, step := range []func() error{r.calm, r.disk.mend, r.clock.right} {
		if err := step(); err != nil {
			return false, err
		}
	}
	if err := r.clock.jump(3 * time.Hour); err != nil {
		return false, err
	}
	for pass := range mostPasses {
		// More than any lease and any lag; and now and then a day, for what is read daily.
		on := 11 * time.Minute
		if pass == 1 || pass == 3 {
			on = 25 * time.Hour
		}
		if err := r.clock.jump(on); err != nil {
			return false, err
		}
		code, said, err := r.percolate("sync")
		if err != nil {
			return false, err
		}
		if code != 0 && code != 5 {
			r.violate("a sync that nothing disturbed ended with %d: %s", code, said)
			return false, nil
		}
		empty, _, err := r.percolate("plan", "--exit-code")
		if err != nil {
			return false, err
		}
		if code == 0 && empty == 0 && pass >= 3 {
			r.counts["quiet passes"] += pass + 1
			return true, nil
		}
	}
	if refused, err := r.onlyRefused(); refused || err != nil {
		r.counts["settled but for what the tracker refuses"]++
		return refused, err
	}
	_, said, err := r.percolate("plan")
	r.violate("after %d quiet passes there still is something to do:\n%s", mostPasses, said)
	return false, err
}

// onlyRefused reports whether all that is left to do is what the tracker refuses, which
// the report tells.
func (r *run) onlyRefused() (bool, error) {
	p, err := r.plan()
	if err != nil {
		return false, err
	}
	v, err := r.report()
	for _, s := range p.Steps {
		told := slices.ContainsFunc(v.Findings, func(f finding) bool {
			return f.Kind == "refused" && (s.Key == f.Key.Document || s.Key == f.Key.Document+"/"+f.Key.Action)
		})
		if !told {
			return false, err
		}
	}
	return len(p.Steps) > 0, err
}
