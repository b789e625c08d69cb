package report_test

import (
	"time"

	"percolate/ticket"
)

// every is a state with every case in it, as it stands on a Monday morning.
func every() *scene {
	s := newScene("2026-04-13 09:00", "Europe/Berlin")
	s.rows.Read["gh-payments"] = s.now.Add(-26 * time.Hour)
	s.rows.Read["rally"] = time.Time{}
	s.events()
	s.openWork()
	s.finishedWork()
	s.oddWork()
	s.find("", ticket.FindUnread, "not read: 401, the token in RALLY_TOKEN was refused", "run percolate doctor; nothing is lost meanwhile, run sync again when it answers", -2)
	s.find("PER-2026-007/A2", ticket.FindConflict, `due: now "2026-04-20" in the tracker, the document now says "2026-04-10"`, "percolate resolve PER-2026-007/A2 due --keep tracker|document", -5)
	s.find("PER-2026-004/A1", ticket.FindGone, "OPS-24 is deleted or not visible to us since 2026-04-08", "percolate resolve PER-2026-004/A1 ticket --keep tracker (let it go) | document (file it again)", -5)
	s.find("PER-2026-004/A3", ticket.FindUnowned, `owner "kim" is in no people list; filed unassigned`, "add \"kim\" to people or teams in the configuration", -30)
	s.find("PER-2026-003", ticket.FindReady, "all actions are finished", "close OPS-9", -1)
	return s
}

func (s *scene) events() {
	minutes := func(n int) *time.Duration { d := time.Duration(n) * time.Minute; return &d }
	clock := func(day int, hour, minute int) time.Time {
		y, m, d := s.at(day).Date()
		return time.Date(y, m, d, hour, minute, 0, 0, s.zone)
	}
	s.event(ticket.Event{
		Document: "PER-2026-001", Path: "pers/2026-001.md", Title: "Importer stopped overnight", Kind: "outage", Severity: "sev1", Service: "importer", Team: "data",
		Owner: "mia", Day: s.day(-90), Resolved: clock(-90, 7, 0), Meeting: clock(-89, 6, 30), MeetingBy: clock(-89, 7, 0),
		Downtime: minutes(312), TimeToDetect: minutes(240), TimeToResolve: minutes(72), Actions: 3, Done: 1,
	})
	s.event(ticket.Event{
		Document: "PER-2026-002", Path: "pers/2026-002.md", Title: "Backup had been empty for nine days", Kind: "near-miss", Service: "orders-db", Team: "storage",
		Owner: "lee", Day: s.day(-70), TimeToDetect: minutes(13690), TimeToResolve: minutes(155), Actions: 4,
	})
	s.event(ticket.Event{
		Document: "PER-2026-003", Path: "pers/2026-003.md", Title: "Checkout refused cards for 47 minutes", Kind: "outage", Severity: "sev2", Service: "checkout", Team: "payments",
		Owner: "mia", Day: s.day(-42), MeetingBy: clock(-41, 9, 59), Meeting: clock(-39, 10, 0),
		Downtime: minutes(47), TimeToDetect: minutes(19), TimeToResolve: minutes(28), Actions: 5,
	})
	s.event(ticket.Event{
		Document: "PER-2026-004", Path: "pers/2026-004.md", Title: "\u691c\u7d22\u304c\u9045\u3044: search answered late", Kind: "degradation", Severity: "sev3", Service: "search", Team: "data",
		Owner: "raj", Day: s.day(-35), MeetingBy: clock(-34, 12, 0), TimeToResolve: minutes(90), Actions: 4,
	})
	s.event(ticket.Event{
		Document: "PER-2026-007", Path: "pers/2026-007.md", Title: "Search index fell behind after the upgrade", Kind: "degradation", Severity: "sev3", Service: "search", Team: "data",
		Owner: "raj", Day: s.day(-20), MeetingBy: clock(-19, 12, 0), Meeting: clock(-19, 9, 0),
		TimeToDetect: minutes(35), TimeToResolve: minutes(125), Actions: 5,
	})
	s.event(ticket.Event{
		Document: "PER-2026-008", Path: "pers/2026-008.md", Title: "Half a draft", Kind: "outage", Service: "checkout", Day: s.day(-1),
		MeetingBy: clock(1, 0, 0), Downtime: minutes(999), Draft: true, Hold: "draft",
	})
}

