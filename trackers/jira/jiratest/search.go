package jiratest

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// bulkFetchMax is how many issues one bulk read takes.
const bulkFetchMax = 100

// bulkFetch reads issues themselves, in the order of their ids. What is not there is
// left out, without a word.
func (s *Server) bulkFetch(c *call) answer {
	if s.opt.DataCenter {
		return failed(404, "null for uri: "+c.req.URL.Path)
	}
	var in struct {
		Expand     []string `json:"expand"`
		Fields     []string `json:"fields"`
		ByKeys     bool     `json:"fieldsByKeys"`
		Issues     []string `json:"issueIdsOrKeys"`
		Properties []string `json:"properties"`
	}
	if err := strict(c.body, &in); err != nil {
		return failed(400, err.Error())
	}
	if len(in.Issues) == 0 || len(in.Issues) > bulkFetchMax || len(in.Properties) > 5 {
		return failed(400, "The number of issues must be between 1 and 100, and of properties at most 5.")
	}
	var found []*Issue
	for _, ref := range in.Issues {
		if i := s.find(ref); i != nil && !slices.Contains(found, i) {
			found = append(found, i)
		}
	}
	slices.SortFunc(found, func(a, b *Issue) int { return int(a.ID - b.ID) })
	return answer{status: 200, body: map[string]any{"issues": s.showAll(found, in.Fields, in.Properties), "issueErrors": []any{}}}
}

func (s *Server) showAll(issues []*Issue, fields, properties []string) []shown {
	out := []shown{}
	for _, i := range issues {
		out = append(out, s.show(i, fields, properties))
	}
	return out
}

// cloudPageMax is what a page has at most when fields are asked for.
const cloudPageMax = 100

func (s *Server) searchCloud(c *call) answer {
	if s.opt.DataCenter {
		return failed(404, "null for uri: "+c.req.URL.Path)
	}
	var in struct {
		JQL        string   `json:"jql"`
		Token      string   `json:"nextPageToken"`
		Max        *int     `json:"maxResults"`
		Fields     []string `json:"fields"`
		Expand     string   `json:"expand"`
		Properties []string `json:"properties"`
		ByKeys     bool     `json:"fieldsByKeys"`
		FailFast   bool     `json:"failFast"`
		Reconcile  []int64  `json:"reconcileIssues"`
	}
	if err := strict(c.body, &in); err != nil {
		return failed(400, err.Error())
	}
	if len(in.Properties) > 5 || len(in.Reconcile) > 50 || in.Max != nil && (*in.Max < 1 || *in.Max > 5000) {
		return failed(400, "maxResults, properties or reconcileIssues out of bounds")
	}
	found, err := s.search(in.JQL, true)
	if err != nil {
		return failed(400, "Error in the JQL Query: "+err.Error())
	}
	start, ok := fromToken(in.Token)
	if !ok {
		return failed(400, "The provided next page token is invalid or expired.")
	}
	size := 50
	if in.Max != nil {
		size = *in.Max
	}
	size = min(size, cloudPageMax)
	if s.faults.PageMax > 0 {
		size = min(size, s.faults.PageMax)
	}
	start = min(start, len(found))
	end := min(start+size, len(found))
	body := map[string]any{"issues": s.showAll(found[start:end], in.Fields, in.Properties), "isLast": end == len(found)}
	switch {
	case end < len(found):
		body["nextPageToken"] = token(end)
	case s.faults.Loop:
		body["nextPageToken"], body["isLast"] = token(start), false
	}
	return answer{status: 200, body: body}
}

func token(at int) string { return base64.StdEncoding.EncodeToString([]byte("at:" + strconv.Itoa(at))) }

func fromToken(text string) (int, bool) {
	if text == "" {
		return 0, true
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	number, ok := strings.CutPrefix(string(raw), "at:")
	at, bad := strconv.Atoi(number)
	return at, err == nil && ok && bad == nil
}

func (s *Server) searchDataCenter(c *call) answer {
	if !s.opt.DataCenter {
		return failed(410, "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API.")
	}
	in := struct {
		JQL      string   `json:"jql"`
		Start    int      `json:"startAt"`
		Max      *int     `json:"maxResults"`
		Fields   []string `json:"fields"`
		Expand   []string `json:"expand"`
		Validate any      `json:"validateQuery"`
	}{}
	if c.req.Method != http.MethodPost {
		return failed(405, "use POST")
	}
	if err := strict(c.body, &in); err != nil {
		return failed(400, err.Error())
	}
	found, err := s.search(in.JQL, in.Validate == nil || in.Validate == true)
	if err != nil {
		return failed(400, err.Error())
	}
	size := 50
	if in.Max != nil {
		size = min(*in.Max, 1000)
	}
	if s.faults.PageMax > 0 {
		size = min(size, s.faults.PageMax)
	}
	start := min(in.Start, len(found))
	end := min(start+size, len(found))
	issues := s.showAll(found[start:end], in.Fields, nil)
	if slices.Contains(in.Expand, "changelog") && !s.faults.NoLog {
		for n, i := range found[start:end] {
			issues[n].Log = s.wholeLog(i)
		}
	}
	return answer{status: 200, body: map[string]any{"issues": issues, "startAt": start, "maxResults": size, "total": len(found)}}
}
