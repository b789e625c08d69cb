package jira_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"percolate/trackers/jira"
)

// macros are those that percolate writes itself.
var (
	macros   = regexp.MustCompile(`^\{(?:\{|quote\}|code(?::[a-z+#]+)?\}|noformat\})`)
	verbatim = regexp.MustCompile(`^\{(code|noformat)`)
	webLink  = regexp.MustCompile(`^\[(?:(?:[^\]|\\]|\\.)*\|)?(?:https?://|mailto:)[^\]|\s]*\]`)
)

// unwanted is what in wiki markup would mention somebody, show a picture, run a macro or
// lead elsewhere than to the web: any sign of these that is not escaped, outside code.
func unwanted(markup string) string {
	for at := 0; at < len(markup); {
		rest := markup[at:]
		line, _, _ := strings.Cut(rest, "\n")
		switch c := rest[0]; {
		case strings.HasPrefix(rest, `\\`), c == '\\' && len(rest) > 1:
			at += 2
			continue
		case verbatim.MatchString(rest):
			name := verbatim.FindStringSubmatch(rest)[1]
			open, end := macros.FindString(rest), "{"+name+"}"
			n := strings.Index(rest[len(open):], end)
			if open == "" || n < 0 {
				return fmt.Sprintf("a macro without end: %.40q", rest)
			}
			at += len(open) + n + len(end)
			continue
		case c == '{' && !macros.MatchString(rest):
			return fmt.Sprintf("a macro: %.40q", rest)
		case c == '[' && strings.Contains(line, "]"):
			link := webLink.FindString(line)
			if link == "" {
				return fmt.Sprintf("a link: %.60q", line)
			}
			at += len(link)
			continue
		case c == '{':
			at += len(macros.FindString(rest))
			continue
		case c == '!':
			return fmt.Sprintf("a picture: %.40q", rest)
		}
		at++
	}
	return ""
}

func hostileTexts() []string {
	return []string{
		"[~ann] [~accountid:1] \\[~ann] `[~ann]` [[~ann](https://x.example) [~ann](javascript:x)", "&#91;~ann&#93; &lbrack;~ann]", "!https://x.example/i.png! ![i](https://x.example/i.png)",
		"{include:x} {html}x{html} {jiraissues:x} {color:red}x{color} &lbrace;panel}", "```\n{code}\n[~ann]\n{noformat}[~ann]\n```", "```java|title=[~ann]\nx\n```", "``` [~ann]\nx\n```",
		"[x](javascript:alert(1)) [x](data:text/html,x) [x](file:///etc/passwd) [x](\\\\host\\share) [x](//host) [x](^a.txt) [^a.txt]", "<https://x.example/[~ann]>", "[x](https://x.example/|[~ann])",
		"a\u2028h1. b\u0085bq. c\vh2. d", "\\\\[~ann] \\&#92;[~ann] \\\\&#91;~ann]", "| [~ann] | {x} |\n|---|---|\n| `!i.png!` | \\| |", "- [ ] [~ann]\n- [x] {x}", "> {quote}[~ann]{quote}", "# {x} [~ann]",
		"<div>[~ann] {x} !i!</div>", "<b>[~ann]</b>", "h1. [~ann]", "a {{b}} c {{{d}}} e", "[a]: javascript:x\n[a] [b][a]", "\\", "[\\](https://x.example)", "[a\\](https://x.example)~ann]", "**[**~ann]", "*[*~ann]", "[*~ann*]",
	}
}

func TestDocumentsCarryOutNothingInJira(t *testing.T) {
	for _, text := range hostileTexts() {
		for _, max := range []int{32767, 100 + len(text)/2} {
			if got := jira.MarkupOf(text, max); unwanted(got) != "" {
				t.Errorf("%q becomes %s in\n%s", text, unwanted(got), got)
			}
		}
	}
}

func TestWhatIsUnwantedIsSeen(t *testing.T) {
	for _, markup := range []string{"[~ann]", "a [x|javascript:y]", "{html}", "!i.png!", "{code}\nx\n{code} [~ann]", `\\[~ann]`, "{{[~ann]}}"} {
		if unwanted(markup) == "" {
			t.Errorf("%q passes", markup)
		}
	}
}

// Without the bound of what is looked at, these take hours.
func TestAHugeTextIsCutBeforeItIsReadWhole(t *testing.T) {
	for _, part := range []string{"[a](", "> ", "*a ", "- a\n", "word "} {
		got := jira.MarkupOf(strings.Repeat(part, (4<<20)/len(part))+"\n\nThe last block.", 32767)
		if n := utf8.RuneCountInString(got); n > 32767+10 || !strings.Contains(got, "cut here") || !strings.HasSuffix(got, "The last block.") {
			t.Errorf("%q became %d characters that end in %q", part, n, got[max(0, len(got)-80):])
		}
	}
}

func FuzzMarkupCarriesOutNothing(f *testing.F) {
	for _, text := range hostileTexts() {
		f.Add(text, 32767)
	}
	f.Fuzz(func(t *testing.T, markdown string, max int) {
		if !utf8.ValidString(markdown) || len(markdown) > 4<<10 || max < 100 || max > 32767 {
			t.Skip()
		}
		if got := jira.MarkupOf(markdown, max); unwanted(got) != "" {
			t.Errorf("%q becomes %s in\n%q", markdown, unwanted(got), got)
		}
	})
}
