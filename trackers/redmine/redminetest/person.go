package redminetest

import (
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// session is a person's browser: it is logged in, and sends Redmine's own forms.
type session struct {
	server *Server
	http   *http.Client
	token  string // proves that a form is one of this session
}

// as is the browser of a person, by login. Two acts of one person do not overlap.
func (s *Server) as(ctx context.Context, login string) (*session, error) {
	s.mu.Lock()
	known := s.sessions[login]
	s.mu.Unlock()
	if known != nil {
		return known, nil
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, fmt.Errorf("cookies: %w", err)
	}
	p := &session{server: s, http: &http.Client{
		Jar: jar, Timeout: time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	if err := p.visit(ctx, "/login"); err != nil {
		return nil, err
	}
	if _, err := p.submit(ctx, "/login", url.Values{"username": {login}, "password": {Password}}); err != nil {
		return nil, fmt.Errorf("log in as %s: %w", login, err)
	}
	if err := p.visit(ctx, "/projects"); err != nil { // logging in makes another session
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions[login] = p
	return p, nil
}

var tokenField = regexp.MustCompile(`<meta name="csrf-token" content="([^"]+)"`)

// visit opens a page and takes the token of its forms.
func (p *session) visit(ctx context.Context, path string) error {
	page, err := p.page(ctx, path)
	if err != nil {
		return err
	}
	m := tokenField.FindStringSubmatch(page)
	if m == nil {
		return fmt.Errorf("page %s has no token", path)
	}
	p.token = html.UnescapeString(m[1])
	return nil
}

// page is the HTML of a page.
func (p *session) page(ctx context.Context, path string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.server.address(path, nil), nil)
	if err != nil {
		return "", err
	}
	status, body, err := p.do(req)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("page %s: status %d", path, status)
	}
	return body, err
}

var complaint = regexp.MustCompile(`(?s)<div (?:id="errorExplanation"|class="flash error"|id="flash_error")[^>]*>(.*?)</div>`)

// submit sends a form. Redmine answers a form that it takes with a redirect, and shows
// one that it does not like once more; where the redirect leads is returned.
func (p *session) submit(ctx context.Context, path string, form url.Values) (to string, err error) {
	form.Set("authenticity_token", p.token)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.server.address(path, nil), strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := p.http.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return "", err
	case resp.StatusCode == http.StatusFound:
		return resp.Header.Get("Location"), nil
	}
	why := "Redmine does not say why"
	if m := complaint.FindStringSubmatch(string(body)); m != nil {
		why = strings.Join(strings.Fields(regexp.MustCompile(`<[^>]+>`).ReplaceAllString(m[1], " ")), " ")
	}
	return "", errors.New(why)
}

func (p *session) do(req *http.Request) (status int, body string, err error) {
	resp, err := p.http.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b), err
}

// Preview is the HTML that Redmine makes of the text of an issue.
func (s *Server) Preview(ctx context.Context, ref string) (string, error) {
	p, err := s.as(ctx, "bob")
	if err != nil {
		return "", err
	}
	page, err := p.page(ctx, "/issues/"+ref)
	if err != nil {
		return "", err
	}
	_, text, ok := strings.Cut(page, `<div class="description">`)
	if !ok {
		return "", nil // an issue without text has none
	}
	_, text, _ = strings.Cut(text, `<div class="wiki">`)
	text, _, _ = strings.Cut(text, "\n</div>\n") // the end of the part that Redmine indents
	return text, nil
}

// Settings of Redmine's that matter here.
const (
	TextFormat     = "text_formatting"       // "textile" or "common_mark"
	ParentDates    = "parent_issue_dates"    // "derived" from those below, or "independent"
	ParentPriority = "parent_issue_priority" // as above
)

// Set lets the administrator change one of Redmine's settings.
func (s *Server) Set(ctx context.Context, setting, value string) error {
	p, err := s.as(ctx, "admin")
	if err != nil {
		return err
	}
	_, err = p.submit(ctx, "/settings/edit", url.Values{"settings[" + setting + "]": {value}})
	return err
}

// LetParentsBe lets parents keep the due day and priority that they were given.
func (s *Server) LetParentsBe(ctx context.Context) error {
	if err := s.Set(ctx, ParentDates, "independent"); err != nil {
		return err
	}
	return s.Set(ctx, ParentPriority, "independent")
}
