package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"percolate/trackers"
	"percolate/trackers/internal/rest"
)

// reply is an answer of GraphQL: what it found by alias, and what went wrong.
type reply struct {
	Data   map[string]json.RawMessage `json:"data"`
	Errors []graphError               `json:"errors"`
}

type graphError struct {
	Type    string `json:"type"`
	Message string `json:"message"`
	Path    []any  `json:"path"`
}

// errNoGraph says that GraphQL is not to be had here, or not in the form that we need:
// nothing was done, and REST can do the same with more requests.
var errNoGraph = errors.New("GraphQL is refused here")

// query asks by GraphQL.
func (t *Tracker) query(ctx context.Context, op, text string, vars map[string]any) (reply, error) {
	return t.graph(rest.Reading(ctx), op, text, vars)
}

// graph sends one document. Its error is about the request as a whole; errors with a
// path are in the reply.
func (t *Tracker) graph(ctx context.Context, op, text string, vars map[string]any) (reply, error) {
	var out reply
	path := "graphql"
	if strings.HasSuffix(t.opt.API, "/api/v3") {
		path = "../graphql"
	}
	resp, err := t.request(ctx, op, http.MethodPost, path, map[string]any{"query": text, "variables": vars}, &out)
	if err != nil {
		refused := resp != nil && (resp.StatusCode == http.StatusForbidden || resp.StatusCode == http.StatusNotFound)
		if refused && !isCode(err, trackers.RateLimit) {
			t.known.refuseGraph(errors.Unwrap(err))
			return out, fmt.Errorf("%w: %w", errNoGraph, err)
		}
		return out, err
	}
	for i, e := range out.Errors {
		out.Errors[i].Message = rest.OneLine(t.rest.Scrub(e.Message))
		if e.tooFast() && len(e.Path) == 0 {
			return out, t.tooFast(op, e)
		}
	}
	if empty(out.Data) && len(out.Errors) > 0 && len(out.Errors[0].Path) == 0 {
		why := errors.New(out.Errors[0].Message)
		t.known.refuseGraph(why)
		return out, fmt.Errorf("%w: %w", errNoGraph, why)
	}
	return out, nil
}

func empty(data map[string]json.RawMessage) bool {
	for _, v := range data {
		if string(v) != "null" {
			return false
		}
	}
	return true
}

// tooFast reports whether GitHub asks to come back later.
func (e graphError) tooFast() bool {
	text := strings.ToLower(e.Message)
	return e.Type == "RATE_LIMITED" || strings.Contains(text, "submitted too quickly") || strings.Contains(text, "secondary rate limit")
}

func (t *Tracker) tooFast(op string, e graphError) *trackers.Error {
	err := t.fail(op, trackers.RateLimit, "%s", rest.OneLine(e.Message))
	err.After = time.Minute
	t.pace.hold(err.After)
	return err
}

// at is the error of one alias.
func (r reply) at(alias string) (graphError, bool) {
	for _, e := range r.Errors {
		if len(e.Path) > 0 && e.Path[0] == alias {
			return e, true
		}
	}
	return graphError{}, false
}

// outcome is the error of one alias of a mutation as the port wants it.
func (t *Tracker) outcome(op string, r reply, alias string) error {
	e, ok := r.at(alias)
	text := e.Message
	switch {
	case !ok:
		return t.fail(op, trackers.UnknownOutcome, "GitHub said neither yes nor no")
	case e.tooFast():
		return t.tooFast(op, e)
	case e.Type == "FORBIDDEN", e.Type == "INSUFFICIENT_SCOPES":
		return t.fail(op, trackers.Denied, "%s", text)
	case e.Type == "NOT_FOUND", e.Type == "UNPROCESSABLE", e.Type == "MAX_NODE_LIMIT_EXCEEDED":
		return t.fail(op, trackers.Invalid, "%s", text)
	}
	return t.fail(op, trackers.UnknownOutcome, "%s", text)
}

// features are parts of GraphQL that some servers show to those alone who ask for them.
const features = "sub_issues, issue_types"

// shown selects what we read of an issue. Its type is asked for only where types are used,
// since a server that does not know it refuses the whole request.
func (t *Tracker) shown() string {
	typ := ""
	if t.opt.Types != nil {
		typ = " issueType { name }"
	}
	return `fragment T on Issue { id databaseId number title body state stateReason url updatedAt
 labels(first: 100) { nodes { name } } assignees(first: 20) { nodes { login } } milestone { dueOn }
 parent { id number repository { nameWithOwner } } repository { nameWithOwner }` + typ + ` }
`
}
