package per

import (
	"regexp"
	"slices"
	"strings"
)

// workKind is what a URL leads to.
type workKind int

const (
	noWork workKind = iota // chat, documents, dashboards
	issue                  // a ticket in a tracker
	change                 // a pull request, commit or card: work, and no ticket
)

// workURL says what URLs lead to work by a part of them; the first that fits counts.
type workURL struct {
	form *regexp.Regexp
	kind workKind
}

var workURLs = [...]workURL{
	{regexp.MustCompile(`^https?://[^/]*\bsentry\b[^/]*/`), noWork}, // its "issues" are errors that were seen
	{regexp.MustCompile(`/c/\S+/\+/\d+`), change},
	{regexp.MustCompile(`/(?:pull|pulls|pull-requests|pullrequest|merge_requests)/\d+`), change},
	{regexp.MustCompile(`/commits?/[0-9a-f]{7,40}`), change},
	{regexp.MustCompile(`trello\.com/c/\w+`), change},
	{regexp.MustCompile(`/(?:issues|work_items)/\d+`), issue},
	{regexp.MustCompile(`/browse/[A-Z][A-Z0-9_]+-\d+`), issue},
	{regexp.MustCompile(`[?&]selectedIssue=[A-Z][A-Z0-9_]+-\d+`), issue},
	{regexp.MustCompile(`/issue/[A-Za-z][A-Za-z0-9]*-\d+`), issue},
	{regexp.MustCompile(`/_workitems/edit/\d+`), issue},
	{regexp.MustCompile(`show_bug\.cgi\?id=\d+`), issue},
	{regexp.MustCompile(`/detail/(?:userstory|defect|task|portfolioitem/\w+)/\d+`), issue},
	{regexp.MustCompile(`app\.asana\.com/\S*\d{6,}`), issue},
	{regexp.MustCompile(`app\.shortcut\.com/\S*/story/\d+`), issue},
	{regexp.MustCompile(`app\.clickup\.com/t/\w+`), issue},
	{regexp.MustCompile(`pivotaltracker\.com/\S*/?(?:story|stories)/(?:show/)?\d+`), issue},
	{regexp.MustCompile(`/T\d{2,7}$`), issue},
	{regexp.MustCompile(`/issues/[A-Z][A-Z0-9_]+-\d+`), issue},
	{regexp.MustCompile(`/portal/\d+/[A-Z][A-Z0-9_]+-\d+`), issue},
	{regexp.MustCompile(`/issues/(?:gh/[\w.-]+/[\w.-]+/|detail\?id=)\d+`), issue},
	{regexp.MustCompile(`/-/epics/\d+`), issue},
	{regexp.MustCompile(`/\+bug/\d+`), issue},
	{regexp.MustCompile(`/(?:ticket|f/cases)/\d+`), issue},
	{regexp.MustCompile(`monday\.com/boards/\d+\S*/pulses/\d+`), issue},
}

func classify(url string) workKind {
	if len(url) > 2000 {
		return noWork
	}
	for _, w := range workURLs {
		if w.form.MatchString(url) {
			return w.kind
		}
	}
	return noWork
}

// takeLinks notes the work that a text links to.
func (g *reading) takeLinks(a *Action, text string) {
	for _, l := range g.links(text) {
		switch classify(l.url) {
		case issue:
			g.addTicket(a, l.url)
		case change:
			addRef(a, l.url)
		}
	}
}

// addTicket notes an issue: the first is the action's ticket, others are references.
func (g *reading) addTicket(a *Action, ticket string) {
	switch {
	case a.Ticket == "":
		a.Ticket = ticket
	case a.Ticket != ticket:
		addRef(a, ticket)
	}
}

func addRef(a *Action, ref string) {
	if len(a.Refs) < maxNames && !slices.Contains(a.Refs, ref) {
		a.Refs = append(a.Refs, ref)
	}
}

// setTicket reads what stands under a key or column for tickets: links, keys, or a
// number.
func (g *reading) setTicket(a *Action, value string) bool {
	before := a.Ticket + strings.Join(a.Refs, " ")
	g.takeLinks(a, value)
	for word := range strings.FieldsFuncSeq(plain(value), func(r rune) bool { return r == ' ' || r == ',' || r == ';' }) {
		if isIssueKey(word) || hashNumber.MatchString(word) {
			if len(g.links(value)) == 0 {
				g.addTicket(a, word)
			}
		}
	}
	return a.Ticket+strings.Join(a.Refs, " ") != before || len(g.links(value)) > 0 && before != ""
}

var hashNumber = regexp.MustCompile(`^(?:[\w.-]+/[\w.-]+)?[#!]\d{1,7}$`)

// isIssueKey tells the key of an issue from the names of standards and of PERs.
func isIssueKey(s string) bool {
	if !issueKey.MatchString(s) {
		return false
	}
	prefix, _, _ := strings.Cut(s, "-")
	switch prefix {
	case "UTF", "SHA", "ISO", "CVE", "RFC", "PER", "TLS", "HTTP", "AES", "RSA", "COVID", "SEV", "UTC", "GMT", "AI",
		"PEP", "EIP", "ERC", "KEP", "BIP", "IEEE", "FIPS", "GPT", "SOC", "PCI", "CRC", "MD", "CWE", "BASE", "IPV":
		return false
	}
	return true
}
