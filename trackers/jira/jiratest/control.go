package jiratest

import (
	"encoding/json"
	"net/http"
)

// control answers what checkers ask of the simulator itself: /_sim/stats,
// /_sim/faults (GET, and PUT or POST to change those that are named) and /_sim/tickets.
func (s *Server) control(w http.ResponseWriter, req *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	var body any
	switch req.URL.Path {
	case "/_sim/stats":
		n := 0
		for _, i := range s.Issues() {
			if !i.Deleted {
				n++
			}
		}
		body = map[string]any{"requests": s.Requests(), "tickets": n}
	case "/_sim/tickets":
		body = s.Issues()
	case "/_sim/faults":
		var err error
		s.SetFaults(func(f *Faults) {
			if req.Method != http.MethodGet {
				var text []byte
				if text, err = readBody(req); err == nil {
					err = strict(text, f)
				}
			}
			body = *f
		})
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			body = map[string]string{"error": err.Error()}
		}
	default:
		w.WriteHeader(http.StatusNotFound)
		body = map[string]string{"error": "there are /_sim/stats, /_sim/faults and /_sim/tickets"}
	}
	_ = json.NewEncoder(w).Encode(body)
}
