package main

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"percolate/mapping"
	"percolate/ticket"
	"percolate/trackers/github"
)

// githubConfig is the section of a tracker that is a repository's issues.
type githubConfig struct {
	URL           string           `yaml:"url"`
	API           string           `yaml:"api"`
	Owner         string           `yaml:"owner"`
	Repo          string           `yaml:"repo"`
	Repositories  []string         `yaml:"repositories"`
	TokenEnv      string           `yaml:"token_env"`
	TokenFile     string           `yaml:"token_file"`
	Kinds         typesConfig      `yaml:"kinds"`
	Types         typesConfig      `yaml:"types"`
	Priorities    []priorityConfig `yaml:"priorities"`
	PriorityField string           `yaml:"priority_field"`
	Due           string           `yaml:"due"`
	DueField      string           `yaml:"due_field"`
	Statuses      []statusConfig   `yaml:"statuses"`
	Marker        string           `yaml:"marker"`
	SharePercent  int              `yaml:"share_percent"`
	Unlimited     bool             `yaml:"unlimited"`
	FindLag       time.Duration    `yaml:"find_lag"`
	Insecure      bool             `yaml:"insecure"`
}

func defaultGitHub() *githubConfig {
	return &githubConfig{URL: "https://github.com", Due: string(github.DueBody), Marker: "percolate-ticket", SharePercent: 80}
}

var (
	repoName = regexp.MustCompile(`^[\w.-]+$`)
	repoFull = regexp.MustCompile(`^[\w.-]+/[\w.-]+$`)
)

// validate finds what cannot be used. account is the tracker's default_account.
func (s *githubConfig) validate(o *origins, at, account string) configError {
	var f configError
	fault := func(key, format string, args ...any) { f = append(f, o.fault(at+"."+key, format, args...)) }
	if u, err := url.Parse(s.URL); err != nil || u.Host == "" || u.User != nil {
		fault("url", "%q is no address such as https://github.com, without a password in it", s.URL)
	}
	if !repoName.MatchString(s.Owner) {
		fault("owner", "%q is no user or organisation of GitHub", s.Owner)
	}
	if !repoName.MatchString(s.Repo) {
		fault("repo", "%q is no name of a repository, which is written without its owner", s.Repo)
	}
	for i, r := range s.Repositories {
		if !repoFull.MatchString(r) {
			fault(fmt.Sprintf("repositories[%d]", i), "%q is not of the form owner/repo", r)
		}
	}
	if (s.TokenEnv == "") == (s.TokenFile == "") {
		fault("token_env", "name where the token is, with token_env or token_file and not both")
	}
	if account == mapping.AccountEmail {
		fault("default_account", "an e-mail address is no login of GitHub; say none, and list logins under people")
	}
	if s.Types != (typesConfig{}) && (s.Types.Parent == "" || s.Types.Story == "" || s.Types.Defect == "") {
		fault("types", "name the issue types of parent, story and defect, or none of them")
	}
	if s.SharePercent < 1 || s.SharePercent > 100 {
		fault("share_percent", "%d is not between 1 and 100", s.SharePercent)
	}
	if u, err := url.Parse(s.URL); s.Unlimited && err == nil && (u.Hostname() == "github.com" || strings.HasSuffix(u.Hostname(), ".ghe.com")) {
		fault("unlimited", "%s has limits; only a GitHub Enterprise Server may have none", u.Hostname())
	}
	if s.FindLag < 0 {
		fault("find_lag", "%s is less than 0", s.FindLag)
	}
	s.validatePlanning(fault)
	return append(f, s.validateStatuses(o, at)...)
}

func (s *githubConfig) validatePlanning(fault func(key, format string, args ...any)) {
	places := []string{string(github.DueBody), string(github.DueMilestone), string(github.DueField), string(github.DueNone)}
	if !slices.Contains(places, s.Due) {
		fault("due", "%q is not one of %s", s.Due, strings.Join(places, ", "))
	}
	if (s.Due == string(github.DueField)) != (s.DueField != "") {
		fault("due_field", "due: field and due_field, which names the field, go together")
	}
	for i, p := range s.Priorities {
		if v, ok := ticket.ParsePriority(p.Priority); !ok || v == ticket.PriorityNone {
			fault(fmt.Sprintf("priorities[%d].priority", i), "%q is not one of lowest, low, medium, high, highest", p.Priority)
		}
		if len(p.Names) != 1 {
			fault(fmt.Sprintf("priorities[%d].names", i), "a priority has one name in GitHub")
		}
	}
}

func (s *githubConfig) validateStatuses(o *origins, at string) configError {
	f := validateStatuses(o, at+".statuses", s.Statuses)
	for i, st := range s.Statuses {
		status := ticket.Status(st.Status)
		if status != ticket.StatusActive && status != ticket.StatusBlocked || len(st.Words) != 1 {
			f = append(f, o.fault(fmt.Sprintf("%s.statuses[%d]", at, i), "only active and blocked are labels in GitHub, one label each"))
		}
	}
	return f
}

// options are what the section means to the tracker.
func (s *githubConfig) options() github.Options {
	opt := github.Options{
		URL: s.URL, API: s.API, Owner: s.Owner, Repo: s.Repo, Repositories: s.Repositories, Marker: s.Marker, Insecure: s.Insecure,
		Kinds: s.Kinds.byKind(), PriorityField: s.PriorityField, Due: github.Due(s.Due), DueField: s.DueField,
		Statuses: map[ticket.Status]string{}, Share: float64(s.SharePercent) / 100, Unlimited: s.Unlimited, FindLag: s.FindLag,
	}
	if s.Types != (typesConfig{}) {
		opt.Types = s.Types.byKind()
	}
	for _, st := range s.Statuses {
		opt.Statuses[ticket.Status(st.Status)] = st.Words[0]
	}
	if len(s.Priorities) > 0 {
		opt.Priorities = map[ticket.Priority]string{}
	}
	for _, p := range s.Priorities {
		priority, _ := ticket.ParsePriority(p.Priority)
		opt.Priorities[priority] = p.Names[0]
	}
	return opt
}

// byKind are the names by kind.
func (t typesConfig) byKind() map[ticket.Kind]string {
	return map[ticket.Kind]string{ticket.KindParent: t.Parent, ticket.KindStory: t.Story, ticket.KindDefect: t.Defect}
}
