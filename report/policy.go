package report

import "time"

// Policy tells how the work goes against what was agreed. What is dropped is never
// counted as done. How old open actions are and how long done ones took are two things,
// and no figure is made of both.
type Policy struct {
	// Of all actions whose due day has come, or that were done before it:
	InTime int `json:"done_in_time"`
	Late   int `json:"done_late"`
	Still  int `json:"overdue"` // not finished
	// InTimeFirst are those done within the due day that they were filed with.
	InTimeFirst int `json:"done_in_time_first"`

	Dropped int `json:"dropped"`     // and duplicates, with a due day
	NoDue   int `json:"without_due"` // tracked, not dropped, and without a due day
	NoDate  int `json:"done_when"`   // done nobody knows when

	AgeOpen    Spread `json:"age_of_open_days"`
	TimeToDone Spread `json:"time_to_done_days"` // of what was done while it was tracked
}

// Come is how many actions there are whose due day has come and that were not dropped.
func (p Policy) Come() int { return p.InTime + p.Late + p.Still }

func (b *builder) policy(all []Action) Policy {
	var p Policy
	var ages, took []int64
	for i := range all {
		a := &all[i]
		switch a.State {
		case Open:
			ages = append(ages, int64(a.Age))
			if a.Has(Overdue) {
				p.Still++
			}
		case Done:
			b.done(&p, a)
			if a.Finished.After(a.Created) && !a.Created.IsZero() {
				took = append(took, int64(a.Age))
			}
		case Dropped, Duplicate:
			if a.Due != "" {
				p.Dropped++
			}
		}
		if (a.State == Open || a.State == Done) && a.Due == "" {
			p.NoDue++
		}
	}
	p.AgeOpen, p.TimeToDone = spreadOf(ages), spreadOf(took)
	return p
}

func (b *builder) done(p *Policy, a *Action) {
	switch {
	case a.Due == "":
		return
	case a.InTime == nil:
		p.NoDate++
		return
	case *a.InTime:
		p.InTime++
	default:
		p.Late++
	}
	if b.day(a.Finished) <= a.DueFirst {
		p.InTimeFirst++
	}
}

// month is the month of an instant, for events that state no day.
func (b *builder) month(t time.Time) string { return t.In(b.rules.Zone).Format("2006-01") }
