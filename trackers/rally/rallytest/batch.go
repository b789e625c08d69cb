package rallytest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// maxBatch is how many entries we know a batch to take.
const maxBatch = 50

// batch does the entries of a batch one after another. None takes back another, and
// with half it ends in the middle.
func (s *Server) batch(c *call, half bool) answer {
	var entries []struct {
		Entry struct {
			Path   string
			Method string
			Body   map[string]json.RawMessage
		}
	}
	if err := strict(c.body["Batch"], &entries); err != nil || len(c.body) != 1 || len(entries) == 0 {
		return failed("BatchResult", "Could not parse: the body holds no batch")
	}
	if len(entries) > maxBatch {
		return failed("BatchResult", fmt.Sprintf("a batch of %d entries is more than %d", len(entries), maxBatch))
	}
	if half {
		entries = entries[:len(entries)/2]
	}
	shown := []result{}
	for _, e := range entries {
		parts := strings.Split(strings.Trim(e.Entry.Path, "/"), "/")
		a := failed("", fmt.Sprintf("cannot %s %s in a batch", e.Entry.Method, e.Entry.Path))
		switch {
		case len(parts) != 2 || e.Entry.Method != http.MethodPost:
		case parts[1] == "create":
			a = s.create(strings.ToLower(parts[0]), e.Entry.Body, fetchOf(c, "_ref"), c.projectRef(), true)
		default:
			a = s.update(strings.ToLower(parts[0]), parts[1], e.Entry.Body, fetchOf(c, "_ref"), true)
		}
		shown = append(shown, result{"Object": a.body["Object"], "Errors": a.body["Errors"], "Warnings": a.body["Warnings"]})
	}
	return envelope("BatchResult", nil, result{"Results": shown})
}

// strict decodes what has no other keys.
func strict(raw json.RawMessage, v any) error {
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.DisallowUnknownFields()
	return d.Decode(v)
}
