package jira

import (
	"encoding/json"
	"time"
)

// issue is an issue as Jira answers it. The fields are read twice, since the ids of
// some are only known at run time.
type issue struct {
	ID         string                     `json:"id"`
	Key        string                     `json:"key"`
	Fields     json.RawMessage            `json:"fields"`
	Properties map[string]json.RawMessage `json:"properties"`
	Log        *changeLog                 `json:"changelog"` // where it was asked for, and is given
}

// named is anything of which the name or id says what it is.
type named struct {
	ID   string `json:"id,omitempty"`
	Key  string `json:"key,omitempty"`
	Name string `json:"name,omitempty"`
}

// user is a person; which of the names is set depends on the deployment.
type user struct {
	AccountID string `json:"accountId"`
	Name      string `json:"name"`
	Email     string `json:"emailAddress"`
	Display   string `json:"displayName"`
	TimeZone  string `json:"timeZone"`
	Type      string `json:"accountType"` // of Cloud: "atlassian", "app" or "customer"
}

type status struct {
	Name     string `json:"name"`
	Category named  `json:"statusCategory"`
}

type issueLink struct {
	ID      string `json:"id"`
	Type    named  `json:"type"`
	Outward *named `json:"outwardIssue"`
}

// fields are those that every issue has.
type fields struct {
	Summary     string      `json:"summary"`
	Description string      `json:"description"`
	Labels      []string    `json:"labels"`
	Priority    *named      `json:"priority"`
	Due         string      `json:"duedate"`
	Assignee    *user       `json:"assignee"`
	Status      status      `json:"status"`
	Resolution  *named      `json:"resolution"`
	Type        named       `json:"issuetype"`
	Parent      *named      `json:"parent"`
	Links       []issueLink `json:"issuelinks"`
	Updated     string      `json:"updated"`
}

// instant reads a time of Jira; the zero time for what is none.
func instant(text string) time.Time {
	for _, layout := range []string{"2006-01-02T15:04:05.999-0700", time.RFC3339} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC()
		}
	}
	return time.Time{}
}

// update is the body of a create or an edit.
type update struct {
	Fields     map[string]any    `json:"fields,omitempty"`
	Update     map[string][]op   `json:"update,omitempty"`
	Properties []propertyOfIssue `json:"properties,omitempty"`
}

// op is one operation on a field: "add" or "remove" with its value.
type op map[string]any

type propertyOfIssue struct {
	Key   string `json:"key"`
	Value any    `json:"value"`
}

func (u update) empty() bool { return len(u.Fields)+len(u.Update)+len(u.Properties) == 0 }
