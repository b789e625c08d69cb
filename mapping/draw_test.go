package mapping_test

import (
	"strings"
	"time"

	"pgregory.net/rapid"

	"percolate/mapping"
	"percolate/per"
	"percolate/ticket"
)

// text draws what people write, and what they should not.
func text() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{
			"", "Rotate the certificate", "rotate  the Certificate", "Fix *it* in [prod](http://x)", "{{.Evil}}", "{{template \"x\"}}",
			"<!-- percolate: k -->", "a, b", "`code`", "@ana", "> 2 %", "\xff\xfe", "\u202eabc", "long " + strings.Repeat("word ", 60), strings.Repeat("x", 300),
		}),
		rapid.String(),
	)
}

func word(words ...string) *rapid.Generator[string] {
	return rapid.OneOf(rapid.SampledFrom(words), text())
}

func drawDocument(t *rapid.T) *per.Document {
	d := &per.Document{Path: "pers/a.md", Status: per.Agreed}
	d.ID.Value = word("PER-1", "PER-2026-003").Draw(t, "id")
	d.Confidential = rapid.SampledFrom([]bool{false, false, true}).Draw(t, "confidential")
	for range rapid.IntRange(0, 25).Draw(t, "edits") {
		edit(t, d)
	}
	return d
}

// edit changes one value of the document, any of those that it can have.
func edit(t *rapid.T, d *per.Document) {
	switch rapid.IntRange(0, 28).Draw(t, "what") {
	case 0:
		d.Title.Value = text().Draw(t, "title")
	case 1:
		d.Severity.Value = word("SEV1", "sev-2", "P3 (minor)", "none").Draw(t, "severity")
	case 2:
		d.Kind = per.Kind(word("outage", "near-miss").Draw(t, "kind"))
	case 3:
		d.Service.Value = word("checkout", "Search API").Draw(t, "service")
	case 4:
		d.Team.Value = word("payments", "ops").Draw(t, "team")
	case 5:
		d.Owner.Value = word("ana", "raj", "ops", "TBD", "kim", "KIM", "A <ana@example.com>", "A ana@example.com").Draw(t, "owner")
	case 6:
		d.Status = rapid.SampledFrom([]per.Status{per.Draft, per.Agreed}).Draw(t, "status")
	case 7:
		d.Confidential = rapid.Bool().Draw(t, "confidential")
	case 8:
		d.Day.Value = word("2026-03-02", "2024-02-29", "soon").Draw(t, "day")
	case 9:
		at := per.Instant{Time: time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "at"), 0).UTC()}
		*rapid.SampledFrom([]*per.Instant{&d.Started, &d.Detected, &d.Resolved, &d.Meeting}).Draw(t, "instant") = at
	case 10:
		span := time.Duration(rapid.Int64().Draw(t, "span"))
		d.Stated.Downtime = &span
	case 11:
		o := per.Observation{ID: word("D1", "P1").Draw(t, "id"), Text: text().Draw(t, "text")}
		list := rapid.SampledFrom([]*[]per.Observation{&d.Deltas, &d.Pluses}).Draw(t, "list")
		*list = append(*list, o)
	case 12:
		d.Summary.Value = text().Draw(t, "summary")
	default:
		editAction(t, d)
	}
}

