package main

import (
	"fmt"
	"slices"
	"strings"

	"percolate/per"
	"percolate/ticket"
)

// codes explains all problems that check can tell of: those of documents by
// themselves, and those that show only beside others or beside a configuration.
func codes() []per.Code {
	all := append(per.Codes(), []per.Code{
		{Name: "duplicate-document", Level: per.Error, Explain: "two documents have one id, so their tickets could not be told apart"},
		{Name: "no-retrospective", Level: per.Hint, Explain: "nothing of a retrospective was found in the file; exclude it if it is none"},
		{Name: "not-mapped", Level: per.Error, Explain: "the document cannot be turned into tickets until it is mended"},
		{Name: "priority", Level: per.Hint, Explain: "an action states a priority that is none of ours; it has that of the event's severity"},
		{Name: "repeats-in-circle", Level: per.Error, Explain: "actions say that they repeat one another, so that none is the first"},
		{Name: "severity", Level: per.Hint, Explain: "the severity is not on the scale of the configuration, and counts as other"},
		{Name: "unreadable", Level: per.Error, Explain: "the file cannot be opened or read"},
		{Name: string(ticket.FindConfidential), Level: per.Warning, Explain: "what is confidential would go to a public tracker, so it is not filed"},
		{Name: string(ticket.FindGuess), Level: per.Warning, Explain: "this may be an action; write (action) behind it to have it filed"},
		{Name: string(ticket.FindUndated), Level: per.Warning, Explain: "the document states no day, so that it may be older than what is filed"},
		{Name: string(ticket.FindUnmapped), Level: per.Warning, Explain: "no route leads to a tracker, or the tracker that is asked for is not configured"},
		{Name: string(ticket.FindUnowned), Level: per.Warning, Explain: "an owner is in no people list, or has no account; the ticket is filed unassigned"},
	}...)
	slices.SortFunc(all, func(a, b per.Code) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// explain tells what a code means.
func (p *program) explain(code string) error {
	all := codes()
	i := slices.IndexFunc(all, func(c per.Code) bool { return c.Name == code })
	if i < 0 {
		return fmt.Errorf("no problem is called %q%s", code, meant(code, codeNames(all)))
	}
	c := all[i]
	p.out.sayf("%s (%s): %s.\n", c.Name, c.Level, c.Explain)
	if c.Level != per.Error {
		p.out.sayf("\nTo accept it, write a reason in the document, on the line or above it:\n  <!-- percolate: accept %s: why -->\nTo have it nowhere: check: off: [%s] in the configuration.\n", c.Name, c.Name)
	}
	return nil
}

func codeNames(all []per.Code) []string {
	names := make([]string, len(all))
	for i, c := range all {
		names[i] = c.Name
	}
	return names
}

// mappedCodes are those of findings that depend on the configuration; check tells of
// them only where there is one.
func mappedCodes() []string {
	return []string{
		string(ticket.FindConfidential), string(ticket.FindGuess), string(ticket.FindUndated), string(ticket.FindUnmapped), string(ticket.FindUnowned),
	}
}
