package per_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"percolate/per"
)

func accepting(src string, off ...string) []per.Problem {
	d, problems := per.Parse("a.md", []byte(src))
	return per.Accept(d, append(problems, per.Check(d, per.CheckRules{})...), off)
}

func TestAFindingIsAcceptedInTheDocumentWithAReason(t *testing.T) {
	unowned := strings.Replace(sound, "(owner: raj) ", "", 1)
	late := strings.Replace(sound, "meeting: 2026-03-03", "meeting: 2026-03-05", 1)
	for _, tc := range []struct{ name, src string }{
		{"BesideTheLine", strings.Replace(unowned, "Tell support", "Tell support <!-- percolate: accept no-owner: the vendor does it -->", 1)},
		{"AboveTheLine", strings.Replace(unowned, "- [ ] A2", "<!-- percolate: accept no-owner:\n     the vendor does it -->\n\n- [ ] A2", 1)},
		{"BelowAWrappedLine", strings.Replace(unowned, "Tell support", "Tell\n  support <!-- percolate: accept no-owner: the vendor does it -->", 1)},
		{"InFrontMatterById", strings.Replace(unowned, "severity:", "accept:\n  - {code: no-owner, where: A2, reason: the vendor does it}\nseverity:", 1)},
		{"InFrontMatterForTheWholeDocument", strings.Replace(late, "severity:", "accept:\n  - code: late-meeting\n    reason: everybody was at a fair\nseverity:", 1)},
		{"WhatWasNotUnderstood", strings.Replace(sound, "(owner: raj) Tell support", "(owner: raj) Tell support\n\nThat was said. <!-- percolate: accept not-understood: it is a remark -->", 1)},
		{"TheDelta", strings.Replace(sound, "(accepted: it goes)", "<!-- percolate: accept delta-without-action: it goes -->", 1)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if found := accepting(tc.src); len(found) > 0 {
				t.Errorf("%+v", found)
			}
			bare := strings.NewReplacer("percolate: accept", "percolate", "accept:\n", "off:\n").Replace(tc.src)
			if found := accepting(bare); len(found) == 0 {
				t.Error("nothing is there to accept")
			}
		})
	}
}

func TestAnAcceptanceThatIsOfNoUseIsToldOf(t *testing.T) {
	unowned := strings.Replace(sound, "(owner: raj) ", "", 1)
	for _, tc := range []struct{ name, src, code, says string }{
		{"WithoutAReason", strings.Replace(unowned, "Tell support", "Tell support <!-- percolate: accept no-owner -->", 1), "accept-without-reason", "write one"},
		{"WithAnEmptyReason", strings.Replace(unowned, "severity:", "accept: [{code: no-owner, where: A2}]\nseverity:", 1), "accept-without-reason", "write one"},
		{"NothingIsFound", strings.Replace(sound, "Tell support", "Tell support <!-- percolate: accept no-owner: x -->", 1), "accept-unused", "is not found on this line; take"},
		{"OnAnotherLine", strings.Replace(unowned, "## Deltas", "## Deltas <!-- percolate: accept no-owner: x -->", 1), "accept-unused", "not found on this line"},
		{"OfAnother", strings.Replace(unowned, "severity:", "accept: [{code: no-owner, where: A1, reason: x}]\nseverity:", 1), "accept-unused", "not found at A1"},
		{"OfNobody", strings.Replace(unowned, "severity:", "accept: [{code: no-owner, where: A9, reason: x}]\nseverity:", 1), "accept-unused", "A9, which is no action"},
		{"OfAnUnknownCode", strings.Replace(sound, "severity:", "accept: [{code: no-ownr, reason: x}]\nseverity:", 1), "accept-unused", `did you mean "no-owner"`},
		{"OfAnError", strings.Replace(sound, "resolved: 2026-03-02 09:59", "resolved: 2026-03-02 09:20\naccept: [{code: times-out-of-order, reason: x}]", 1), "accept-unused", "cannot be accepted"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			found := accepting(tc.src)
			if !slices.ContainsFunc(found, func(p per.Problem) bool {
				return p.Code == tc.code && p.Level == per.Warning && strings.Contains(p.Message, tc.says) && p.Line > 0
			}) {
				t.Errorf("want %s saying %q, got %+v", tc.code, tc.says, found)
			}
		})
	}
}

func TestWhatIsTurnedOffNeedsNoAcceptance(t *testing.T) {
	src := strings.Replace(sound, "Tell support", "Tell support <!-- percolate: accept no-owner: x -->", 1)
	if found := accepting(src, "no-owner"); len(found) > 0 {
		t.Errorf("%+v", found)
	}
}

func TestErrorsAreNotTurnedOff(t *testing.T) {
	src := strings.Replace(sound, "resolved: 2026-03-02 09:59", "resolved: 2026-03-02 09:20", 1)
	if found := accepting(src, "times-out-of-order"); !slices.ContainsFunc(found, func(p per.Problem) bool { return p.Level == per.Error }) {
		t.Errorf("%+v", found)
	}
}

func TestAcceptancesInCodeAreText(t *testing.T) {
	src := "# T, 2026-01-01\n\n```\n<!-- percolate: accept no-owner: x -->\n```\n"
	if d, _ := per.Parse("a.md", []byte(src)); len(d.Accepted) > 0 {
		t.Errorf("%+v", d.Accepted)
	}
}

func TestEveryCodeIsExplained(t *testing.T) {
	explained := map[string]bool{}
	for _, c := range per.Codes() {
		if explained[c.Name] || c.Explain == "" || c.Level == "" {
			t.Errorf("%q is told twice, or not told", c.Name)
		}
		explained[c.Name] = true
	}
	told := map[string]bool{}
	for _, file := range sources(t) {
		for _, f := range reported.FindAllSubmatch(read(t, file), -1) {
			told[string(f[1])] = true
		}
	}
	if len(told) < 25 {
		t.Fatalf("only %d codes were found in the source", len(told))
	}
	for code := range told {
		if !explained[code] {
			t.Errorf("%s is told and not explained", code)
		}
	}
	for code := range explained {
		if !told[code] {
			t.Errorf("%s is explained and never told", code)
		}
	}
}

// reported finds the codes in calls that tell of problems.
var reported = regexp.MustCompile(`(?:(?:report|mistake|refuse)\([^"\n]*|Code(?::| =) )"([a-z-]+)"`)

func sources(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no source", err)
	}
	return slices.DeleteFunc(files, func(f string) bool { return strings.HasSuffix(f, "_test.go") || f == "codes.go" })
}
