package redminetest

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"percolate/trackers/internal/simctl"
)

// query reads issues from Redmine's own database.
const query = `
SELECT i.id, i.subject, coalesce(i.description, ''), t.name, st.name, p.name, coalesce(i.due_date, ''), pr.identifier,
       coalesce(i.parent_id, ''), coalesce(u.firstname || ' ' || u.lastname, ''), coalesce(l.value, '')
FROM issues i
JOIN trackers t ON t.id = i.tracker_id
JOIN issue_statuses st ON st.id = i.status_id
JOIN enumerations p ON p.id = i.priority_id
JOIN projects pr ON pr.id = i.project_id
LEFT JOIN users u ON u.id = i.assigned_to_id
LEFT JOIN custom_fields f ON f.name = 'labels'
LEFT JOIN custom_values l ON l.customized_type = 'Issue' AND l.customized_id = i.id AND l.custom_field_id = f.id
WHERE %s ORDER BY i.id`

// Tickets are all issues as Redmine's database holds them, and those that people deleted.
func (s *Server) Tickets() []simctl.Ticket {
	found, err := s.read(context.Background(), "1 = 1")
	if err != nil {
		return []simctl.Ticket{{Title: "the database cannot be read: " + err.Error()}}
	}
	s.mu.Lock()
	found = append(found, s.deleted...)
	s.mu.Unlock()
	slices.SortStableFunc(found, func(a, b simctl.Ticket) int {
		return cmp.Or(cmp.Compare(len(a.Ref), len(b.Ref)), cmp.Compare(a.Ref, b.Ref))
	})
	return found
}

// Ticket is one issue. A missing one is [sql.ErrNoRows].
func (s *Server) Ticket(ref string) (simctl.Ticket, error) {
	found, err := s.read(context.Background(), "i.id = ?", ref)
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("issue %s: %w", ref, sql.ErrNoRows)
	}
	if err != nil {
		return simctl.Ticket{}, err
	}
	return found[0], nil
}

func (s *Server) read(ctx context.Context, where string, args ...any) ([]simctl.Ticket, error) {
	rows, err := s.db.QueryContext(ctx, fmt.Sprintf(query, where), args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	found := []simctl.Ticket{}
	for rows.Next() {
		var t simctl.Ticket
		var id int
		var status, assignee, labels string
		err := rows.Scan(&id, &t.Title, &t.Text, &t.Kind, &status, &t.Priority, &t.Due, &t.Place, &t.Parent, &assignee, &labels)
		if err != nil {
			return nil, err
		}
		t.Ref, t.Name, t.Status = strconv.Itoa(id), t.Place+"#"+strconv.Itoa(id), statusOf(status)
		t.Labels = strings.FieldsFunc(labels, func(r rune) bool { return r == ',' || r == ' ' })
		t.Due, _, _ = strings.Cut(t.Due, "T")
		if assignee != "" {
			t.Assignees = []string{assignee}
		}
		found = append(found, t)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return found, s.comments(ctx, found)
}

func statusOf(name string) string {
	for _, status := range []string{"open", "active", "blocked", "done", "dropped"} {
		if statusNamed(status) == name {
			return status
		}
	}
	return "active" // Resolved and Feedback
}

// comments puts what people and percolate said beside the issues.
func (s *Server) comments(ctx context.Context, tickets []simctl.Ticket) error {
	rows, err := s.db.QueryContext(ctx, `SELECT journalized_id, notes FROM journals WHERE journalized_type = 'Issue' AND coalesce(notes, '') <> '' ORDER BY id`)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	said := map[string][]string{}
	for rows.Next() {
		var id int
		var text string
		if err := rows.Scan(&id, &text); err != nil {
			return err
		}
		said[strconv.Itoa(id)] = append(said[strconv.Itoa(id)], text)
	}
	for i := range tickets {
		tickets[i].Comments = said[tickets[i].Ref]
	}
	return rows.Err()
}

// Requests tells how often each endpoint was asked through the server in front.
func (s *Server) Requests() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.requests)
}

// Switches is a copy of the faults.
func (s *Server) Switches() any {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.faults
	return &f
}

// Switch puts such a copy in their place.
func (s *Server) Switch(v any) {
	if f, ok := v.(*Faults); ok {
		s.SetFaults(func(now *Faults) { *now = *f })
	}
}

var _ simctl.Simulator = (*Server)(nil)
