package report

// Limits lists what [Report.Passed] takes.
func Limits() []string {
	return []string{string(Overdue), string(Stalled), string(Unowned), "findings"}
}

// Passed reports which of the limits are passed, with how many there are: any at all is
// too many.
func (r Report) Passed(limits []string) []string {
	var out []string
	for _, l := range limits {
		if n := r.Totals.Of(l); n > 0 {
			out = append(out, breakable(counted(n, l)))
		}
	}
	return out
}
