package trackertest

import (
	"strings"

	"percolate/ticket"
	"percolate/trackers"
)

func hardTitles() []string {
	return []string{
		`Say "no" to 'quotes' and ` + "`ticks`", "key: value # not a comment", "- not a list", "* [ ] not a task", "null", "1.10", "0x1F",
		"2026-03-01", "yes", "---", "...", "{a: b}", "[a, b]", "*a*", "&a", "!a", "%a", "@ann", "|", ">", `back\slash \n`,
		"<b>bold</b> & more", "<!-- percolate: end -->", "障害対応を見直す", "🔥 🧯 👩‍🚒", "مراجعة التنبيهات", "e\u0301 is not \u00e9", "#1", "~",
		"0 leading", "ünïcödé", "a\u00a0b\u200bc", strings.Repeat("long ", 40) + "end",
	}
}

func hardTitlesSurvive(x *trial) {
	for i, title := range hardTitles() {
		asked := ticket.Fields{Kind: ticket.KindStory, Title: title}
		s := x.create(x.one("PER-1", title, asked)...)[0]
		x.wantFields("created", s.Fields, asked)
		x.wantSame("read right after", x.get(s.Ref), s)
		asked.Title = hardTitles()[(i+1)%len(hardTitles())]
		got, _ := x.update(s.Ref, ticket.Patch{Set: []ticket.Field{ticket.FieldTitle}, To: asked})
		x.wantFields("updated", got.Fields, asked)
	}
}

func hardBodies() []string {
	return []string{
		"one\r\ntwo\r\n\r\nthree", "---\ntitle: x\n---\n", "a\n---\nb", "<!-- a comment -->", "before\n<!-- percolate: end -->\nafter",
		"<!-- percolate: begin -->\nx", "## Comments\n\nno comment", "| a | b |\n|---|---|\n| `x\\|y` | z |", "```yaml\nkey: \"v\"\n```",
		"- [ ] task\n- [x] done", "> quote\n>> deeper", "障害対応\n🔥\nمراجعة", "@ann #1 PER-1/A1 <https://example.org/?a=1&b=2>", `{panel} [x|y] \\ *b* _i_ h1. ||`,
		"&lt;b&gt; &amp;", "%s %d ${HOME} {{x}}", "# Heading\n\nText", strings.Repeat("A long body with many words in it.\n", 500),
	}
}

func hardBodiesSurvive(x *trial) {
	for i, body := range hardBodies() {
		asked := ticket.Fields{Kind: ticket.KindStory, Title: "A hard body", Body: body}
		s := x.create(x.one("PER-1", body, asked)...)[0]
		x.wantFields("created", s.Fields, asked)
		x.wantSame("read right after", x.get(s.Ref), s)
		asked.Body = hardBodies()[(i+1)%len(hardBodies())]
		got, _ := x.update(s.Ref, ticket.Patch{Set: []ticket.Field{ticket.FieldBody}, To: asked})
		x.wantFields("updated", got.Fields, asked)
	}
}

// one is a batch of one ticket, for an action that has no id but a text.
func (x *trial) one(document, text string, f ticket.Fields) []trackers.Creation {
	return []trackers.Creation{{Key: x.key(document, ticket.Fingerprint(text)), Fields: f}}
}