// editAction adds an action, or changes one value of one that is there.
func editAction(t *rapid.T, d *per.Document) {
	if len(d.Actions) == 0 || rapid.IntRange(0, 3).Draw(t, "add") == 0 {
		d.Actions = append(d.Actions, per.Action{
			ID: word("", "A1", "A2", "a/b", "~x").Draw(t, "id"), Text: text().Draw(t, "text"),
			Certain: rapid.Bool().Draw(t, "certain"), Line: len(d.Actions) + 1,
		})
		return
	}
	a := &d.Actions[rapid.IntRange(0, len(d.Actions)-1).Draw(t, "action")]
	switch rapid.IntRange(0, 11).Draw(t, "value") {
	case 0:
		a.Text = text().Draw(t, "text")
	case 1:
		a.Details = text().Draw(t, "details")
	case 2:
		a.Kind = per.ActionKind(word("", "defect", "improvement").Draw(t, "kind"))
	case 3:
		a.Owners = rapid.SliceOfN(word("ana", "@RAJ", "ops", "operations", "kim", "Kim", "A <ana@example.com>", "A ana@example.com", "TBD"), 0, 3).Draw(t, "owners")
	case 4:
		a.Due.Value = word("2026-04-01", "", "soon").Draw(t, "due")
	case 5:
		done := rapid.Bool().Draw(t, "done")
		a.Done = &done
	case 6:
		a.Addresses = rapid.SliceOfN(word("D1", "p1"), 0, 2).Draw(t, "addresses")
	case 7:
		a.Repeats = word("PER-1/A4").Draw(t, "repeats")
	case 8:
		a.Priority = word("high", "P1").Draw(t, "priority")
	case 9:
		a.Tracker = word("open", "Backlog").Draw(t, "tracker")
	case 10:
		a.Refs = rapid.SliceOfN(text(), 0, 2).Draw(t, "refs")
	case 11:
		a.Ticket = word("OPS-1").Draw(t, "ticket")
	}
}

// drawSettings varies whatever a team may configure.
func drawSettings(t *rapid.T) mapping.Settings {
	s := settings()
	s.Today = ticket.Day(rapid.SampledFrom([]string{"2026-03-04", "2030-01-01"}).Draw(t, "today"))
	s.Zone = rapid.SampledFrom([]*time.Location{time.UTC, time.FixedZone("X", 9*3600)}).Draw(t, "zone")
	s.FileSince = ticket.Day(rapid.SampledFrom([]string{"", "2025-01-01"}).Draw(t, "since"))
	s.DocumentURL = rapid.SampledFrom([]string{"", "https://x/{path}"}).Draw(t, "url")
	s.DefaultTracker = rapid.SampledFrom([]string{"backlog", "open"}).Draw(t, "default")
	if rapid.Bool().Draw(t, "strangers") {
		s.People, s.Teams = nil, []mapping.Team{{Name: "ops", Label: "team ops"}, {Name: "ana"}}
	}
	if rapid.Bool().Draw(t, "routes") {
		s.Routes = []mapping.Route{{Severity: "sev1", Tracker: "open"}, {Path: "pers/**", Service: "checkout", Tracker: "backlog"}}
	}
	if rapid.Bool().Draw(t, "shape") {
		s.Shape.Title = "[{{.Document}}/{{.ID}}] {{.Text}}"
		s.Shape.ParentTitle = "{{upper .Title}}"
		s.Shape.TitleLength = rapid.IntRange(20, 200).Draw(t, "length")
		s.Shape.Body = "{{.Event.Facts}} {{.Event.Team}} {{.Kind}} {{.Category}} {{.Text}} {{range .Addresses}}{{.Text}}{{end}} {{.Details}} {{.Owners}} {{.Due}} {{.Repeats}} {{.Refs}}"
		s.Shape.Labels = []string{"p q", "{{.Kind}} {{.EventKind}}", "{{.Severity}},{{.Service}}", "{{.Team}}"}
		s.Shape.Severities = []mapping.Severity{{Name: "bad", Words: []string{"sev1"}}, {Name: "fine", Words: []string{"sev2", "none"}}}
		s.Shape.Priorities = []mapping.PriorityRow{{Severity: "bad", Parent: "highest", Story: "high", Defect: "none"}}
		s.Shape.DueDays = []mapping.DueRow{{Severity: mapping.OtherSeverity, Parent: 3, Story: 2, Defect: 1}}
		s.Shape.DueAtLeast = rapid.IntRange(0, 30).Draw(t, "at least")
		s.Routes = nil
	}
	return s
}
