package redminetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"strconv"
	"time"

	"percolate/trackers/internal/simctl"
)

// Act is what a person does.
type Act = simctl.Act

// Ticket is an issue as Redmine's database holds it.
type Ticket = simctl.Ticket

// Person does one act of a person, through the forms of Redmine's web pages.
func (s *Server) Person(a simctl.Act) (string, error) {
	ctx := context.Background() // the acts of people have no other
	p, err := s.as(ctx, "bob")
	if err != nil {
		return "", err
	}
	if a.Do == simctl.Open {
		to, err := p.submit(ctx, "/projects/ops/issues", url.Values{
			"issue[tracker_id]": {s.id(ctx, "trackers", "Feature")}, "issue[subject]": {a.Value}, "issue[description]": {a.Text},
		})
		return path.Base(to), err
	}
	if a.Do == simctl.Delete {
		return a.Ref, s.delete(ctx, p, a.Ref)
	}
	form, err := s.form(ctx, a)
	if err != nil {
		return "", err
	}
	form.Set("_method", "patch")
	_, err = p.submit(ctx, "/issues/"+a.Ref, form)
	return a.Ref, err
}

// form is what a person fills in.
func (s *Server) form(ctx context.Context, a simctl.Act) (url.Values, error) {
	set := func(field, value string) (url.Values, error) { return url.Values{"issue[" + field + "]": {value}}, nil }
	switch a.Do {
	case simctl.Title:
		return set("subject", a.Value)
	case simctl.Append:
		t, err := s.Ticket(a.Ref)
		if err != nil {
			return nil, err
		}
		return set("description", t.Text+a.Value)
	case simctl.Comment:
		return set("notes", a.Value)
	case simctl.Label, simctl.Unlabel:
		return s.relabel(ctx, a)
	case simctl.Assign:
		return set("assigned_to_id", s.person(ctx, a.Value))
	case simctl.Due:
		return set("due_date", a.Value)
	case simctl.Priority:
		return set("priority_id", s.id(ctx, "enumerations", a.Value))
	case simctl.Status:
		return set("status_id", s.id(ctx, "issue_statuses", statusNamed(a.Value)))
	case simctl.Parent:
		return set("parent_issue_id", a.Value)
	case simctl.Move:
		return s.move(ctx, a)
	}
	return nil, fmt.Errorf("%w: %s", simctl.ErrCannot, a.Do)
}

// SetText lets a person write another text into a ticket.
func (s *Server) SetText(ctx context.Context, ref, text string) error {
	p, err := s.as(ctx, "bob")
	if err != nil {
		return err
	}
	_, err = p.submit(ctx, "/issues/"+ref, url.Values{"_method": {"patch"}, "issue[description]": {text}})
	return err
}

// Hide lets a person make a ticket private: then whose role does not show all tickets, and
// who neither opened it nor has it, cannot see that it is there.
func (s *Server) Hide(ctx context.Context, ref string) error {
	p, err := s.as(ctx, "bob")
	if err != nil {
		return err
	}
	_, err = p.submit(ctx, "/issues/"+ref, url.Values{"_method": {"patch"}, "issue[is_private]": {"1"}})
	return err
}

func (s *Server) move(ctx context.Context, a simctl.Act) (url.Values, error) {
	to := a.Value
	if to == "" {
		t, err := s.Ticket(a.Ref)
		if err != nil {
			return nil, err
		}
		if to = "shop"; t.Place == to {
			to = "ops"
		}
	}
	var id string
	err := s.db.QueryRowContext(ctx, `SELECT id FROM projects WHERE identifier = ?`, to).Scan(&id)
	if err != nil {
		return nil, fmt.Errorf("project %s: %w", to, err)
	}
	return url.Values{"issue[project_id]": {id}}, nil
}

// relabel changes the list of labels, which is one text.
func (s *Server) relabel(ctx context.Context, a simctl.Act) (url.Values, error) {
	t, err := s.Ticket(a.Ref)
	if err != nil {
		return nil, err
	}
	text := ""
	for _, l := range t.Labels {
		if l != a.Value {
			text += l + ", "
		}
	}
	if a.Do == simctl.Label {
		text += a.Value
	}
	return url.Values{"issue[custom_field_values][" + s.id(ctx, "custom_fields", "labels") + "]": {text}}, nil
}

// statusNamed is what Redmine calls a status.
func statusNamed(status string) string {
	names := map[string]string{"open": "New", "active": "In Progress", "blocked": "Blocked", "done": "Closed", "dropped": "Rejected"}
	return names[status]
}

// id finds what has a name in one of Redmine's tables; "" for nothing.
func (s *Server) id(ctx context.Context, table, name string) string {
	var id int
	err := s.db.QueryRowContext(ctx, `SELECT id FROM `+table+` WHERE name = ?`, name).Scan(&id)
	if err != nil {
		return ""
	}
	return strconv.Itoa(id)
}

func (s *Server) person(ctx context.Context, name string) string {
	var id int
	err := s.db.QueryRowContext(ctx, `SELECT id FROM users WHERE firstname || ' ' || lastname = ?`, name).Scan(&id)
	if err != nil {
		return ""
	}
	return strconv.Itoa(id)
}

// delete deletes a ticket, and with it those below it, as Redmine does.
func (s *Server) delete(ctx context.Context, p *session, ref string) error {
	all, err := s.read(ctx, "1 = 1")
	if err != nil {
		return err
	}
	lost := map[string]bool{ref: true}
	for range all { // until nothing is added; a ticket may have a lower number than its parent
		before := len(lost)
		for _, t := range all {
			if lost[t.Parent] {
				lost[t.Ref] = true
			}
		}
		if len(lost) == before {
			break
		}
	}
	_, err = p.submit(ctx, "/issues/"+ref, url.Values{"_method": {"delete"}, "todo": {"destroy"}})
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range all {
		if lost[t.Ref] {
			t.Deleted = true
			s.deleted = append(s.deleted, t)
		}
	}
	return nil
}

// Age makes all that was written down so much older, as if that time had passed since.
func (s *Server) Age(ctx context.Context, by time.Duration) error {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(s.folder, "redmine.db")+"?_pragma=busy_timeout(20000)")
	if err != nil {
		return fmt.Errorf("database of redmine: %w", err)
	}
	_, err = db.ExecContext(ctx, `UPDATE issues SET created_on = strftime('%Y-%m-%d %H:%M:%S', created_on, ?1), updated_on = strftime('%Y-%m-%d %H:%M:%S', updated_on, ?1)`,
		fmt.Sprintf("-%d seconds", int(by.Seconds())))
	return errors.Join(err, db.Close())
}
