package per_test

import (
	"strings"
	"testing"

	"percolate/per"
)

// unfinished is what other documents have asked for already.
func unfinished() *per.Repeats {
	return per.NewRepeats([]per.Earlier{
		{Key: "PER-2025-007/A4", Text: "Alert when the certificate of the payment gateway is about to expire", Ticket: "OPS-40"},
		{Key: "PER-2025-003/~8f2a", Text: "Rehearse the failover of the search cluster every quarter", Ticket: "https://jira.example.com/browse/OPS-31"},
		{Key: "PER-2025-009/A1", Text: "Add an alert for disk space"},
		{Key: "PER-2025-009/A2", Text: "Add an alert for queue age"},
		{Key: "PER-2026-001/A9", Text: "Page somebody at night who can help"},
	})
}

func TestLikelyRepeatsAreHintedAtWithTheWordsToWrite(t *testing.T) {
	for _, tc := range []struct{ name, text, says string }{
		{"OtherWordOrder", "Alerting before certificates of the payment gateway expire", "(repeats: PER-2025-007/A4)"},
		{"NamedByItsTicketWhereItHasNoID", "Rehearse a failover of the search cluster each quarter", "(repeats: https://jira.example.com/browse/OPS-31)"},
		{"TheClosestOfTwo", "Add alerts for the age of the queue", "(repeats: PER-2025-009/A2)"},
		{"CommonWordsOnly", "Add an alert for memory", ""},
		{"OtherWork", "Tell support what to say", ""},
		{"OwnDocument", "Page somebody at night who can help", ""},
		{"SaysSoAlready", "Alert when the certificate of the payment gateway is about to expire (repeats: PER-2025-007/A4)", ""},
		{"IsThatTicket", "Alert when the certificate of the payment gateway is about to expire (ticket: OPS-40)", ""},
		{"IsDone", "Alert when the certificate of the payment gateway is about to expire (done)", ""},
		{"OneWord", "Alert", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			src := strings.Replace(sound, "(owner: raj) Tell support", tc.text, 1)
			d, _ := per.Parse("a.md", []byte(src))
			found := unfinished().In(d)
			if tc.says == "" && len(found) > 0 {
				t.Errorf("%+v", found)
			}
			if tc.says != "" && (len(found) != 1 || found[0].Line != 16 || found[0].Level != per.Hint || found[0].Code != "likely-repeat" || !strings.Contains(found[0].Message, tc.says)) {
				t.Errorf("want a hint that says %s, got %+v", tc.says, found)
			}
		})
	}
}

func TestTheWordsToWriteSettleTheHint(t *testing.T) {
	src := strings.Replace(sound, "Tell support", "Alert before certificates of the payment gateway expire (repeats: PER-2025-007/A4)", 1)
	d, problems := per.Parse("a.md", []byte(src))
	if d.Actions[1].Repeats != "PER-2025-007/A4" || len(problems)+len(unfinished().In(d)) > 0 {
		t.Errorf("%+v, %+v", d.Actions[1], problems)
	}
}
