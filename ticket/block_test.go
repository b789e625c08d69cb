package ticket_test

import (
	"strings"
	"testing"

	"percolate/ticket"

	"pgregory.net/rapid"
)

const begin, end = "<!-- percolate: begin -->", "<!-- percolate: end -->"

func TestEmbedReplacesTheBlockAndNothingElse(t *testing.T) {
	for name, c := range map[string]struct{ whole, want string }{
		"between texts":        {"above\n" + begin + "\nold\n" + end + "\nbelow", "above\n" + begin + "\nnew\n" + end + "\nbelow"},
		"at the end":           {begin + "\nold\n" + end, begin + "\nnew\n" + end},
		"empty":                {begin + "\n" + end + "\n", begin + "\nnew\n" + end + "\n"},
		"duplicated":           {begin + "\na\n" + end + "\n" + begin + "\nb\n" + end, begin + "\nnew\n" + end + "\n" + begin + "\nb\n" + end},
		"stray opening before": {begin + "\nmine\n" + begin + "\nold\n" + end, begin + "\nmine\n" + begin + "\nnew\n" + end},
		"stray closing before": {end + "\nmine\n" + begin + "\nold\n" + end, end + "\nmine\n" + begin + "\nnew\n" + end},
		"carriage returns":     {"a\r\n" + begin + "\r\nold\r\n" + end + "\r\nb", "a\r\n" + begin + "\r\nnew\r\n" + end + "\r\nb"},
		"reformatted fence":    {"  <!--percolate:begin me-->\nold\n<!--  percolate: end  --> \nb", "  <!--percolate:begin me-->\nnew\n<!--  percolate: end  --> \nb"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ticket.Embed(c.whole, "new"); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestEmbedPutsTheBlockFirstWhereNoneStands(t *testing.T) {
	for name, whole := range map[string]string{
		"no text":               "",
		"people's text":         "mine\n\nmore",
		"closing fence deleted": begin + "\nold\nmine",
		"opening fence deleted": "old\n" + end + "\nmine",
		"fences in one line":    "see " + begin + " and " + end,
		"fences swapped":        end + "\nold\n" + begin,
	} {
		t.Run(name, func(t *testing.T) {
			got := ticket.Embed(whole, "new")
			if !strings.HasPrefix(got, "<!-- percolate: begin") || !strings.HasSuffix(got, whole) {
				t.Errorf("got %q", got)
			}
			if block, ok := ticket.Extract(got); !ok || block != "new" {
				t.Errorf("read back %q, %v", block, ok)
			}
			if _, ok := ticket.Extract(whole); ok {
				t.Error("a block was found where none is")
			}
		})
	}
}

func TestTheBlockTakesTheLineEndsOfTheText(t *testing.T) {
	if got := ticket.Embed("mine\r\n", "a\nb"); strings.Count(got, "\n") != strings.Count(got, "\r\n") {
		t.Errorf("got %q", got)
	}
}

func TestAnEmptyBlockAddsNoFence(t *testing.T) {
	if got := ticket.Embed("mine", ""); got != "mine" {
		t.Errorf("got %q", got)
	}
	if block, ok := ticket.Extract(ticket.Embed(begin+"\nold\n"+end, "\n\n")); block != "" || !ok {
		t.Errorf("cleared block reads %q, %v", block, ok)
	}
}

// texts draws texts that are full of fences, whole and broken.
func texts(t *rapid.T, label string) string {
	part := rapid.SampledFrom([]string{
		"a", "b c", "\n", "\n", "\n\n", "\r\n", "\r", " ", "---", "## Comments", "\\",
		begin, end, "\n" + begin + "\n", "\n" + end + "\n", "<!-- \\percolate: end -->", "<!--percolate:begin x-->",
		"<!-- percolate: comment x -->", "-->", "<!--",
	})
	return strings.Join(rapid.SliceOfN(part, 0, 12).Draw(t, label), "")
}

func tidy(s string) string {
	return strings.Trim(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n"), "\n")
}

func TestABlockReadsBackAndPeoplesTextStays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole, block, other := texts(t, "whole"), texts(t, "block"), texts(t, "other")
		once := ticket.Embed(whole, block)
		got, _ := ticket.Extract(once)
		if _, had := ticket.Extract(whole); got != tidy(block) && (had || tidy(block) != "") {
			t.Fatalf("block %q in %q reads back as %q", block, whole, got)
		}
		if again := ticket.Embed(once, block); again != once {
			t.Fatalf("embedding twice changed %q to %q", once, again)
		}
		if got := outside(ticket.Embed(once, other)); len(outside(whole)) > 0 && strings.Join(got, "|") != strings.Join(outside(once), "|") {
			t.Fatalf("people's text changed from %q to %q", outside(once), got)
		}
		if _, had := ticket.Extract(whole); !had && !strings.HasSuffix(once, whole) {
			t.Fatalf("people's text %q was not kept in %q", whole, once)
		}
	})
}

// outside is what stands before and after the block, found by embedding a text that
// occurs nowhere else.
func outside(whole string) []string {
	const probe = "@probe@"
	if _, ok := ticket.Extract(whole); !ok {
		return nil
	}
	before, after, _ := strings.Cut(ticket.Embed(whole, probe), probe)
	return []string{before, strings.TrimPrefix(strings.TrimPrefix(after, "\r"), "\n")} // the probe's own line end is ours
}

func TestASignedCommentIsFoundByItsMarkerOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		markers := rapid.OneOf(rapid.StringN(1, 12, -1), rapid.StringMatching(`[-<>%2D a]{1,6}`))
		marker, other := markers.Draw(t, "marker"), markers.Draw(t, "other")
		c := ticket.Comment{Marker: marker, Text: texts(t, "text") + ticket.Sign(ticket.Comment{Marker: other})}
		signed := ticket.Sign(c)
		if !ticket.Signed("before\n"+signed+"\nafter", marker) {
			t.Fatalf("%q not found in %q", marker, signed)
		}
		if other != marker && ticket.Signed(signed, other) {
			t.Fatalf("%q found in the text of %q", other, signed)
		}
		if line, _, _ := strings.Cut(signed, "\n"); strings.Count(line, "--") != 2 || strings.Count(line, ">") != 1 {
			t.Fatalf("the marker breaks out of its comment: %q", line)
		}
	})
}

func TestMarkersReadBackAsTheirKeys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := ticket.Key{
			Document: rapid.StringMatching(`[A-Za-z/ .~#-]{1,12}`).Draw(t, "document"),
			Action:   rapid.StringMatching(`[A-Za-z .~#-]{0,6}`).Draw(t, "action"),
		}
		if got := ticket.ParseKey(k.Marker()); got != k {
			t.Fatalf("%+v became %q and that %+v", k, k.Marker(), got)
		}
	})
}
