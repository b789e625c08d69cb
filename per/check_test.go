package per_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"percolate/per"
)

// sound is a document without fault; tests break it.
const sound = `---
id: PER-2026-001
title: Checkout refused cards
kind: outage
severity: SEV2
started: 2026-03-02 09:12
detected: 2026-03-02 09:31
resolved: 2026-03-02 09:59
meeting: 2026-03-03 09:30
---
## Deltas
- D1: Nobody was paged
- D2: The board was red (accepted: it goes)
## Corrective actions
- [ ] A1 (defect, owner: ana, due: 2026-03-16, addresses: D1) Page somebody
- [ ] A2 (owner: raj) Tell support
`

func TestSoundDocumentHasNoProblems(t *testing.T) {
	d, problems := per.Parse("a.md", []byte(sound))
	if all := append(problems, per.Check(d, per.CheckRules{})...); len(all) > 0 {
		t.Errorf("%+v", all)
	}
}

func TestCheckFindsWhatIsAmiss(t *testing.T) {
	for _, tc := range []struct {
		name, from, to string
		line           int
		level          per.Level
		message        string
	}{
		{"ResolvedBeforeDetected", "resolved: 2026-03-02 09:59", "resolved: 2026-03-02 09:20", 8, per.Error, "resolved (09:20) is before detected (09:31)"},
		{"DetectedBeforeStarted", "detected: 2026-03-02 09:31", "detected: 2026-03-01 09:31", 7, per.Error, "detected (2026-03-01 09:31) is before started (2026-03-02 09:12)"},
		{"ResolvedBeforeStarted", "detected: 2026-03-02 09:31\nresolved: 2026-03-02 09:59", "resolved: 2026-03-02 08:00", 7, per.Error, "resolved (08:00) is before started (09:12)"},
		{"StatedDowntimeDiffers", "severity: SEV2", "severity: SEV2\ndowntime: 1h 5m", 6, per.Warning, "downtime is stated as 1h 5m, and the times give 47m"},
		{"StatedDetectionDiffers", "severity: SEV2", "severity: SEV2\ntime_to_detect: 5m", 6, per.Warning, "time to detect is stated as 5m, and the times give 19m"},
		{"TwoActionsOfOneID", "- [ ] A2 ", "- [ ] A1 ", 16, per.Error, "two actions are called A1; the other is on line 15"},
		{"TwoDeltasOfOneID", "- D2:", "- D1:", 13, per.Error, "two deltas are called D1; the other is on line 12"},
		{"DeltaWithoutAction", ", addresses: D1", "", 12, per.Warning, "delta D1 has no action and no reason why not"},
		{"ActionWithoutOwner", "(owner: raj) ", "", 16, per.Warning, "action A2 has no owner"},
		{"DefectWithoutDue", ", due: 2026-03-16", "", 15, per.Warning, "action A1 is a defect and has no due day"},
		{"UnknownDelta", "(owner: raj)", "(owner: raj, addresses: D9)", 16, per.Warning, "action A2 addresses D9, which is no plus or delta here"},
		{"RepeatsItself", "(owner: raj)", "(owner: raj, repeats: A2)", 16, per.Error, "action A2 repeats itself"},
		{"RepeatsItselfByItsFullName", "(owner: raj)", "(owner: raj, repeats: PER-2026-001/A2)", 16, per.Error, "action A2 repeats itself"},
		{"NoMeeting", "meeting: 2026-03-03 09:30\n", "", 8, per.Hint, "customers were affected and there is no meeting; the 24 hours end on Tuesday 2026-03-03 09:59 (UTC)"},
		{"LateMeeting", "meeting: 2026-03-03 09:30", "meeting: 2026-03-04 09:30", 9, per.Hint, "the meeting (Wednesday 2026-03-04 09:30) is late; the 24 hours ended on Tuesday 2026-03-03 09:59 (UTC)"},
		{"MeetingBeforeTheEvent", "meeting: 2026-03-03", "meeting: 2026-02-03", 9, per.Error, "meeting (2026-02-03 09:30) is before started (2026-03-02 09:12)"},
		{"NoTitle", "title: Checkout refused cards\n", "", 0, per.Warning, "the document has no title"},
		{"NoSeverity", "severity: SEV2\n", "", 0, per.Hint, "the document states no severity"},
		{"DueBeforeTheEvent", "due: 2026-03-16", "due: 2026-03-01", 15, per.Warning, "action A1 is due on 2026-03-01, before the event (2026-03-02)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			src := strings.Replace(sound, tc.from, tc.to, 1)
			if src == sound {
				t.Fatal("the test changes nothing")
			}
			d, problems := per.Parse("a.md", []byte(src))
			if len(problems) > 0 {
				t.Fatalf("not understood: %+v", problems)
			}
			found := per.Check(d, per.CheckRules{})
			match := func(p per.Problem) bool {
				return p.Line == tc.line && p.Level == tc.level && p.Message == tc.message && p.Path == "a.md" && p.Code != ""
			}
			i := slices.IndexFunc(found, match)
			if i < 0 {
				t.Fatalf("want %s at line %d: %s\ngot %+v", tc.level, tc.line, tc.message, found)
			}
			off := per.CheckRules{Off: []string{found[i].Code}}
			if slices.ContainsFunc(per.Check(d, off), match) {
				t.Errorf("%s cannot be turned off", found[i].Code)
			}
		})
	}
}

