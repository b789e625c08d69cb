package redmine

import (
	"encoding/json"
	"strings"
	"time"
)

// thing is anything with a number and a name.
type thing struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
}

// status is the status of an issue. Redmines before 5.0 do not tell whether it is closed.
type status struct {
	thing
	Closed *bool `json:"is_closed"`
}

// customValue is what an issue has in a custom field: a text, or a list of texts.
type customValue struct {
	thing
	Value json.RawMessage `json:"value"`
}

// text is the value as one text, the parts of a list with commas between them.
func (v customValue) text() string {
	var one string
	if json.Unmarshal(v.Value, &one) == nil {
		return one
	}
	var many []string
	_ = json.Unmarshal(v.Value, &many) // what is neither is nothing to us
	return strings.Join(many, ", ")
}

// issue is an issue as Redmine answers it.
type issue struct {
	ID          int           `json:"id"`
	Project     thing         `json:"project"`
	Tracker     thing         `json:"tracker"`
	Status      status        `json:"status"`
	Priority    thing         `json:"priority"`
	Assignee    thing         `json:"assigned_to"`
	Parent      thing         `json:"parent"`
	Subject     string        `json:"subject"`
	Description string        `json:"description"`
	Due         string        `json:"due_date"`
	Custom      []customValue `json:"custom_fields"`
	Updated     time.Time     `json:"updated_on"`
	Journals    []journal     `json:"journals"`
	Allowed     []status      `json:"allowed_statuses"`
}

// journal is one entry of an issue's history.
type journal struct {
	Notes string `json:"notes"`
}

// field is what stands in a custom field, "" for nothing.
func (is issue) field(number int) string {
	for _, v := range is.Custom {
		if v.ID == number {
			return v.text()
		}
	}
	return ""
}

// one is how Redmine wraps a single issue.
type one struct {
	Issue issue `json:"issue"`
}

// page is one page of a list of issues.
type page struct {
	Issues []issue `json:"issues"`
	Total  int     `json:"total_count"`
}
