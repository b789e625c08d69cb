package main

import (
	"fmt"
	"net/url"
	"regexp"

	"percolate/mapping"
	"percolate/ticket"
	"percolate/trackers/redmine"
)

// redmineConfig is the section of a tracker that is a project of a Redmine.
type redmineConfig struct {
	URL          string           `yaml:"url"`
	KeyEnv       string           `yaml:"key_env"`
	KeyFile      string           `yaml:"key_file"`
	Project      string           `yaml:"project"`
	Projects     []string         `yaml:"projects"`
	BareNumbers  bool             `yaml:"bare_numbers"`
	Format       string           `yaml:"format"`
	MarkerField  int              `yaml:"marker_field"`
	LabelsField  int              `yaml:"labels_field"`
	Marker       string           `yaml:"marker"`
	Types        typesConfig      `yaml:"types"`
	CustomFields []customConfig   `yaml:"custom_fields"`
	Priorities   []priorityConfig `yaml:"priorities"`
	Statuses     []statusConfig   `yaml:"statuses"`
	Parallel     int              `yaml:"parallel"`
	Insecure     bool             `yaml:"insecure"`
}

// customConfig is a fixed value of a custom field that tickets of some kinds need.
type customConfig struct {
	Number int      `yaml:"number"`
	Value  string   `yaml:"value"`
	Kinds  []string `yaml:"kinds"`
}

func defaultRedmine() *redmineConfig {
	types := redmine.DefaultTypes()
	return &redmineConfig{
		Format: string(redmine.Textile), Marker: "percolate", Parallel: 4,
		Types: typesConfig{Parent: types[ticket.KindParent], Story: types[ticket.KindStory], Defect: types[ticket.KindDefect]},
	}
}

var (
	projectIdentifier = regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)
	markerWord        = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9._-]*$`)
)

// validate finds what cannot be used. account is the tracker's default_account.
func (s *redmineConfig) validate(o *origins, at, account string) configError {
	var f configError
	fault := func(key, format string, args ...any) { f = append(f, o.fault(at+"."+key, format, args...)) }
	if u, err := url.Parse(s.URL); err != nil || u.Host == "" || u.User != nil {
		fault("url", "%q is no address such as https://redmine.example.com, without a password in it", s.URL)
	}
	for key, project := range s.identifiers() {
		if !projectIdentifier.MatchString(project) {
			fault(key, "%q is no identifier of a project, which stands in its address: ops in /projects/ops", project)
		}
	}
	if (s.KeyEnv == "") == (s.KeyFile == "") {
		fault("key_env", "name where the API key is, with key_env or key_file and not both")
	}
	if account == mapping.AccountEmail {
		fault("default_account", "Redmine tells nobody's e-mail address; say name or none, and list accounts under people")
	}
	if s.Format != string(redmine.Textile) && s.Format != string(redmine.Markdown) {
		fault("format", "%q is not one of textile, markdown", s.Format)
	}
	if !markerWord.MatchString(s.Marker) {
		fault("marker", "%q is not a word of letters, digits, dots and dashes", s.Marker)
	}
	if s.Parallel < 1 {
		fault("parallel", "%d is less than 1", s.Parallel)
	}
	s.validateFields(fault)
	validatePriorities(s.Priorities, fault)
	return append(f, validateStatuses(o, at+".statuses", s.Statuses)...)
}

// identifiers are the projects by their keys.
func (s *redmineConfig) identifiers() map[string]string {
	all := map[string]string{"project": s.Project}
	for i, p := range s.Projects {
		all[fmt.Sprintf("projects[%d]", i)] = p
	}
	return all
}

func (s *redmineConfig) validateFields(fault func(key, format string, args ...any)) {
	taken := map[int]string{}
	use := func(key string, number int, needed bool) {
		if number < 0 || needed && number == 0 {
			fault(key, "%d is no number of a custom field, which stands in the address of the page that edits it", number)
		}
		if other, twice := taken[number]; twice && number != 0 {
			fault(key, "%s has this field already", other)
		}
		taken[number] = key
	}
	use("marker_field", s.MarkerField, false)
	use("labels_field", s.LabelsField, false)
	for i, v := range s.CustomFields {
		if v.Number == s.MarkerField || v.Number == s.LabelsField || v.Number < 1 {
			use(fmt.Sprintf("custom_fields[%d].number", i), v.Number, true)
		}
		for j, kind := range v.Kinds {
			if kind != string(ticket.KindParent) && kind != string(ticket.KindStory) && kind != string(ticket.KindDefect) {
				fault(fmt.Sprintf("custom_fields[%d].kinds[%d]", i, j), "%q is not one of parent, story, defect", kind)
			}
		}
	}
}

func validatePriorities(list []priorityConfig, fault func(key, format string, args ...any)) {
	for i, p := range list {
		if v, ok := ticket.ParsePriority(p.Priority); !ok || v == ticket.PriorityNone {
			fault(fmt.Sprintf("priorities[%d].priority", i), "%q is not one of lowest, low, medium, high, highest", p.Priority)
		}
	}
}

// options are what the section means to the tracker.
func (s *redmineConfig) options() redmine.Options {
	opt := redmine.Options{
		URL: s.URL, Project: s.Project, Projects: s.Projects, BareNumbers: s.BareNumbers, Format: redmine.Format(s.Format),
		MarkerField: s.MarkerField, LabelsField: s.LabelsField, Marker: s.Marker, Types: s.Types.byKind(),
		Priorities: map[ticket.Priority][]string{}, Statuses: map[ticket.Status][]string{}, Parallel: s.Parallel, Insecure: s.Insecure,
	}
	for _, v := range s.CustomFields {
		value := redmine.Value{Field: v.Number, Value: v.Value}
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
