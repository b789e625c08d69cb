package jiratest

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// clause is one condition of a query; all of them must hold.
type clause struct {
	field, op string
	values    []string
}

var (
	orderBy    = regexp.MustCompile(`(?i)\s*\border\s+by\s+(\w+)(?:\s+(asc|desc))?\s*$`)
	word       = `"(?:[^"\\]|\\.)*"|[\w.~%/:+-]+`
	clauseForm = regexp.MustCompile(`(?i)^\s*(\w+)\s*(>=|<=|=|>|<|\bin\b)\s*(\(\s*(?:` + word + `)(?:\s*,\s*(?:` + word + `))*\s*\)|` + word + `)\s*(?:\band\b|$)`)
	valueForm  = regexp.MustCompile(word)
)

// parse reads the part of JQL that is made of conditions joined by AND.
func parse(jql string) (all []clause, order, direction string, err error) {
	if m := orderBy.FindStringSubmatch(jql); m != nil {
		order, direction = strings.ToLower(m[1]), strings.ToLower(m[2])
		jql = jql[:len(jql)-len(m[0])]
	}
	for rest := jql; strings.TrimSpace(rest) != ""; {
		m := clauseForm.FindStringSubmatch(rest)
		if m == nil {
			return nil, "", "", fmt.Errorf("expecting a condition but got %q", rest)
		}
		c := clause{field: strings.ToLower(m[1]), op: strings.ToLower(m[2])}
		for _, v := range valueForm.FindAllString(m[3], -1) {
			if strings.HasPrefix(v, `"`) {
				v = strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(v[1 : len(v)-1])
			}
			c.values = append(c.values, v)
		}
		all = append(all, c)
		rest = rest[len(m[0]):]
	}
	if len(all) == 0 {
		return nil, "", "", fmt.Errorf("unbounded JQL queries are not allowed here, add a search restriction")
	}
	return all, order, direction, nil
}

// search returns what the index finds, in the order that the query asks for.
func (s *Server) search(jql string, validate bool) ([]*Issue, error) {
	clauses, order, direction, err := parse(jql)
	if err != nil {
		return nil, err
	}
	var found []*Issue
	for _, i := range s.issues {
		x, ok := s.known(i)
		for _, c := range clauses {
			if !ok {
				break
			}
			if ok, err = s.fits(i, x, c); err != nil {
				return nil, err
			}
		}
		if ok && !i.Deleted {
			found = append(found, i)
		}
	}
	if validate {
		err = s.validate(clauses)
	}
	slices.SortStableFunc(found, func(a, b *Issue) int {
		n := cmp.Compare(a.ID, b.ID)
		if order == "updated" {
			n = cmp.Or(a.Updated.Compare(b.Updated), n)
		}
		if direction == "desc" {
			n = -n
		}
		return n
	})
	return found, err
}

// validate refuses queries that name what does not exist.
func (s *Server) validate(clauses []clause) error {
	for _, c := range clauses {
		for _, v := range c.values {
			switch c.field {
			case "id", "key", "issuekey":
				if s.find(v) == nil {
					return fmt.Errorf("an issue with key '%s' does not exist for field '%s'", v, c.field)
				}
			case "project":
				if _, ok := s.projects[v]; !ok {
					return fmt.Errorf("the value '%s' does not exist for the field 'project'", v)
				}
			}
		}
	}
	return nil
}

func (s *Server) fits(i *Issue, x indexed, c clause) (bool, error) {
	has := func(f func(string) bool) (bool, error) { return slices.ContainsFunc(c.values, f), nil }
	switch c.field {
	case "project":
		return has(func(v string) bool { return projectOf(i.Key) == v })
	case "labels":
		return has(func(v string) bool {
			return slices.ContainsFunc(x.labels, func(l string) bool { return strings.EqualFold(l, v) })
		})
	case "id", "key", "issuekey":
		return has(func(v string) bool { return s.find(v) == i })
	case "updated":
		since, err := s.instant(c.values[0])
		return c.op == ">=" && !x.updated.Truncate(time.Minute).Before(since), err
	}
	return false, fmt.Errorf("field '%s' does not exist or you do not have permission to view it", c.field)
}

var relative = regexp.MustCompile(`^-(\d+)m$`)

// instant reads the times of JQL: minutes back from now, or a minute of the user's zone.
func (s *Server) instant(text string) (time.Time, error) {
	if m := relative.FindStringSubmatch(text); m != nil {
		n, _ := strconv.Atoi(m[1])
		return s.opt.Now().Add(-time.Duration(n) * time.Minute).Truncate(time.Minute), nil
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", text, s.opt.Zone)
	if err != nil {
		return at, fmt.Errorf("date value '%s' for field 'updated' is invalid", text)
	}
	return at, nil
}
