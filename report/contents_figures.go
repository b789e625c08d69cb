package report

import (
	"fmt"
	"slices"
	"strconv"
)

// lastMonths is how many months the page shows; JSON has all.
const lastMonths = 12

// figureBlocks tells how the work goes, and of the events' own figures.
func (r Report) figureBlocks() []block {
	return []block{
		{head: "CREATED AND DONE", note: "by month", table: r.monthTable()},
		{head: "AGAINST WHAT WAS AGREED", lines: r.policyLines()},
		{head: "FIGURES OF THE EVENTS", note: "customers' downtime; from start to detection; from detection to the end", table: figureTable(r.Events)},
		{head: "HOW THEY ARE SPREAD", note: "by severity: median, 90th percentile and longest; of few the shortest and longest", table: severityTable(r.Metrics.Severities)},
		{note: "by month and severity", table: monthlyTable(r.Metrics.Months)},
	}
}

func (r Report) monthTable() table {
	rows := r.Months[max(len(r.Months)-lastMonths, 0):]
	number := func(head string, of func(Month) int) define[Month] {
		return define[Month]{column{head: head, right: true}, func(m Month) cell { return say(strconv.Itoa(of(m))) }}
	}
	return tabulate(rows, []define[Month]{
		{column{head: "month"}, func(m Month) cell { return say(firstOf(m.Month, "unknown")) }},
		number("created", func(m Month) int { return m.Created }),
		number("done", func(m Month) int { return m.Done }),
		number("dropped", func(m Month) int { return m.Dropped }),
		number("duplicate", func(m Month) int { return m.Duplicate }),
	})
}

func (r Report) policyLines() []string {
	p := r.Policy
	var lines []string
	if n := p.Come(); n > 0 {
		lines = append(lines,
			fmt.Sprintf("Done within the due day: %d of %d (%s); %d done late, %d still open and overdue.", p.InTime, n, percent(p.InTime, n), p.Late, p.Still),
		)
	}
	if p.InTimeFirst != p.InTime {
		lines = append(lines, fmt.Sprintf("Within the due day that they were filed with: %d.", p.InTimeFirst))
	}
	if p.Dropped > 0 {
		lines = append(lines, fmt.Sprintf("Dropped or duplicate, and not counted above: %d.", p.Dropped))
	}
	if p.NoDue > 0 {
		lines = append(lines, "Without a due day: "+many(p.NoDue, "action")+".")
	}
	if p.NoDate > 0 {
		lines = append(lines, "Done, nobody knows when: "+many(p.NoDate, "action")+".")
	}
	if s := p.AgeOpen; s.N > 0 {
		lines = append(lines, fmt.Sprintf("Age of what is open: median %d d, 90th percentile %d d, oldest %d d.", s.Median, s.P90, s.Max))
	}
	if s := p.TimeToDone; s.N > 0 {
		lines = append(lines, fmt.Sprintf("Time to done (%s): median %d d, 90th percentile %d d, longest %d d.", many(s.N, "action"), s.Median, s.P90, s.Max))
	}
	return lines
}

// figureTable shows each event with its figures.
func figureTable(events []Event) table {
	known := slices.DeleteFunc(slices.Clone(events), func(e Event) bool {
		return e.Draft || e.Downtime == nil && e.TimeToDetect == nil && e.TimeToResolve == nil
	})
	text := func(head string, rank int, of func(Event) string) define[Event] {
		return define[Event]{column{head: head, rank: rank}, func(e Event) cell { return say(of(e)) }}
	}
	return tabulate(known, []define[Event]{
		text("day", 1, func(e Event) string { return string(e.Day) }),
		text("severity", 2, func(e Event) string { return e.Severity }),
		{column{head: "event", tail: true, flex: true}, func(e Event) cell { return say(e.Document) }},
		{column{head: "what", flex: true, rank: 3}, func(e Event) cell { return say(e.Title) }},
		text("downtime", 0, func(e Event) string { return figure(e.Downtime) }),
		text("detect", 0, func(e Event) string { return figure(e.TimeToDetect) }),
		text("resolve", 0, func(e Event) string { return figure(e.TimeToResolve) }),
		text("kind", 4, func(e Event) string { return e.Kind }),
		text("service", 5, func(e Event) string { return e.Service }),
	})
}

func spreadColumns() []define[Figures] {
	return []define[Figures]{
		{column{head: "severity"}, func(f Figures) cell { return say(firstOf(f.Severity, "none")) }},
		{column{head: "events", right: true}, func(f Figures) cell { return say(strconv.Itoa(f.Events)) }},
		{column{head: "downtime"}, func(f Figures) cell { return say(f.Downtime.durations()) }},
		{column{head: "detect"}, func(f Figures) cell { return say(f.TimeToDetect.durations()) }},
		{column{head: "resolve"}, func(f Figures) cell { return say(f.TimeToResolve.durations()) }},
	}
}

// severityTable and monthlyTable are left out where they would repeat the events one by one.
func severityTable(rows []Figures) table {
	if !several(rows) {
		return table{}
	}
	return tabulate(rows, spreadColumns())
}

func monthlyTable(rows []Figures) table {
	if !several(rows) {
		return table{}
	}
	month := define[Figures]{column{head: "month"}, func(f Figures) cell { return say(firstOf(f.Month, "unknown")) }}
	return tabulate(rows, append([]define[Figures]{month}, spreadColumns()...))
}

// several reports whether any of the groups has more than one event.
func several(rows []Figures) bool {
	return slices.ContainsFunc(rows, func(f Figures) bool { return f.Events > 1 })
}

// durations tells a spread of seconds. Of one value it is that value; of so few that
// percentiles say nothing it is the shortest and the longest.
func (s Spread) durations() string {
	low, high := Seconds(s.Min), Seconds(s.Max)
	switch {
	case s.N == 0:
		return "-"
	case s.N == 1:
		return high.String()
	case s.N < 5:
		return low.String() + " to " + high.String()
	}
	return Seconds(s.Median).String() + ", " + Seconds(s.P90).String() + ", " + high.String()
}
