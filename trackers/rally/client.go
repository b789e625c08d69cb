package rally

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"percolate/trackers"
	"percolate/trackers/internal/rest"
)

// api is where the Web Services API is below the site.
const api = "/slm/webservice/v2.0"

// everywhere asks for all projects of the workspace. Without a project Rally takes the
// user's default one.
const everywhere = "null"

// envelope is the one thing that every answer of Rally holds, under a name that says
// what was asked. Errors in it are errors, whatever the HTTP status.
type envelope struct {
	Errors   []string          `json:"Errors"`
	Warnings []string          `json:"Warnings"`
	Results  []json.RawMessage `json:"Results"`
	Object   json.RawMessage   `json:"Object"`
	Total    int               `json:"TotalResultCount"`

	raw    json.RawMessage // the whole, which for a read is the object
	server time.Time       // the server's clock, zero when it did not tell
}

// wsError is a request that Rally refused, or that went wrong on its way.
type wsError struct {
	port    *trackers.Error
	reasons []string // in Rally's words, when it answered
}

// Error is that of the port's error.
func (e *wsError) Error() string { return e.port.Error() }

// Unwrap returns the port's error.
func (e *wsError) Unwrap() error { return e.port }

// scope adds workspace and project to the parameters of a request: without a workspace
// Rally takes the user's default one.
func (t *Tracker) scope(params url.Values, project string) url.Values {
	if params == nil {
		params = url.Values{}
	}
	params.Set("workspace", "/workspace/"+t.opt.Workspace)
	if project != everywhere {
		params.Set("projectScopeUp", "false")
		params.Set("projectScopeDown", "true")
		project = "/project/" + project
	}
	params.Set("project", project)
	return params
}

// get reads something.
func (t *Tracker) get(ctx context.Context, op, path string, params url.Values) (envelope, error) {
	return t.send(ctx, op, http.MethodGet, path, params, nil)
}

// post writes something in the project.
func (t *Tracker) post(ctx context.Context, op, path string, params url.Values, in any) (envelope, error) {
	return t.send(ctx, op, http.MethodPost, path, t.scope(params, t.opt.Project), in)
}

// send makes one request.
func (t *Tracker) send(ctx context.Context, op, method, path string, params url.Values, in any) (envelope, error) {
	var body io.Reader = http.NoBody
	if in != nil {
		text, err := encodeJSON(in)
		if err != nil {
			return envelope{}, t.fail(op, trackers.Internal, "%w", err)
		}
		body = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(rest.WithOp(ctx, op), method, t.opt.URL+api+path+"?"+params.Encode(), body)
	if err != nil {
		return envelope{}, t.fail(op, trackers.Internal, "%w", err)
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := t.rest.HTTP().Do(req)
	if err != nil {
		return envelope{}, t.rest.Fail(op, nil, err, "")
	}
	defer func() { _ = resp.Body.Close() }()
	return t.open(op, resp, method != http.MethodGet)
}

// encodeJSON is a body without the escapes that JSON for web pages has: people's HTML
// goes over as it is.
func encodeJSON(in any) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	err := e.Encode(in)
	return out.Bytes(), err
}

// open takes the envelope out of an answer.
func (t *Tracker) open(op string, resp *http.Response, write bool) (envelope, error) {
	body, err := io.ReadAll(resp.Body) // in memory already
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	isJSON := strings.HasSuffix(kind, "json") || strings.HasSuffix(kind, "javascript") // as older ones call it
	var e envelope
	if err == nil && isJSON {
		e, err = decode(body)
	}
	switch {
	case resp.StatusCode >= 300:
		why := strings.Join(e.Errors, "; ")
		if why == "" {
			why = rest.Words(body)
		}
		return e, &wsError{t.rest.Fail(op, resp, err, why), e.Errors}
	case err != nil || !isJSON:
		// Rally answers with a web page when it is down, and with its login page.
		return e, t.unclear(op, write, body, err)
	case len(e.Errors) > 0:
		return e, &wsError{t.fail(op, meaning(e.Errors), "%s", rest.OneLine(strings.Join(e.Errors, "; "))), e.Errors}
	}
	if at, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		e.server = at.UTC()
	}
	return e, nil
}

// unclear is the error of an answer that is none.
func (t *Tracker) unclear(op string, write bool, body []byte, err error) error {
	code := trackers.Unavailable
	if write {
		code = trackers.UnknownOutcome
	}
	if err != nil {
		return t.fail(op, code, "the answer was not understood: %w", err)
	}
	return t.fail(op, code, "Rally answered with %s", rest.Words(body))
}

// decode finds the envelope, which is the only value of the answer.
func decode(body []byte) (envelope, error) {
	var named map[string]json.RawMessage
	if err := json.Unmarshal(body, &named); err != nil {
		return envelope{}, err
	}
	for _, raw := range named {
		e := envelope{raw: raw}
		if len(named) > 1 {
			break
		}
		if err := json.Unmarshal(raw, &e); err != nil {
			return envelope{}, err
		}
		return e, nil
	}
	return envelope{}, fmt.Errorf("%d values where Rally sends one", len(named))
}

// fail is an error of ours.
func (t *Tracker) fail(op string, code trackers.Code, format string, args ...any) *trackers.Error {
	return t.rest.Errorf(op, code, format, args...)
}

// plain is err as the port wants it.
func (t *Tracker) plain(op string, err error) error { return t.rest.Plain(op, err) }

// partly is err after something else was written: nobody may take it for nothing done.
func (t *Tracker) partly(op string, done bool, err error) error {
	return t.rest.Partly(op, done, err)
}