func (s *scene) openWork() {
	s.add(work{key: "PER-2026-001", title: "PER-2026-001: Importer stopped overnight", kind: ticket.KindParent, created: -89})
	s.add(work{
		key: "PER-2026-001/A1", title: "Load-test the importer", kind: ticket.KindDefect, created: -89, due: "2026-05-02", owners: "mia", assign: "mia",
		filed: ticket.PriorityHighest, prio: ticket.PriorityHigh, moves: []move{{day: -23, status: ticket.StatusActive, word: "In Progress"}},
	})
	s.add(work{key: "PER-2026-001/A2", title: "Page when the importer is idle for an hour", created: -89, due: "2026-03-01", now: "2026-04-01", owners: "raj", filed: ticket.PriorityMedium, basis: ticket.BasisPolicy, moved: -3})
	s.add(work{key: "PER-2026-007", title: "PER-2026-007: Search index fell behind", kind: ticket.KindParent, created: -19})
	s.add(work{key: "PER-2026-007/A1", title: "Alert on index lag", kind: ticket.KindDefect, created: -19, due: "2026-04-13", owners: "raj", filed: ticket.PriorityHigh, moved: -1})
	s.add(work{key: "PER-2026-007/A2", title: "Document and rehearse the rebuild | = with <everyone>", created: -19, due: "2026-04-20", owners: "raj, ops-team", assign: "none", filed: ticket.PriorityMedium, moves: []move{{day: -6, status: ticket.StatusBlocked, word: "On Hold", exact: true}}})
	s.add(work{key: "PER-2026-007/A3", state: ticket.StateRepeat, of: "PER-2026-001/A1", title: "Load-test the importer, again", created: -19})
	s.add(work{key: "PER-2026-007/A4", title: "=HYPERLINK(\"https://bad.example\";\"click\") \x1b[31mred\x1b[0m", created: -19, due: "2026-03-31", filed: ticket.PriorityLow, basis: ticket.BasisPolicy})
	s.add(work{key: "PER-2026-007/~0a1b2c3d4e", title: "Warm the cache before the switch", created: -4, owners: "lee"})
}

func (s *scene) finishedWork() {
	done := func(day int) []move { return []move{{day: day, status: ticket.StatusDone, word: "Done", exact: true}} }
	s.add(work{key: "PER-2026-003", title: "PER-2026-003: Checkout refused cards", kind: ticket.KindParent, created: -39})
	s.add(work{key: "PER-2026-003/A1", title: "Rotate the payment certificate by itself", kind: ticket.KindDefect, created: -39, due: "2026-03-16", owners: "ana", moves: done(-30)})
	s.add(work{key: "PER-2026-003/A2", title: "Page on card refusals above 2 %", created: -39, due: "2026-03-30", owners: "raj", moves: done(-2)})
	s.add(work{key: "PER-2026-003/A3", title: "Tell support which channel wakes us up", created: -39, due: "2026-04-30", owners: "mia", moves: []move{{day: -5, status: ticket.StatusDropped, word: "Won't Do"}}})
	s.add(work{key: "PER-2026-003/A4", title: "Watch the certificate of the shop", created: -39, due: "2026-04-30", owners: "mia", moves: []move{{day: -5, status: ticket.StatusDropped, word: "Duplicate"}}})
	s.add(work{key: "PER-2026-003/A5", title: "Keep the vendor's number in the runbook", state: ticket.StateAdopted, created: -39, owners: "ana", moves: []move{{day: -38, status: ticket.StatusDone, word: "Closed"}}})
	s.add(work{key: "PER-2026-002/A1", title: "Let the backup fail when it is empty", kind: ticket.KindDefect, created: -69, due: "2026-02-20", now: "2026-03-05", owners: "lee", moves: done(-41)})
	s.add(work{key: "PER-2026-002/A2", title: "Restore last night's backup every week", created: -69, due: "2026-05-15", owners: "raj", moves: []move{
		{day: -40, status: ticket.StatusDone, word: "Done"}, {day: -10, status: ticket.StatusActive, word: "Reopened"},
	}})
}

func (s *scene) oddWork() {
	s.add(work{key: "PER-2026-002/A3", title: "Alert when a backup shrinks", created: -69, owners: "lee", retired: -8})
	s.add(work{key: "PER-2026-002/A4", state: ticket.StateReleased, title: "Buy a second disk", created: -69, owners: "lee"})
	s.add(work{key: "PER-2026-004", title: "PER-2026-004: search answered late", kind: ticket.KindParent, created: -34})
	s.add(work{key: "PER-2026-004/A1", title: "\u7d22\u5f15\u3092\u4f5c\u308a\u76f4\u3059\u624b\u9806\u3092\u66f8\u304f (write down how to rebuild the index)", created: -34, due: "2026-04-30", owners: "raj", gone: -5})
	s.add(work{key: "PER-2026-004/A2", state: ticket.StateIntent, title: "Add a second node", created: 0})
	s.add(work{key: "PER-2026-004/A3", title: "\u30ad\u30e3\u30c3\u30b7\u30e5\u306e\u5927\u304d\u3055\u3092\u6e2c\u308b (measure the cache)", created: -34, due: "2026-04-16", owners: "kim", assign: "none", moved: -2})
	s.add(work{key: "PER-2026-004/A4", title: "Ask the vendor", created: -1, owners: "raj", unseen: true})
	s.add(work{key: "PER-2025-099/A1", title: "From a document that is not there any more", created: -200, owners: "ana", due: "2026-06-30", moved: -10})
}
