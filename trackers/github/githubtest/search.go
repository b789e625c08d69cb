package githubtest

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// searchesAMinute is GitHub's own limit on searches.
const searchesAMinute = 30

var term = regexp.MustCompile(`(\w+):("[^"]*"|\S+)|"[^"]*"|\S+`)

// onSearch searches issues by words and by the qualifiers repo, label, is and in, and
// knows nothing of what is newer than the lag: this is why no client may rely on it.
func (s *Server) onSearch(w http.ResponseWriter, r *http.Request) {
	a, now := w.(*answer), s.opt.Now()
	if since(s.limits.searches, now, time.Minute) >= searchesAMinute && !s.faults.NoLimits {
		s.limit(a, r, Primary403)
		return
	}
	s.limits.searches = append(s.limits.searches, now)
	q := r.URL.Query().Get("q")
	if strings.TrimSpace(q) == "" {
		a.invalid("q", "missing")
		return
	}
	items := []any{}
	for _, in := range s.repos {
		for _, is := range in.issues {
			known := !is.deleted && is.movedTo == nil && now.Sub(is.updated) >= time.Duration(s.faults.SearchLag)
			if known && is.answers(q) {
				items = append(items, s.show(is))
			}
		}
	}
	a.give(http.StatusOK, map[string]any{"total_count": len(items), "incomplete_results": false, "items": items[:min(len(items), 30)]})
}

// answers reports whether an issue is what a search is for.
func (is *issue) answers(q string) bool {
	for _, m := range term.FindAllStringSubmatch(q, -1) {
		value := strings.Trim(m[2], `"`)
		switch m[1] {
		case "repo":
			if !strings.EqualFold(value, is.repo.full()) {
				return false
			}
		case "label":
			if !slices.ContainsFunc(is.labels, func(l string) bool { return strings.EqualFold(l, value) }) {
				return false
			}
		case "is", "type", "state":
			if value != "issue" && value != is.state() || is.pull {
				return false
			}
		case "":
			word := strings.ToLower(strings.Trim(m[0], `"`))
			if !strings.Contains(strings.ToLower(is.title+" "+is.body), word) {
				return false
			}
		}
	}
	return true
}
