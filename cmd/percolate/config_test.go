package main

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"percolate/mapping"
)

func env(pairs ...string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		for _, p := range pairs {
			if key, value, _ := strings.Cut(p, "="); key == name {
				return value, true
			}
		}
		return "", false
	}
}

func TestEachFaultIsToldAtItsPlace(t *testing.T) {
	tests := []struct {
		name, src string
		want      []string
	}{
		{"an unknown key with a near one", "trackers:\n  - name: b\n    type: files\n    dri: x\n", []string{
			`percolate.yaml:4: trackers[0].dri: unknown key, did you mean "dir"?`}},
		{"an unknown key with none near", "state:\n  colour: red\n", []string{
			"percolate.yaml:2: state.colour: unknown key; known here are path"}},
		{"limits that there are", "trackers:\n  - {name: g, type: github, owner: o, repo: r, token_env: T, default_account: none, unlimited: true}\n", []string{
			"percolate.yaml:2: trackers[0].unlimited: github.com has limits; only a GitHub Enterprise Server may have none"}},
		{"a key in the wrong case", "State:\n  path: x\n", []string{
			`percolate.yaml:1: State: unknown key, did you mean "state"?`}},
		{"a dotted key is no section", "state.path: x\n", []string{
			"percolate.yaml:1: state.path: unknown key; known here are check, default_tracker, documents, mapping, people, policy, report, routes, serve, state, teams, trackers"}},
		{"a secret in the file", "trackers:\n  - {name: b, type: files, token: abc}\n", []string{
			"percolate.yaml:2: trackers[0].token: unknown key; a secret is never written here, name where it is with token_env or token_file"}},
		{"all faults at once, in order", "documents:\n  tmie_zone: UTC\npolicy:\n  mode: mine\n  guard: {creations: many}\nstate: [x]\n", []string{
			`percolate.yaml:2: documents.tmie_zone: unknown key, did you mean "time_zone"?`,
			`percolate.yaml:5: policy.guard.creations: expected a whole number, found "many"`,
			"percolate.yaml:6: state: expected keys with values, such as path:, found a list"}},
		{"sorts of values", "documents: {paths: pers, url: [a]}\ntrackers:\n  - {name: 1.5, type: files, public: yes}\n", []string{
			`percolate.yaml:1: documents.paths: expected a list, found "pers"; begin each of its entries with a dash`,
			"percolate.yaml:1: documents.url: expected a text, found a list",
			"percolate.yaml:3: trackers[0].name: expected a text, found 1.5; put quotes around it",
			`percolate.yaml:3: trackers[0].public: expected true or false, found "yes"`}},
		{"a number that is too large", "policy: {guard: {creations: 99999999999}}", []string{
			"percolate.yaml:1: policy.guard.creations: 99999999999 is too large a number"}},
		{"YAML that is none", "documents:\n  paths: [a\nstate: {}\n", []string{
			"percolate.yaml:3: ',' or ']' must be specified"}},
		{"a key twice", "state: {path: a}\nstate: {path: b}\n", []string{
			`percolate.yaml:2: mapping key "state" already defined at [1:1]`}},
		{"brackets without end", "\n" + strings.Repeat("[", 100_000), []string{
			"percolate.yaml:2: brackets are nested too deep"}},
		{"anchors", "documents: &d\n  paths: [a]\n", []string{
			"percolate.yaml:1: documents: anchors, aliases and tags are not read here; write the value out"}},
		{"two documents", "state: {path: a}\n---\nstate: {path: b}\n", []string{
			"percolate.yaml:3: a configuration is one YAML document, and here a second one begins"}},
		{"time zone and day", "documents:\n  time_zone: Europe/Nowhere\n  file_since: 2026-02-30\n", []string{
			`percolate.yaml:2: documents.time_zone: "Europe/Nowhere" is no time zone such as UTC or Europe/Berlin`,
			`percolate.yaml:3: documents.file_since: "2026-02-30" is not a day such as 2026-01-31`}},
		{"paths", "documents:\n  paths: []\n  exclude: ['[a', '']\n  url: https://x\n", []string{
			"percolate.yaml:2: documents.paths: name at least one file or folder with documents",
			`percolate.yaml:3: documents.exclude[0]: "[a" is no pattern for paths: a [ without its ], or a \ at the end`,
			"percolate.yaml:3: documents.exclude[1]: this path is empty",
			`percolate.yaml:4: documents.url: "https://x" has neither {path} nor {id}, so all documents would share it`}},
		{"trackers", "trackers:\n  - {name: a, type: files}\n  - {name: A, type: files}\n  - {name: c, type: jria}\n  - {type: files, dir: x, default_account: nick}\n", []string{
			"percolate.yaml:3: trackers[1].dir: tracker a has this folder already",
			`percolate.yaml:3: trackers[1].name: there are two trackers called "A"`,
			`percolate.yaml:4: trackers[2].type: "jria" is no type of tracker; those there are: files, jira, github, rally, redmine`,
			"percolate.yaml:5: trackers[3].name: a tracker needs a name",
			`percolate.yaml:5: trackers[3].default_account: "nick" is not one of name, email, none`}},
		{"no tracker", "trackers: []\n", []string{
			"percolate.yaml:1: trackers: name at least one tracker; type: files needs nothing else"}},
		{"statuses", "trackers:\n  - name: a\n    type: files\n    statuses:\n      - {status: finished, words: [x]}\n      - {status: done, words: [ok]}\n      - {status: open, words: [OK]}\n", []string{
			`percolate.yaml:5: trackers[0].statuses[0].status: "finished" is not one of open, active, blocked, done, dropped`,
			`percolate.yaml:7: trackers[0].statuses[2].words[0]: "OK" means done already`}},
		{"routes", "default_tracker: nowhere\nroutes:\n  - {tracker: jira}\n  - {path: 'a/[', severity: awful, tracker: backlog}\n", []string{
			`percolate.yaml:1: default_tracker: there is no tracker "nowhere", only backlog`,
			`percolate.yaml:3: routes[0].tracker: there is no tracker "jira", only backlog`,
			`percolate.yaml:4: routes[1].severity: "awful" is not in mapping.severities`,
			`percolate.yaml:4: routes[1].path: "a/[" is no pattern for paths: a [ without its ], or a \ at the end`}},
		{"people and teams", "people:\n  - {name: Ana, aliases: [al]}\n  - {name: raj, aliases: [AL], accounts: [{tracker: jira, account: r}, {tracker: backlog}]}\n  - {name: ana}\n  - {name: Ana}\n  - {email: x@example.com}\nteams:\n  - {name: Raj}\n", []string{
			`percolate.yaml:3: people[1].aliases[0]: "AL" means person Ana already`,
			`percolate.yaml:3: people[1].accounts[0].tracker: there is no tracker "jira", only backlog`,
			`percolate.yaml:3: people[1].accounts[1].account: an account needs a value`,
			`percolate.yaml:4: people[2].name: "ana" means person Ana already`,
			`percolate.yaml:5: people[3].name: there are two people called "Ana"`,
			`percolate.yaml:6: people[4].name: a person needs a name`,
			`percolate.yaml:8: teams[0].name: "Raj" means person raj already`}},
		{"templates", "mapping:\n  title: '{{.Txet}}'\n  body: '{{'\n  labels: [ok, '{{index .Kind 3}}']\n  title_length: 3\n", []string{
			`percolate.yaml:2: mapping.title: mapping.title:1:2: executing "mapping.title" at <.Txet>: can't evaluate field Txet in type mapping.titleView`,
			"percolate.yaml:3: mapping.body: mapping.body:1: unclosed action",
			`percolate.yaml:4: mapping.labels[1]: mapping.labels[1]:1:2: executing "mapping.labels[1]" at <index .Kind 3>: error calling index: index out of range: 3`,
			"percolate.yaml:5: mapping.title_length: 3 is less than 20"}},
		{"tables", "mapping:\n  priorities:\n    - {severity: sev1, story: urgent}\n    - {severity: SEV-1}\n    - {severity: sev9}\n  due_days: [{severity: other, story: -1}]\n  severities: [{name: sev1}, {name: sev2, words: [SEV-1]}, {name: other}]\n  due_at_least: -1\n", []string{
			`percolate.yaml:3: mapping.priorities[0].story: "urgent" is not one of lowest, low, medium, high, highest, none`,
			`percolate.yaml:4: mapping.priorities[1].severity: there are two rows for sev1`,
			`percolate.yaml:5: mapping.priorities[2].severity: "sev9" is neither in mapping.severities nor "other"`,
			"percolate.yaml:6: mapping.due_days[0].story: -1 is less than 0 days",
			`percolate.yaml:7: mapping.severities[1].words[0]: "SEV-1" means sev1 already`,
			`percolate.yaml:7: mapping.severities[2].name: a severity needs a name, and one that is not "other"`,
			"percolate.yaml:8: mapping.due_at_least: -1 is less than 0 days"}},
		{"policy", "policy:\n  fields: [{field: colour, mode: ours}, {field: due, mode: never}, {field: due, mode: ours}]\n  on_removed: shred\n  guard: {creations: -1, change_percent: 101, change_floor: -1}\n", []string{
			`percolate.yaml:2: policy.fields[0].field: "colour" is not one of kind, title, body, labels, priority, due, owner`,
			`percolate.yaml:2: policy.fields[1].mode: "never" is not one of theirs, ours, once`,
			`percolate.yaml:2: policy.fields[2].field: due has a mode already`,
			`percolate.yaml:3: policy.on_removed: "shred" is not one of comment, close`,
			"percolate.yaml:4: policy.guard.creations: -1 is less than 0; 0 is no limit",
			"percolate.yaml:4: policy.guard.change_percent: 101 is not between 0 and 100; 0 is no limit",
			"percolate.yaml:4: policy.guard.change_floor: -1 is less than 0"}},
		{"check", "check: {tolerance: soon}", []string{
			`percolate.yaml:1: check.tolerance: expected a duration such as 90s or 5m, found "soon"`}},
		{"no time at all", "state: {path: ''}\ncheck: {tolerance: 0s}", []string{
			"percolate.yaml:1: state.path: the state needs a file",
			"percolate.yaml:2: check.tolerance: 0s is not more than 0"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parseConfig("percolate.yaml", []byte(tt.src), noEnv)
			if err == nil {
				t.Fatal("no error")
			}
			got, want := strings.Split(err.Error(), "\n"), slices.Clone(tt.want)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

func TestAnEmptyFileIsAllDefaults(t *testing.T) {
	for _, src := range []string{"", "# nothing yet\n", "documents:\nmapping:\n  title:\n", "{}"} {
		c, err := parseConfig("percolate.yaml", []byte(src), noEnv)
		if err != nil {
			t.Fatalf("%q: %v", src, err)
		}
		want := defaults()
		c.file, c.zone = "", nil
		c.Trackers[0].Rest, c.Trackers[0].Section = nil, nil
		if !reflect.DeepEqual(*c, want) {
			t.Errorf("%q:\n%+v\nwant\n%+v", src, *c, want)
		}
	}
}

func TestAListReplacesTheDefaultOne(t *testing.T) {
	c, err := parseConfig("percolate.yaml", []byte("mapping: {severities: [{name: bad}], priorities: [], due_days: [], labels: []}\ndocuments: {paths: [a]}"), noEnv)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Mapping.Severities; len(got) != 1 || got[0].Name != "bad" || len(got[0].Words) != 0 {
		t.Errorf("severities %+v", got)
	}
	if len(c.Mapping.Priorities)+len(c.Mapping.DueDays)+len(c.Mapping.Labels) != 0 {
		t.Errorf("lists that were emptied hold %+v", c.Mapping)
	}
}

func TestNamesKeepTheirCase(t *testing.T) {
	src := "people: [{name: Ana Lima, aliases: [AL], accounts: [{tracker: Ops.Board, account: Ana.L}]}]\ntrackers: [{name: Ops.Board, type: files, dir: Tickets, statuses: [{status: done, words: [In Prod]}]}]"
	c, err := parseConfig("percolate.yaml", []byte(src), noEnv)
	if err != nil {
		t.Fatal(err)
	}
	want := mapping.Person{Name: "Ana Lima", Aliases: []string{"AL"}, Accounts: []mapping.Account{{Tracker: "Ops.Board", Account: "Ana.L"}}}
	if !reflect.DeepEqual(c.People[0], want) {
		t.Errorf("people %+v", c.People[0])
	}
	if got := c.Trackers[0].Section.(*filesConfig); got.Dir != "Tickets" || got.Statuses[0].Words[0] != "In Prod" {
		t.Errorf("section %+v", got)
	}
}

func TestTheEnvironmentOverridesTheFile(t *testing.T) {
	src := "documents: {time_zone: UTC}\nstate: {path: a.db}\n"
	c, err := parseConfig("percolate.yaml", []byte(src), env(
		"PERCOLATE_DOCUMENTS_TIME_ZONE=Europe/Berlin", "PERCOLATE_DOCUMENTS_PATHS=a, b,", "PERCOLATE_POLICY_GUARD_CREATIONS=7",
		"PERCOLATE_POLICY_FILE_ELSEWHERE=true", "PERCOLATE_CHECK_TOLERANCE=90s", "PERCOLATE_STATE_PATH=b.db", "PERCOLATE_PEOPLE=ana"))
	if err != nil {
		t.Fatal(err)
	}
	if c.Documents.TimeZone != "Europe/Berlin" || c.zone.String() != "Europe/Berlin" || !slices.Equal(c.Documents.Paths, []string{"a", "b"}) {
		t.Errorf("documents %+v", c.Documents)
	}
	if c.Policy.Guard.Creations != 7 || c.Policy.Guard.ChangePercent != 30 || !c.Policy.FileElsewhere {
		t.Errorf("policy %+v", c.Policy)
	}
	if c.Check.Tolerance != 90*time.Second || c.State.Path != "b.db" || len(c.People) != 0 {
		t.Errorf("tolerance %s, state %s, people %v", c.Check.Tolerance, c.State.Path, c.People)
	}
}

func TestAFaultOfTheEnvironmentNamesItsVariable(t *testing.T) {
	_, err := parseConfig("percolate.yaml", []byte("policy: {mode: ours}"), env("PERCOLATE_POLICY_GUARD_CREATIONS=lots", "PERCOLATE_POLICY_MODE=mine", "PERCOLATE_CHECK_TOLERANCE=1"))
	want := []string{
		`PERCOLATE_CHECK_TOLERANCE: check.tolerance: expected a duration such as 90s or 5m, found "1"`,
		`PERCOLATE_POLICY_GUARD_CREATIONS: policy.guard.creations: expected a whole number, found "lots"`,
		`PERCOLATE_POLICY_MODE: policy.mode: "mine" is not one of theirs, ours, once`,
	}
	if err == nil || err.Error() != strings.Join(want, "\n") {
		t.Errorf("got %v", err)
	}
}

func TestAMissingFileTellsWhatToDo(t *testing.T) {
	_, err := loadConfig(filepath.Join(t.TempDir(), "percolate.yaml"), noEnv)
	if err == nil || !strings.Contains(err.Error(), "--config config.example.yaml") {
		t.Errorf("got %v", err)
	}
	if _, err := loadConfig(t.TempDir(), noEnv); err == nil {
		t.Error("a folder was read as a configuration")
	}
}

func TestPathsAreToldFromTheConfiguration(t *testing.T) {
	c := config{file: filepath.Join("team", "percolate.yaml")}
	if got, want := c.resolve("pers/a.md"), filepath.Join("team", "pers", "a.md"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	absolute, err := filepath.Abs("x")
	if err != nil {
		t.Fatal(err)
	}
	if got := c.resolve(absolute); got != absolute {
		t.Errorf("got %s, want %s", got, absolute)
	}
}

func TestALargeFileIsRefused(t *testing.T) {
	_, err := parseConfig("percolate.yaml", make([]byte, maxConfig+1), noEnv)
	if err == nil || !strings.Contains(err.Error(), "too many") {
		t.Errorf("got %v", err)
	}
}

var placed = regexp.MustCompile(`^percolate\.yaml:[1-9][0-9]*: \S`)

func FuzzConfig(f *testing.F) {
	example, err := os.ReadFile(exampleConfig)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(example)
	for _, src := range []string{"", "a", "- a", "{}", "a: b: c", "documents: *x", "? [a]: b", "mapping: {labels: ['{{.']}", "trackers:\n  - {name: a, type: files, dir: 1}", "<<: {state: {}}", "!!binary x", "%YAML 1.2\n---\n", "people:\n-\n- \n", "state: |\n  x", "1: 2", "a: .nan"} {
		f.Add([]byte(src))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		c, err := parseConfig("percolate.yaml", src, noEnv)
		if (c == nil) != (err != nil) {
			t.Fatalf("config %v, error %v", c, err)
		}
		if err == nil {
			if _, err := c.rules("2026-03-04"); err != nil {
				t.Fatalf("a configuration that was fine has no rules: %v", err)
			}
			return
		}
		faults, ok := errors.AsType[configError](err)
		if !ok || len(faults) == 0 {
			t.Fatalf("an error without faults: %v", err)
		}
		for _, fault := range faults {
			if !placed.MatchString(fault.String()) || strings.Contains(fault.String(), "\n") {
				t.Fatalf("a fault without a line, or with several: %q", fault)
			}
		}
	})
}
