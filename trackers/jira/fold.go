package jira

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"percolate/ticket"
)

// folds tell what the words of a site mean.
type folds struct {
	priorities map[string]ticket.Priority // by name in lower case
	words      map[string]ticket.Status
}

func newFolds(opt Options) folds {
	f := folds{priorities: map[string]ticket.Priority{}, words: map[string]ticket.Status{}}
	for p, names := range opt.Priorities {
		for _, n := range names {
			f.priorities[strings.ToLower(n)] = p
		}
	}
	for _, w := range droppedWords() {
		f.words[w] = ticket.StatusDropped
	}
	for s, words := range opt.Statuses {
		for _, w := range words {
			f.words[ticket.FoldText(w)] = s
		}
	}
	return f
}

// droppedWords are resolutions that mean that nobody will do it.
func droppedWords() []string {
	return []string{
		"won't do", "won't fix", "wont do", "wontfix", "duplicate", "cannot reproduce", "incomplete", "declined",
		"rejected", "cancelled", "canceled", "abandoned", "obsolete", "invalid", "known error", "withdrawn",
	}
}

// status folds by category first: names of statuses differ from team to team, and only
// the words that the configuration lists count.
func (f folds) status(v fields, flagged bool) ticket.Status {
	name := f.words[ticket.FoldText(v.Status.Name)]
	if v.Status.Category.Key == "done" {
		if v.Resolution != nil && f.words[ticket.FoldText(v.Resolution.Name)] == ticket.StatusDropped || name == ticket.StatusDropped {
			return ticket.StatusDropped
		}
		return ticket.StatusDone
	}
	labelled := slices.ContainsFunc(v.Labels, func(l string) bool { return f.words[ticket.FoldText(l)] == ticket.StatusBlocked })
	switch {
	case flagged, labelled:
		return ticket.StatusBlocked
	case name != "":
		return name
	case v.Status.Category.Key == "indeterminate":
		return ticket.StatusActive
	}
	return ticket.StatusOpen
}

// word is the status as people in Jira call it, the resolution beside it.
func word(v fields) string {
	if v.Resolution != nil && !strings.EqualFold(v.Resolution.Name, v.Status.Name) {
		return v.Status.Name + " (" + v.Resolution.Name + ")"
	}
	return v.Status.Name
}

// kind goes by the type, among the kinds that the key leaves: a type may serve several,
// and children that stand alone have another.
func (t *Tracker) kind(typ named, key ticket.Key) ticket.Kind {
	is := func(name string) bool { return typ.ID == name || strings.EqualFold(typ.Name, name) }
	child := key != (ticket.Key{}) && !key.IsParent()
	switch {
	case !child && is(t.opt.Types[ticket.KindParent]):
		return ticket.KindParent
	case is(t.opt.Types[ticket.KindStory]):
		return ticket.KindStory
	case is(t.opt.Types[ticket.KindDefect]):
		return ticket.KindDefect
	case t.opt.Hierarchy == Subtask && is(t.aloneType(ticket.KindDefect)):
		return ticket.KindDefect
	case t.opt.Hierarchy == Subtask && is(t.aloneType(ticket.KindStory)):
		return ticket.KindStory
	}
	return ""
}

// seen folds issues into tickets, in their order. It may have to ask for the ids of
// epics, which Data Center names by their keys.
func (t *Tracker) seen(ctx context.Context, op string, asOf time.Time, issues []issue) ([]ticket.Seen, error) {
	ids, err := t.fieldIDs(ctx, op)
	if err != nil {
		return nil, err
	}
	out := make([]ticket.Seen, len(issues))
	epics := make([]string, len(issues))
	for i, is := range issues {
		out[i], epics[i] = t.fold(is, ids, asOf)
		t.note(is.Key)
		if out[i].Parent == "" && epics[i] == "" || out[i].Key.IsParent() {
			t.keep(is.Key, is.ID)
		}
	}
	if err := t.resolveEpics(ctx, op, epics); err != nil {
		return nil, err
	}
	for i, key := range epics {
		if key != "" {
			out[i].Parent = t.idOf(key)
		}
	}
	return out, nil
}

// fold is one issue as a ticket; epic is the key of its epic where only that is known.
func (t *Tracker) fold(is issue, ids fieldIDs, asOf time.Time) (s ticket.Seen, epic string) {
	var v fields
	var custom map[string]json.RawMessage
	_ = json.Unmarshal(is.Fields, &v) // a field in another form is an empty one
	_ = json.Unmarshal(is.Fields, &custom)
	s = ticket.Seen{
		Tracker: t.opt.Name, Ref: ticket.Ref(is.ID), Name: is.Key, URL: t.opt.URL + "/browse/" + is.Key,
		Key: t.marks.read(v.Labels, is.Properties), Updated: instant(v.Updated), AsOf: asOf, Whole: v.Description,
		Status: t.folds.status(v, len(custom[ids.Flag]) > 2 && string(custom[ids.Flag]) != "null"), Word: word(v),
	}
	s.Fields = ticket.Fields{
		Kind: t.kind(v.Type, s.Key), Title: v.Summary, Body: extract(v.Description),
		Labels: t.marks.theirs(v.Labels), Due: ticket.Day(v.Due),
	}
	if v.Priority != nil {
		s.Fields.Priority = t.folds.priorities[strings.ToLower(v.Priority.Name)]
	}
	if v.Assignee != nil {
		s.Fields.Assignees = []string{v.Assignee.account()}
	}
	switch {
	case t.opt.Hierarchy == Link:
		s.Parent = parentLink(v.Links, t.opt.LinkType)
	case v.Parent != nil:
		s.Parent = ticket.Ref(v.Parent.ID)
	case ids.EpicLink != "":
		_ = json.Unmarshal(custom[ids.EpicLink], &epic)
	}
	return s, epic
}

// account is what we call a person: Cloud's account id, or Data Center's user name.
func (u *user) account() string {
	if u.AccountID != "" {
		return u.AccountID
	}
	return u.Name
}

// parentLink is where the oldest link of our type leads: people may have added others.
func parentLink(links []issueLink, linkType string) ticket.Ref {
	if l, ok := oldestLink(links, linkType); ok {
		return ticket.Ref(l.Outward.ID)
	}
	return ""
}

func oldestLink(links []issueLink, linkType string) (oldest issueLink, ok bool) {
	for _, l := range links {
		if l.Outward == nil || !strings.EqualFold(l.Type.Name, linkType) {
			continue
		}
		if !ok || len(l.ID) < len(oldest.ID) || len(l.ID) == len(oldest.ID) && l.ID < oldest.ID {
			oldest, ok = l, true
		}
	}
	return oldest, ok
}
