package sync_test

import (
	"testing"
	"time"

	statememory "percolate/store/memory"
	persync "percolate/sync"
	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/memory"
)

// machine is a place whose clock can be wrong; the tracker's never is.
type machine struct {
	*place
	wrong time.Duration // how far it is ahead of the world's
}

func onMachine(t *testing.T, opts memory.Options, test func(*machine)) {
	in(t, opts, func(p *place) {
		m := &machine{place: p}
		p.state = statememory.New(m.now)
		test(m)
	})
}

func (m *machine) now() time.Time { return time.Now().Add(m.wrong) }

func (m *machine) sync(d *modelDocument) persync.Result {
	m.t.Helper()
	r, err := m.worker("anybody", func(w *persync.Worker) { w.Now = m.now }).Run(m.t.Context(), asked(d))
	if err != nil {
		m.t.Fatal(err)
	}
	return r
}

func TestAClockThatWasSetBackHidesNoPersonsEdit(t *testing.T) {
	onMachine(t, memory.Options{}, func(p *machine) {
		d := actions(1)
		p.wrong = 24 * time.Hour
		p.sync(d)
		p.wrong = 0
		ref := p.mem.Tickets()[1].Ref
		p.mem.Edit(ref, func(k *memory.Ticket) { k.Fields.Due = "2001-01-01" })
		d.actions[0].due = "2000-04-01"
		if r := p.sync(d); !found(r, ticket.FindConflict) {
			t.Errorf("findings %v", r.Findings)
		}
		if got := p.mem.Tickets()[1].Fields.Due; got != "2001-01-01" {
			t.Errorf("a person set it to be due in 2001, and it is %s", got)
		}
	})
}

// While one process was suspended between its look and its lease, another wrote, whose
// reads are later than all that the first one knew of.
func TestAClockThatWasSetBackHidesNoEditFromASuspendedProcess(t *testing.T) {
	onMachine(t, memory.Options{}, func(p *machine) {
		d := actions(1)
		p.wrong = 24 * time.Hour
		p.sync(d)
		p.wrong = 0
		d.actions[0].due = "2000-04-01"
		suspended := p.worker("suspended", func(w *persync.Worker) { w.Now = p.now })
		req := asked(d)
		decided, err := suspended.Plan(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		for _, due := range []ticket.Day{"2000-05-01", "2000-06-01", "2000-07-01"} {
			d.actions[0].due = due
			p.sync(d)
		}
		p.mem.Edit(p.mem.Tickets()[1].Ref, func(k *memory.Ticket) { k.Fields.Due = "2001-01-01" })
		if _, err := suspended.Apply(t.Context(), req, decided); err != nil {
			t.Fatal(err)
		}
		if got := p.mem.Tickets()[1].Fields.Due; got != "2001-01-01" {
			t.Errorf("a person set it to be due in 2001, and it is %s", got)
		}
	})
}

func TestAClockThatWasSetBackHidesNoDeletion(t *testing.T) {
	onMachine(t, memory.Options{}, func(p *machine) {
		d := actions(1)
		p.wrong = 48 * time.Hour
		p.sync(d)
		p.wrong = 0
		p.mem.Delete(p.mem.Tickets()[1].Ref)
		for range 2 {
			p.sync(d)
		}
		if r := p.sync(d); !found(r, ticket.FindGone) {
			t.Errorf("its ticket is deleted, and the findings are %v", r.Findings)
		}
	})
}

func TestAClockThatWasSetBackShortensNoWaitForACreateThatWasCutOff(t *testing.T) {
	lost := false
	loses := func(m memory.Moment, _ int) memory.Fault {
		if lost && m == memory.AfterCreate {
			return memory.Fault{Code: trackers.UnknownOutcome}
		}
		return memory.Fault{}
	}
	onMachine(t, memory.Options{FindLag: 10 * time.Minute, Fault: loses}, func(p *machine) {
		p.wrong = 24 * time.Hour
		p.sync(actions(1))
		p.wrong = 0
		d := actions(2)
		lost = true
		if r := p.sync(d); !r.Partly() {
			t.Fatal("the answer was lost, and the run says that all is done")
		}
		lost = false
		p.sync(d)
		for key, n := range p.mem.Creations() {
			if n != 1 {
				t.Errorf("%s was filed %d times", key, n)
			}
		}
	})
}