func TestNearMissAndMaintenanceNeedNeitherMeetingNorSeverity(t *testing.T) {
	for _, kind := range []string{"near-miss", "maintenance"} {
		src := strings.NewReplacer("kind: outage", "kind: "+kind, "severity: SEV2\n", "", "meeting: 2026-03-03 09:30\n", "").Replace(sound)
		d, _ := per.Parse("a.md", []byte(src))
		if found := per.Check(d, per.CheckRules{}); len(found) > 0 {
			t.Errorf("%s: %+v", kind, found)
		}
	}
}

func TestFinishedActionsNeedNoOwner(t *testing.T) {
	src := strings.Replace(sound, "- [ ] A2 (owner: raj)", "- [x] A2", 1)
	d, _ := per.Parse("a.md", []byte(src))
	if found := per.Check(d, per.CheckRules{}); len(found) > 0 {
		t.Errorf("%+v", found)
	}
}

func TestMeetingIsWithinADayOrByTheEndOfMonday(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ end, want string }{
		{"2026-03-02 09:59", "2026-03-03 09:59"}, // Monday
		{"2026-03-05 23:30", "2026-03-06 23:30"}, // Thursday night: Friday night
		{"2026-03-06 00:10", "2026-03-10 00:00"}, // Friday: Saturday, so Monday
		{"2026-03-06 17:00", "2026-03-10 00:00"},
		{"2026-03-07 12:00", "2026-03-10 00:00"}, // Saturday: Sunday, so Monday
		{"2026-03-08 12:00", "2026-03-09 12:00"}, // Sunday: Monday noon
		{"2026-03-27 18:00", "2026-03-31 00:00"}, // the clocks change on the Sunday between
		{"2026-03-28 18:00", "2026-03-31 00:00"},
	} {
		end, err := time.ParseInLocation("2006-01-02 15:04", tc.end, berlin)
		if err != nil {
			t.Fatal(err)
		}
		if got := per.MeetingBy(end.UTC(), berlin).Format("2006-01-02 15:04"); got != tc.want {
			t.Errorf("an event that ends on %s is to be met on by %s, want %s", tc.end, got, tc.want)
		}
	}
}

func TestMeetingRuleSpeaksOfTheWeekendInTheTeamsZone(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	src := strings.NewReplacer("2026-03-02", "2026-04-17", "meeting: 2026-03-03 09:30\n", "", "2026-03-16", "2026-05-16").Replace(sound)
	d, _ := per.Parse("a.md", []byte(src))
	found := per.Check(d, per.CheckRules{Zone: berlin})
	want := "customers were affected and there is no meeting; the 24 hours end on Monday 2026-04-20, end of day (Europe/Berlin)"
	if len(found) != 1 || found[0].Message != want {
		t.Errorf("got %+v, want %s", found, want)
	}
}

func TestDowntimeIsOfCustomersOnly(t *testing.T) {
	for kind, affected := range map[per.Kind]bool{per.Outage: true, per.Degradation: true, per.Security: true, "": true, per.NearMiss: false, per.Maintenance: false} {
		d, _ := per.Parse("a.md", []byte(strings.Replace(sound, "kind: outage", "kind: "+string(kind), 1)))
		m := d.Computed()
		if (m.Downtime != nil) != affected {
			t.Errorf("%q has downtime %v", kind, m.Downtime)
		}
		if m.TimeToDetect == nil || *m.TimeToDetect != 19*time.Minute || m.TimeToResolve == nil || *m.TimeToResolve != 28*time.Minute {
			t.Errorf("%q: %+v", kind, m)
		}
	}
}

func TestStatedMetricsWin(t *testing.T) {
	d, _ := per.Parse("a.md", []byte(strings.Replace(sound, "severity: SEV2", "severity: SEV2\ndowntime: 2d 1h 29m", 1)))
	m := d.Metrics()
	if want := 49*time.Hour + 29*time.Minute; *m.Downtime != want || m.DowntimeLine != 6 {
		t.Errorf("downtime %s (line %d), want %s", *m.Downtime, m.DowntimeLine, want)
	}
	if *m.TimeToDetect != 19*time.Minute {
		t.Errorf("time to detect %s", *m.TimeToDetect)
	}
}
