package main

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"percolate/ticket"
	"percolate/trackers/jira"
)

// jiraConfig is the section of a tracker that is a project of a Jira.
type jiraConfig struct {
	URL          string           `yaml:"url"`
	API          string           `yaml:"api"`
	Deployment   string           `yaml:"deployment"`
	User         string           `yaml:"user"`
	TokenEnv     string           `yaml:"token_env"`
	TokenFile    string           `yaml:"token_file"`
	Project      string           `yaml:"project"`
	Projects     []string         `yaml:"projects"`
	Hierarchy    string           `yaml:"hierarchy"`
	LinkType     string           `yaml:"link_type"`
	ChildProject string           `yaml:"child_project"`
	Types        typesConfig      `yaml:"types"`
	Values       []valueConfig    `yaml:"values"`
	Priorities   []priorityConfig `yaml:"priorities"`
	Statuses     []statusConfig   `yaml:"statuses"`
	Flag         string           `yaml:"flag"`
	Bots         []string         `yaml:"bots"`
	Marker       string           `yaml:"marker"`
	FindLag      time.Duration    `yaml:"find_lag"`
	Insecure     bool             `yaml:"insecure"`
}

// typesConfig names the types of tickets by kind; "" is the hierarchy's own.
type typesConfig struct {
	Parent string `yaml:"parent"`
	Story  string `yaml:"story"`
	Defect string `yaml:"defect"`
}

// valueConfig is a fixed value of a field that tickets of some kinds need.
type valueConfig struct {
	Field string   `yaml:"field"`
	Value string   `yaml:"value"`
	Kinds []string `yaml:"kinds"`
}

// priorityConfig names one of percolate's priorities as the tracker does.
type priorityConfig struct {
	Priority string   `yaml:"priority"`
	Names    []string `yaml:"names"`
}

func defaultJira() *jiraConfig {
	return &jiraConfig{Deployment: "auto", Hierarchy: string(jira.Epic), LinkType: "Relates", Marker: "percolate"}
}

var projectKey = regexp.MustCompile(`^[A-Z][A-Z0-9_]+$`)

func (s *jiraConfig) validate(o *origins, at string) configError {
	var f configError
	fault := func(key, format string, args ...any) { f = append(f, o.fault(at+"."+key, format, args...)) }
	oneOf := func(key, value string, allowed ...string) {
		if !slices.Contains(allowed, value) {
			fault(key, "%q is not one of %s", value, strings.Join(allowed, ", "))
		}
	}
	for key, address := range map[string]string{"url": s.URL, "api": cmp.Or(s.API, s.URL)} {
		if u, err := url.Parse(address); err != nil || u.Host == "" || u.User != nil {
			fault(key, "%q is no address such as https://example.atlassian.net, without a password in it", address)
		}
	}
	for key, project := range map[string]string{"project": s.Project, "child_project": cmp.Or(s.ChildProject, s.Project)} {
		if !projectKey.MatchString(project) {
			fault(key, "%q is no key of a project such as OPS", project)
		}
	}
	if (s.TokenEnv == "") == (s.TokenFile == "") {
		fault("token_env", "name where the token is, with token_env or token_file and not both")
	}
	oneOf("deployment", s.Deployment, "auto", string(jira.Cloud), string(jira.DataCenter))
	oneOf("hierarchy", s.Hierarchy, string(jira.Epic), string(jira.Subtask), string(jira.Link))
	if s.ChildProject != "" && s.Hierarchy != string(jira.Link) {
		fault("child_project", "only with hierarchy: link can children be in another project")
	}
	for i, v := range s.Values {
		for j, kind := range v.Kinds {
			oneOf(fmt.Sprintf("values[%d].kinds[%d]", i, j), kind, string(ticket.KindParent), string(ticket.KindStory), string(ticket.KindDefect))
		}
	}
	for i, p := range s.Priorities {
		if v, ok := ticket.ParsePriority(p.Priority); !ok || v == ticket.PriorityNone {
			fault(fmt.Sprintf("priorities[%d].priority", i), "%q is not one of lowest, low, medium, high, highest", p.Priority)
		}
	}
	if s.FindLag < 0 {
		fault("find_lag", "%s is less than 0", s.FindLag)
	}
	return append(f, validateStatuses(o, at+".statuses", s.Statuses)...)
}

// options are what the section means to the tracker.
func (s *jiraConfig) options() jira.Options {
	opt := jira.Options{
		URL: s.URL, API: s.API, User: s.User, Deployment: jira.Deployment(s.Deployment), Project: s.Project, Projects: s.Projects,
		Hierarchy: jira.Hierarchy(s.Hierarchy), LinkType: s.LinkType, ChildProject: s.ChildProject,
		Types: map[ticket.Kind]string{
			ticket.KindParent: s.Types.Parent, ticket.KindStory: s.Types.Story, ticket.KindDefect: s.Types.Defect,
		},
		Priorities: map[ticket.Priority][]string{}, Statuses: map[ticket.Status][]string{},
		Flag: s.Flag, Bots: s.Bots, Marker: s.Marker, FindLag: s.FindLag, Insecure: s.Insecure,
	}
	if s.Deployment == "auto" {
		opt.Deployment = jira.Auto
	}
	for _, v := range s.Values {
		value := jira.Value{Field: v.Field, Value: v.Value}
		for _, kind := range v.Kinds {
			value.Kinds = append(value.Kinds, ticket.Kind(kind))
		}
		opt.Values = append(opt.Values, value)
	}
	for _, p := range s.Priorities {
		priority, _ := ticket.ParsePriority(p.Priority)
		opt.Priorities[priority] = p.Names
	}
	for _, st := range s.Statuses {
		opt.Statuses[ticket.Status(st.Status)] = append(opt.Statuses[ticket.Status(st.Status)], st.Words...)
	}
	return opt
}
