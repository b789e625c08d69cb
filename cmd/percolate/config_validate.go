package main

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"percolate/mapping"
	"percolate/sync/plan"
	"percolate/ticket"
)

// validate reports values that are well formed and cannot be used, alone or together.
// It also looks the time zone up.
func (c *config) validate(o *origins) configError {
	var f configError
	f = append(f, c.validateDocuments(o)...)
	f = append(f, c.validateTrackers(o)...)
	f = append(f, c.validatePolicy(o)...)
	f = append(f, c.validateReport(o)...)
	f = append(f, c.validateCheck(o)...)
	f = append(f, c.validateServe(o)...)
	if c.State.Path == "" {
		f = append(f, o.fault("state.path", "the state needs a file"))
	}
	_, err := c.rules("")
	return append(f, mappingFaults(o, err)...)
}

// mappingFaults places what the rules found at the lines that it came from.
func mappingFaults(o *origins, err error) configError {
	var faults configError
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) {
		return nil
	}
	for _, e := range joined.Unwrap() {
		path, text := "", e.Error()
		if m, ok := errors.AsType[*mapping.Fault](e); ok {
			path, text = m.Setting, m.Err.Error()
		}
		faults = append(faults, o.fault(path, "%s", oneTextLine(text)))
	}
	return faults
}

func (c *config) validateDocuments(o *origins) configError {
	var f configError
	d := c.Documents
	zone, err := time.LoadLocation(d.TimeZone)
	if err != nil || strings.EqualFold(d.TimeZone, "local") {
		f = append(f, o.fault("documents.time_zone", "%q is no time zone such as UTC or Europe/Berlin", d.TimeZone))
		zone = time.UTC
	}
	c.zone = zone
	if len(d.Paths) == 0 {
		f = append(f, o.fault("documents.paths", "name at least one file or folder with documents"))
	}
	if all := []string{writeBackOff, writeBackLink, writeBackStatus}; !slices.Contains(all, d.WriteBack) {
		f = append(f, o.fault("documents.write_back", "%q is none of %s", d.WriteBack, listed(all)))
	}
	for i, p := range d.Paths {
		f = append(f, globFault(o, fmt.Sprintf("documents.paths[%d]", i), p)...)
	}
	for i, p := range d.Exclude {
		f = append(f, globFault(o, fmt.Sprintf("documents.exclude[%d]", i), p)...)
	}
	return f
}

func globFault(o *origins, path, pattern string) configError {
	if strings.TrimSpace(pattern) == "" {
		return configError{o.fault(path, "this path is empty")}
	}
	if _, err := mapping.ParseGlob(pattern); err != nil {
		return configError{o.fault(path, "%v", err)}
	}
	return nil
}

func (c *config) validateTrackers(o *origins) configError {
	var f configError
	if len(c.Trackers) == 0 {
		f = append(f, o.fault("trackers", "name at least one tracker; type: files needs nothing else"))
	}
	dirs, markers := map[string]string{}, map[string]string{}
	for i, t := range c.Trackers {
		at := fmt.Sprintf("trackers[%d]", i)
		switch s := t.Section.(type) {
		case nil:
			f = append(f, o.fault(at+".type", "%q is no type of tracker; those there are: %s", t.Type, strings.Join(trackerTypes(), ", ")))
		case *filesConfig:
			f = append(f, s.validate(o, at)...)
			if other, taken := dirs[c.resolve(s.Dir)]; taken {
				f = append(f, o.fault(at+".dir", "tracker %s has this folder already", other))
			}
			dirs[c.resolve(s.Dir)] = t.Name
		case *jiraConfig:
			f = append(f, s.validate(o, at)...)
			if other, taken := markers[s.URL+" "+s.Marker]; taken {
				f = append(f, o.fault(at+".marker", "tracker %s on the same site has this marker; give one of them another", other))
			}
			markers[s.URL+" "+s.Marker] = t.Name
		case *githubConfig:
			f = append(f, s.validate(o, at, t.DefaultAccount)...)
			place := strings.ToLower(s.URL + " " + s.Owner + "/" + s.Repo + " " + s.Marker)
			if other, taken := markers[place]; taken {
				f = append(f, o.fault(at+".marker", "tracker %s in the same repository has this marker; give one of them another", other))
			}
			markers[place] = t.Name
		case *rallyConfig:
			f = append(f, s.validate(o, at)...)
			place := s.URL + " " + s.Workspace + " " + s.Marker
			if other, taken := markers[place]; taken {
				f = append(f, o.fault(at+".marker", "tracker %s in the same workspace has this marker; give one of them another", other))
			}
			markers[place] = t.Name
		case *redmineConfig:
			f = append(f, s.validate(o, at, t.DefaultAccount)...)
			if other, taken := markers[s.URL+" "+s.Marker]; taken {
				f = append(f, o.fault(at+".marker", "tracker %s on the same site has this marker; give one of them another", other))
			}
			markers[s.URL+" "+s.Marker] = t.Name
		}
	}
	return f
}

