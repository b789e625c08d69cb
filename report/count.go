package report

// Counts are how many actions are in each state and have each mark. Marks overlap, and
// are those of open actions only.
type Counts struct {
	Open       int `json:"open"`
	Overdue    int `json:"overdue"`
	DueSoon    int `json:"due_soon"`
	Stalled    int `json:"stalled"`
	Blocked    int `json:"blocked"`
	Unowned    int `json:"unowned"`
	Unassigned int `json:"unassigned"`
	Reopened   int `json:"reopened"`
	HitAgain   int `json:"hit_again"`
	Drifted    int `json:"drifted"`
	Done       int `json:"done"`
	Dropped    int `json:"dropped"`
	Duplicate  int `json:"duplicate"`
	Gone       int `json:"gone"`
	Retired    int `json:"retired"`
	Repeat     int `json:"repeat"`
	Filing     int `json:"filing"`
	Unread     int `json:"unread"`
	Released   int `json:"released"`
	Findings   int `json:"findings"` // that are not settled, of whatever kind
}

// Of is the count of a state or mark by its name, -1 for another word.
func (c *Counts) Of(name string) int {
	if n := c.at(name); n != nil {
		return *n
	}
	return -1
}

func (c *Counts) add(a *Action) {
	*c.at(string(a.State))++
	for _, m := range a.Marks {
		*c.at(string(m))++
	}
}

func (c *Counts) at(name string) *int {
	switch name {
	case string(Open):
		return &c.Open
	case string(Done):
		return &c.Done
	case string(Dropped):
		return &c.Dropped
	case string(Duplicate):
		return &c.Duplicate
	case string(Gone):
		return &c.Gone
	case string(Retired):
		return &c.Retired
	case string(Repeat):
		return &c.Repeat
	case string(Filing):
		return &c.Filing
	case string(Unread):
		return &c.Unread
	case string(Released):
		return &c.Released
	}
	return c.mark(Mark(name))
}

func (c *Counts) mark(m Mark) *int {
	switch m {
	case Overdue:
		return &c.Overdue
	case DueSoon:
		return &c.DueSoon
	case Stalled:
		return &c.Stalled
	case Blocked:
		return &c.Blocked
	case Unowned:
		return &c.Unowned
	case Unassigned:
		return &c.Unassigned
	case Reopened:
		return &c.Reopened
	case HitAgain:
		return &c.HitAgain
	case Drifted:
		return &c.Drifted
	case "findings":
		return &c.Findings
	}
	return nil
}
