package main

import (
	"fmt"
	"os"
	"runtime"

	"percolate/sync/plan"
	"percolate/trackers"
)

// exposed tells of files that other users of the machine can do harm with: read a
// token or the state, or change the configuration, which says where tokens are sent.
// Files that are not there are no matter of its own.
func (c *config) exposed() []trackers.Diagnosis {
	var all []trackers.Diagnosis
	look := func(what, name string, bits os.FileMode, may, mend string) {
		info, err := os.Stat(name)
		if err != nil || runtime.GOOS == "windows" || info.Mode().Perm()&bits == 0 {
			return
		}
		all = append(all, trackers.Diagnosis{
			Level: trackers.Warn, Text: fmt.Sprintf("%s: others may %s %s (mode %04o)", c.shown(c.relative(name)), may, what, info.Mode().Perm()),
			Mend: mend + " " + plan.ShellWord(name),
		})
	}
	look("the configuration", c.file, 0o002, "change", "chmod o-w")
	look("the state", c.resolve(c.State.Path), 0o077, "read or change", "chmod 600")
	for _, t := range c.Trackers {
		if name := t.tokenFile(); name != "" {
			look("the token of tracker "+t.Name, c.resolve(name), 0o077, "read or change", "chmod 600")
		}
	}
	return all
}

// tokenFile is the file that the tracker's secret is in, "" when it is in none. The key
// is the same for every type of tracker.
func (t trackerConfig) tokenFile() string {
	name, _ := t.Rest["token_file"].(string)
	return name
}

// warnOfExposed tells on standard error what others can do harm with.
func (p *program) warnOfExposed(c *config) {
	for _, d := range c.exposed() {
		fmt.Fprintf(p.stderr, "percolate: warning: %s; %s\n", plan.Plain(d.Text), plan.Plain(d.Mend))
	}
}
