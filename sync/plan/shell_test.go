package plan_test

import (
	"os/exec"
	"testing"

	"percolate/sync/plan"
)

// Commands to copy hold words of documents, and must run as they stand.
func TestAWordOfACommandIsOneWordToAShell(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip(err)
	}
	for _, word := range []string{
		"PER-1/A1", "", "a b", "~root", "$(touch x)", "`touch x`", "a;touch x", "a'b", `'; touch x; '`, "a\"b", `a\b`, "*", "-rf", "!x", "a&b", "a|b", "$HOME", "a\nb", "#x", "<x>", "{a,b}", "caf\u00e9",
	} {
		out, err := exec.CommandContext(t.Context(), sh, "-c", "printf %s "+plan.ShellWord(word)).Output()
		if err != nil || string(out) != word {
			t.Errorf("%q is written %s and read as %q, %v", word, plan.ShellWord(word), out, err)
		}
	}
}
