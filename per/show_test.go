package per_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"percolate/per"
)

func TestTextShowsWhatWasUnderstood(t *testing.T) {
	src := strings.Replace(sound, "(owner: raj) Tell support", "(repeats: PER-2025-003/A1, tracker: gh) Tell support what to say when all of the cards are refused again", 1)
	d, problems := per.Parse("a.md", []byte(src))
	text := per.Show(d, append(problems, per.Check(d, per.CheckRules{})...)).Text()
	for _, want := range []string{
		"# PER-2026-001: Checkout refused cards\n",
		"- kind: outage\n",
		"- started: 2026-03-02 09:12 UTC\n",
		"- downtime: 47m\n",
		"## 2 actions\n",
		"- [ ] A1 Page somebody\n  defect; owner ana; due 2026-03-16; addresses D1; line 15\n",
		"- [ ] A2 Tell support what to say when all of the cards are refused again\n  no owner; repeats PER-2025-003/A1; tracker gh; line 16\n",
		"- D2 The board was red\n  accepted: it goes\n",
		"## 1 problem\n\n- line 16, warning: action A2 has no owner\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

func TestTextTellsHowAGuessIsConfirmed(t *testing.T) {
	const how = "writes (action) behind it"
	guess := "# T, 2026-01-01\n\n## Recommendations\n\n- Do it\n"
	for src, want := range map[string]bool{guess: true, strings.Replace(guess, "Do it", "Do it (action)", 1): false} {
		d, problems := per.Parse("a.md", []byte(src))
		if text := per.Show(d, problems).Text(); strings.Contains(text, how) != want || d.Actions[0].Certain == want {
			t.Errorf("%q shows\n%s", src, text)
		}
	}
}

func TestTextKeepsToItsWidth(t *testing.T) {
	for _, file := range documents(t) {
		d, problems := per.Parse(file, read(t, file))
		for line := range strings.SplitSeq(per.Show(d, problems).Text(), "\n") {
			if utf8.RuneCountInString(line) > 80 && strings.Contains(strings.TrimSpace(strings.TrimLeft(line, "- ")), " ") {
				t.Errorf("%s: %q is wider than 80", file, line)
			}
		}
	}
}

func TestWhatIsNotSaidIsNull(t *testing.T) {
	got := string(shown(t, "a.md", []byte("# T\n\n## Actions\n\n- Do it\n")))
	for _, want := range []string{`"kind": null`, `"severity": null`, `"started": null`, `"owner": null`, `"due": null`, `"done": null`, `"ticket": null`, `"downtime": null`, `"timeline": []`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is missing in %s", want, got)
		}
	}
}