func (s *filesConfig) validate(o *origins, at string) configError {
	var f configError
	if s.Dir == "" {
		f = append(f, o.fault(at+".dir", "a files tracker needs a folder"))
	}
	return append(f, validateStatuses(o, at+".statuses", s.Statuses)...)
}

// validateStatuses finds statuses that do not exist and words with two meanings.
func validateStatuses(o *origins, at string, list []statusConfig) configError {
	var f configError
	statuses := []ticket.Status{ticket.StatusOpen, ticket.StatusActive, ticket.StatusBlocked, ticket.StatusDone, ticket.StatusDropped}
	means := map[string]string{}
	for i, s := range list {
		if !slices.Contains(statuses, ticket.Status(s.Status)) {
			f = append(f, o.fault(fmt.Sprintf("%s[%d].status", at, i), "%q is not one of open, active, blocked, done, dropped", s.Status))
		}
		for j, word := range s.Words {
			key := ticket.FoldText(word)
			if other, taken := means[key]; taken && other != s.Status {
				f = append(f, o.fault(fmt.Sprintf("%s[%d].words[%d]", at, i, j), "%q means %s already", word, other))
			}
			means[key] = s.Status
		}
	}
	return f
}

func (c *config) validatePolicy(o *origins) configError {
	var f configError
	p := c.Policy
	f = append(f, modeFault(o, "policy.mode", p.Mode)...)
	seen := map[string]bool{}
	for i, m := range p.Fields {
		at := fmt.Sprintf("policy.fields[%d]", i)
		switch {
		case !slices.Contains(ticket.AllFields(), ticket.Field(m.Field)):
			f = append(f, o.fault(at+".field", "%q is not one of %s", m.Field, fieldNames()))
		case seen[m.Field]:
			f = append(f, o.fault(at+".field", "%s has a mode already", m.Field))
		}
		seen[m.Field] = true
		f = append(f, modeFault(o, at+".mode", m.Mode)...)
	}
	if p.OnRemoved != removedComment && p.OnRemoved != removedClose {
		f = append(f, o.fault("policy.on_removed", "%q is not one of comment, close", p.OnRemoved))
	}
	return append(f, p.Guard.validate(o)...)
}

func (g guardConfig) validate(o *origins) configError {
	var f configError
	if g.Creations < 0 {
		f = append(f, o.fault("policy.guard.creations", "%d is less than 0; 0 is no limit", g.Creations))
	}
	if g.ChangePercent < 0 || g.ChangePercent > 100 {
		f = append(f, o.fault("policy.guard.change_percent", "%d is not between 0 and 100; 0 is no limit", g.ChangePercent))
	}
	if g.ChangeFloor < 0 {
		f = append(f, o.fault("policy.guard.change_floor", "%d is less than 0", g.ChangeFloor))
	}
	return f
}

func modeFault(o *origins, path, mode string) configError {
	switch plan.Mode(mode) {
	case plan.Theirs, plan.Ours, plan.Once:
		return nil
	}
	return configError{o.fault(path, "%q is not one of theirs, ours, once", mode)}
}

func fieldNames() string {
	var names []string
	for _, f := range ticket.AllFields() {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ")
}

func (c *config) validateReport(o *origins) configError {
	var f configError
	if c.Report.StalledDays < 1 {
		f = append(f, o.fault("report.stalled_days", "%d is less than 1", c.Report.StalledDays))
	}
	if c.Report.DueSoonDays < 0 {
		f = append(f, o.fault("report.due_soon_days", "%d is less than 0", c.Report.DueSoonDays))
	}
	return f
}

func (c *config) validateCheck(o *origins) (f configError) {
	if c.Check.Tolerance <= 0 {
		f = append(f, o.fault("check.tolerance", "%s is not more than 0", c.Check.Tolerance))
	}
	names := codeNames(codes())
	for i, code := range c.Check.Off {
		if !slices.Contains(names, code) {
			f = append(f, o.fault(fmt.Sprintf("check.off[%d]", i), "no problem is called %q%s", code, meant(code, names)))
		}
	}
	return f
}

// minInterval keeps serve from asking trackers without a pause.
const minInterval = 10 * time.Second

func (c *config) validateServe(o *origins) (faults configError) {
	if c.Serve.Interval < minInterval {
		faults = append(faults, o.fault("serve.interval", "%s is less than %s", c.Serve.Interval, minInterval))
	}
	if c.Serve.Settle < 0 {
		faults = append(faults, o.fault("serve.settle", "%s is less than 0", c.Serve.Settle))
	}
	if c.Serve.Listen != "" {
		if _, _, err := net.SplitHostPort(c.Serve.Listen); err != nil {
			faults = append(faults, o.fault("serve.listen", "%q is not an address such as 127.0.0.1:9470", c.Serve.Listen))
		}
	}
	return faults
}

func oneTextLine(s string) string { return strings.Join(strings.Fields(s), " ") }
