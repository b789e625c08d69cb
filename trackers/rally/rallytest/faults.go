package rallytest

import (
	"net/http"
	"slices"
	"time"
)

// Faults are the switches. The zero Faults are a Rally in good order.
type Faults struct {
	Latency Duration `json:"latency"` // of every answer

	LoseNext  int      `json:"lose_next"`  // the answers of so many writes of tickets from now on are 502s
	LoseEvery int      `json:"lose_every"` // the answer of every n-th write is a 524
	DropEvery int      `json:"drop_every"` // the connection of every n-th write ends without an answer
	CutNext   int      `json:"cut_next"`   // so many batches from now on are done by half and answered with a 524
	Late      Duration `json:"late"`       // tickets that are made with a lost answer are seen only so much later
	Down      int      `json:"down"`       // so many requests from now on get a web page, with status 200
	DownEvery int      `json:"down_every"` // so does every n-th request

	// BatchCollections is what becomes of collections within a batch: "" for carried,
	// "refuse", "warn" or "drop".
	BatchCollections string   `json:"batch_collections"`
	ThinAnswers      bool     `json:"thin_answers"`   // writes answer with references alone
	ConflictNext     int      `json:"conflict_next"`  // so many writes from now on are refused because of another one
	ConflictEvery    int      `json:"conflict_every"` // so is every n-th write, those in batches counted one by one
	Ignore           []string `json:"ignore"`         // attributes that are ignored with a warning
	Drop             []string `json:"drop"`           // attributes that are ignored without one
	Required         []string `json:"required"`       // attributes that every ticket must have
	Reformat         bool     `json:"reformat"`       // HTML comes back in other words
	RefuseNotes      []string `json:"refuse_notes"`   // no ticket is made whose notes hold one of these
	Reject           bool     `json:"reject"`         // the key is refused, with status 200
	ReadOnly         bool     `json:"read_only"`      // the key may only read
	NoTags           bool     `json:"no_tags"`        // its user may not make tags
	Script           bool     `json:"script"`         // JSON comes as text/javascript
	NoDate           bool     `json:"no_date"`        // answers do not tell the time
	NoRollUp         bool     `json:"no_roll_up"`     // the states of stories do not follow those of their children
}

// Duration reads and writes as "250ms".
type Duration time.Duration

// MarshalText writes the duration.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads a duration.
func (d *Duration) UnmarshalText(b []byte) error {
	v, err := time.ParseDuration(string(b))
	*d = Duration(v)
	return err
}

// Faults are the switches as they are.
func (s *Server) Faults() Faults {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults
}

// SetFaults changes the switches while the simulator runs.
func (s *Server) SetFaults(change func(*Faults)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.faults)
}

// refuse turns a request away before anything is done.
func (s *Server) refuse(req *http.Request, c *call) (answer, bool) {
	f := &s.faults
	switch {
	case f.Down > 0:
		f.Down--
		return answer{status: http.StatusOK, page: "Rally is down for maintenance"}, true
	case f.DownEvery > 0 && s.turn%f.DownEvery == 0:
		return answer{status: http.StatusOK, page: "Rally is down for maintenance"}, true
	case s.opt.Key != "" && req.Header.Get("ZSESSIONID") != s.opt.Key:
		a := failed("OperationResult", "Not authorized to perform action: Invalid key")
		a.status = http.StatusUnauthorized
		return a, true
	case f.Reject:
		return failed("OperationResult", "Not authorized to perform action: Invalid key"), true
	case f.ReadOnly && c.write:
		return failed("OperationResult", "Not authorized to perform action: the API key is read-only"), true
	}
	return answer{}, false
}

// lossy does a write, whose answer may be lost.
func (s *Server) lossy(c *call) (a answer, dropped bool) {
	s.writes++
	f := &s.faults
	cut := c.parts[0] == "batch" && f.CutNext > 0
	gone := answer{status: http.StatusBadGateway, page: "502 Bad Gateway"}
	late := answer{status: 524, page: "524: A timeout occurred"}
	begun := len(s.objects)
	switch {
	case cut:
		f.CutNext--
		s.write(c, true)
		a = late
	case f.LoseNext > 0 && c.parts[0] != "tag" && c.parts[0] != "milestone":
		a = s.write(c, false)
		if c.parts[0] == "batch" && !slices.ContainsFunc(s.objects[begun:], func(o *object) bool { return isArtifact(o.typ) }) {
			return a, false // no ticket was written
		}
		f.LoseNext--
		a = gone
	case f.LoseEvery > 0 && s.writes%f.LoseEvery == 0:
		s.write(c, false)
		a = late
	case f.DropEvery > 0 && s.writes%f.DropEvery == 0:
		s.write(c, false)
		dropped = true
	default:
		return s.write(c, false), false
	}
	for _, o := range s.objects[begun:] {
		if !isArtifact(o.typ) {
			continue
		}
		o.visible = s.opt.Now().Add(time.Duration(f.Late))
	}
	return a, dropped
}

// conflicts decides whether a write meets another one.
func (s *Server) conflicts() bool {
	s.items++
	f := &s.faults
	if f.ConflictNext > 0 {
		f.ConflictNext--
		return true
	}
	return f.ConflictEvery > 0 && s.items%f.ConflictEvery == 0
}
