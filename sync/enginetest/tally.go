package enginetest

import "fmt"

// Tally is what happened in histories. It is printed so that a reader sees that a suite
// that passes did something.
type Tally struct {
	Runs, Killed, Suspended, Wanted, Filed, Acts, Conflicts, Settled, SetBack int
}

func (s *Tally) add(o Tally) {
	s.Runs += o.Runs
	s.Killed += o.Killed
	s.Suspended += o.Suspended
	s.Wanted += o.Wanted
	s.Filed += o.Filed
	s.Acts += o.Acts
	s.Conflicts += o.Conflicts
	s.Settled += o.Settled
	s.SetBack += o.SetBack
}

// String is one line.
func (s Tally) String() string {
	return fmt.Sprintf("%d runs, of which %d were killed and %d suspended; %d acts of people; in the end %d tickets wanted, %d there; %d conflicts; %d settled by hand; %d lost updates set back by people, counted apart",
		s.Runs, s.Killed, s.Suspended, s.Acts, s.Wanted, s.Filed, s.Conflicts, s.Settled, s.SetBack)
}
