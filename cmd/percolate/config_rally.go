package main

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"percolate/ticket"
	"percolate/trackers/rally"
)

// rallyConfig is the section of a tracker that is a project of a Rally workspace.
type rallyConfig struct {
	URL        string           `yaml:"url"`
	KeyEnv     string           `yaml:"key_env"`
	KeyFile    string           `yaml:"key_file"`
	Workspace  string           `yaml:"workspace"`
	Project    string           `yaml:"project"`
	Scope      string           `yaml:"scope"`
	Due        string           `yaml:"due"`
	DueField   string           `yaml:"due_field"`
	TimeZone   string           `yaml:"time_zone"`
	Priorities []priorityConfig `yaml:"priorities"`
	Severities []priorityConfig `yaml:"severities"`
	Values     []valueConfig    `yaml:"values"`
	Statuses   []statusConfig   `yaml:"statuses"`
	IDPrefixes []string         `yaml:"id_prefixes"`
	Marker     string           `yaml:"marker"`
	FindLag    time.Duration    `yaml:"find_lag"`
	Insecure   bool             `yaml:"insecure"`
}

func defaultRally() *rallyConfig {
	return &rallyConfig{URL: rally.DefaultURL, Scope: string(rally.ScopeWorkspace), Due: string(rally.DueText), Marker: "percolate"}
}

var (
	objectID   = regexp.MustCompile(`^[1-9][0-9]*$`)
	idPrefix   = regexp.MustCompile(`^[A-Z]{1,5}$`)
	rallyField = regexp.MustCompile(`^[A-Za-z]\w*$`)
)

func (s *rallyConfig) validate(o *origins, at string) configError {
	var f configError
	fault := func(key, format string, args ...any) { f = append(f, o.fault(at+"."+key, format, args...)) }
	if u, err := url.Parse(s.URL); err != nil || u.Host == "" || u.User != nil {
		fault("url", "%q is no address such as %s, without a password in it", s.URL, rally.DefaultURL)
	}
	for key, id := range map[string]string{"workspace": s.Workspace, "project": s.Project} {
		if !objectID.MatchString(id) {
			fault(key, "%q is no object id, which is the number in the address of the %s's page", id, key)
		}
	}
	if (s.KeyEnv == "") == (s.KeyFile == "") {
		fault("key_env", "name where the API key is, with key_env or key_file and not both")
	}
	s.validatePlanning(fault)
	for i, v := range s.Values {
		if !rallyField.MatchString(v.Field) {
			fault(fmt.Sprintf("values[%d].field", i), "%q is no name of an attribute such as Severity or c_Team", v.Field)
		}
		for j, kind := range v.Kinds {
			if !slices.Contains([]string{string(ticket.KindParent), string(ticket.KindStory), string(ticket.KindDefect)}, kind) {
				fault(fmt.Sprintf("values[%d].kinds[%d]", i, j), "%q is not one of parent, story, defect", kind)
			}
		}
	}
	for i, p := range s.IDPrefixes {
		if !idPrefix.MatchString(p) {
			fault(fmt.Sprintf("id_prefixes[%d]", i), "%q is no beginning of an id such as US", p)
		}
	}
	if !idText.MatchString(s.Marker) {
		fault("marker", "%q is no marker; take letters, digits, - and _", s.Marker)
	}
	if s.FindLag < 0 {
		fault("find_lag", "%s is less than 0", s.FindLag)
	}
	return append(f, validateStatuses(o, at+".statuses", s.Statuses)...)
}

// idText is what a marker may be, since it stands in texts and in queries.
var idText = regexp.MustCompile(`^[A-Za-z0-9][\w-]*$`)

func (s *rallyConfig) validatePlanning(fault func(key, format string, args ...any)) {
	oneOf := func(key, value string, allowed ...string) {
		if !slices.Contains(allowed, value) {
			fault(key, "%q is not one of %s", value, strings.Join(allowed, ", "))
		}
	}
	oneOf("scope", s.Scope, string(rally.ScopeWorkspace), string(rally.ScopeProject))
	oneOf("due", s.Due, string(rally.DueText), string(rally.DueField), string(rally.DueMilestone), string(rally.DueIteration), string(rally.DueNone))
	if (s.Due == string(rally.DueField)) != (s.DueField != "") || s.DueField != "" && !rallyField.MatchString(s.DueField) {
		fault("due_field", "due: field and due_field, which names an attribute such as c_DueDate, go together")
	}
	if _, err := time.LoadLocation(s.TimeZone); err != nil {
		fault("time_zone", "%q is no time zone such as UTC or America/Denver", s.TimeZone)
	}
	for key, list := range map[string][]priorityConfig{"priorities": s.Priorities, "severities": s.Severities} {
		for i, p := range list {
			if v, ok := ticket.ParsePriority(p.Priority); !ok || v == ticket.PriorityNone {
				fault(fmt.Sprintf("%s[%d].priority", key, i), "%q is not one of lowest, low, medium, high, highest", p.Priority)
			}
		}
	}
}

// options are what the section means to the tracker.
func (s *rallyConfig) options() rally.Options {
	opt := rally.Options{
		URL: s.URL, Workspace: s.Workspace, Project: s.Project, Scope: rally.Scope(s.Scope), Due: rally.Due(s.Due), DueField: s.DueField,
		Priorities: namesByPriority(s.Priorities), Severities: namesByPriority(s.Severities), Statuses: map[ticket.Status][]string{},
		Prefixes: s.IDPrefixes, Marker: s.Marker, FindLag: s.FindLag, Insecure: s.Insecure,
	}
	if s.TimeZone != "" {
		opt.Zone, _ = time.LoadLocation(s.TimeZone) // validate has looked it up
	}
	for _, v := range s.Values {
		value := rally.Value{Field: v.Field, Value: v.Value}
		for _, kind := range v.Kinds {
			value.Kinds = append(value.Kinds, ticket.Kind(kind))
		}
		opt.Values = append(opt.Values, value)
	}
	for _, st := range s.Statuses {
		opt.Statuses[ticket.Status(st.Status)] = append(opt.Statuses[ticket.Status(st.Status)], st.Words...)
	}
	return opt
}

func namesByPriority(list []priorityConfig) map[ticket.Priority][]string {
	names := map[ticket.Priority][]string{}
	for _, p := range list {
		priority, _ := ticket.ParsePriority(p.Priority)
		names[priority] = p.Names
	}
	return names
}
