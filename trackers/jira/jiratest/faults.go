package jiratest

import (
	"encoding/json"
	"hash/fnv"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Faults are the switches. The zero Faults are a Jira in good order.
type Faults struct {
	Latency Duration `json:"latency"` // of every answer

	IndexLag Duration `json:"index_lag"` // how long the search knows nothing of a change
	Flap     bool     `json:"flap"`      // while it does not, it knows of it now and then
	PageMax  int      `json:"page_max"`  // no page has more, whatever is asked for
	Loop     bool     `json:"loop"`      // the last page names the token of its own page as the next

	LoseNext   int `json:"lose_next"`   // the answers of so many writes from now on are 502s
	LoseEvery  int `json:"lose_every"`  // the answer of every n-th write is a 502
	DropEvery  int `json:"drop_every"`  // the connection of every n-th write ends without an answer
	LimitEvery int `json:"limit_every"` // every n-th request is refused with a 429
	RetryAfter int `json:"retry_after"` // the seconds that a 429 states; 0 for none
	Down       int `json:"down"`        // so many requests from now on are 503s

	DownAt string `json:"down_at"` // every request to this endpoint, by its name in the statistics, is a 503

	HTML       bool     `json:"html"`        // errors are web pages
	HideEmails bool     `json:"hide_emails"` // people's addresses are not shown
	OffScreen  []string `json:"off_screen"`  // fields that are on no screen
	Surprise   []string `json:"surprise"`    // fields that createmeta shows and that cannot be set all the same
	Required   []string `json:"required"`    // custom fields that must be set
	AutoAssign bool     `json:"auto_assign"` // an issue for which no assignee is named is the project lead's
	AllOwned   bool     `json:"all_owned"`   // an issue must be somebody's
	Reformat   bool     `json:"reformat"`    // descriptions come back in other words of the same markup
	Deny       []string `json:"deny"`        // permissions that the user does not have, or not in a project: "ELSE:CREATE_ISSUES"
	NoLog      bool     `json:"no_log"`      // change logs cannot be read
	EpochLog   bool     `json:"epoch_log"`   // the bulk read of change logs gives times as numbers
	RefuseKeys []string `json:"refuse_keys"` // labels with which no issue can be created
	EditShows  string   `json:"edit_shows"`  // what an edit answers that is asked for the issue: "" all of it, "edited" those fields alone, "nothing"
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

// SetFaults changes the switches while the simulator runs.
func (s *Server) SetFaults(change func(*Faults)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.faults)
}

// denied reports whether the user lacks a permission in a project.
func (s *Server) denied(permission, project string) bool {
	return slices.Contains(s.faults.Deny, permission) || slices.Contains(s.faults.Deny, project+":"+permission)
}

// loss is what becomes of an answer on its way.
type loss int

const (
	kept loss = iota
	dropped
)

// lose takes the answer of a write away, which is done and stays so.
func (s *Server) lose(a answer) (answer, loss) {
	s.writes++
	f := &s.faults
	bad := answer{status: http.StatusBadGateway, body: errorBody{Messages: []string{"Bad Gateway"}}}
	switch {
	case f.LoseNext > 0:
		f.LoseNext--
		return bad, kept
	case f.LoseEvery > 0 && s.writes%f.LoseEvery == 0:
		return bad, kept
	case f.DropEvery > 0 && s.writes%f.DropEvery == 0:
		return answer{}, dropped
	}
	return a, kept
}

// refuse turns a request away before anything is done.
func (s *Server) refuse(endpoint string) (answer, bool) {
	f := &s.faults
	if f.Down > 0 || f.DownAt == endpoint {
		f.Down = max(f.Down-1, 0)
		return failed(http.StatusServiceUnavailable, "Jira is down for maintenance"), true
	}
	if f.LimitEvery > 0 && s.turn%f.LimitEvery == 0 {
		a := failed(http.StatusTooManyRequests, "Rate limit exceeded.")
		a.header = map[string]string{"RateLimit-Reason": "jira-burst-based"}
		if f.RetryAfter > 0 {
			a.header["Retry-After"] = strconv.Itoa(f.RetryAfter)
			a.header["X-RateLimit-Reset"] = s.opt.Now().Add(time.Duration(f.RetryAfter) * time.Second).UTC().Format("2006-01-02T15:04Z")
		}
		return a, true
	}
	return answer{}, false
}

// chance is a coin that falls the same way for the same look at the same thing.
func chance(things ...int64) bool {
	h := fnv.New64a()
	_ = json.NewEncoder(h).Encode(things)
	return h.Sum64()%3 == 0
}
