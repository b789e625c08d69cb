// Package simsite makes a site for the engine's histories of a simulated tracker: people
// act, and tickets are looked at, through the desk that every simulator has (see simctl),
// so that a tracker's harness is left with its flavours and its trouble. It is for tests.
package simsite

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"percolate/sync/enginetest"
	"percolate/ticket"
	"percolate/trackers/internal/simctl"
	"percolate/trackers/trackertest"
)

// Desk is where people stand who use a simulator.
type Desk struct {
	t       *testing.T
	handler http.Handler

	// Ref is how the adapter calls a stored ticket; nil when simulator and adapter use the
	// same ids.
	Ref func(simctl.Ticket) ticket.Ref
}

// At is the desk of a simulator, which serves [simctl.Handler].
func At(t *testing.T, simulator http.Handler) *Desk { return &Desk{t: t, handler: simulator} }

// Place is what people do. Tracker and Wait are left to the caller.
func (d *Desk) Place() *trackertest.Place {
	return &trackertest.Place{
		Open: func(title, text string) ticket.Ref {
			id := d.act(simctl.Act{Do: simctl.Open, Value: title, Text: text})
			for _, t := range d.tickets() {
				if t.Ref == id {
					return d.ref(t)
				}
			}
			d.t.Fatalf("a person opened %s, and it is not stored", id)
			return ""
		},
		Edit:   d.edit,
		Remark: func(ref ticket.Ref, text string) { d.do(simctl.Comment, ref, text) },
		Delete: func(ref ticket.Ref) { d.do(simctl.Delete, ref, "") },
		Move:   func(ref ticket.Ref) { d.do(simctl.Move, ref, "") },
	}
}

func (d *Desk) edit(ref ticket.Ref, e trackertest.Edit) {
	if e.Text != nil {
		d.do(simctl.Append, ref, strings.TrimSpace(e.Text("")))
	}
	if e.Parent != "" {
		d.do(simctl.Parent, ref, d.id(e.Parent))
	}
	for act, value := range map[string]string{
		simctl.Title: e.Title, simctl.Label: e.Label, simctl.Assign: e.Assignee, simctl.Status: string(e.Status), simctl.Due: string(e.Due),
	} {
		if value != "" {
			d.do(act, ref, value)
		}
	}
}

// Stored are all tickets as the simulator stores them.
func (d *Desk) Stored() []enginetest.Ticket {
	all := d.tickets()
	refs := make(map[string]ticket.Ref, len(all))
	for _, t := range all {
		if !t.Deleted {
			refs[t.Ref] = d.ref(t)
		}
	}
	out := make([]enginetest.Ticket, 0, len(all))
	for _, t := range all {
		out = append(out, enginetest.Ticket{
			Ref: refs[t.Ref], Name: t.Name, Parent: refs[t.Parent], Title: t.Title, Text: t.Text, Status: ticket.Status(t.Status),
			Due: t.Due, Priority: t.Priority, Labels: t.Labels, Assignees: t.Assignees, Comments: t.Comments, Deleted: t.Deleted,
		})
	}
	return out
}

func (d *Desk) tickets() (all []simctl.Ticket) {
	if status := d.ask(http.MethodGet, "/_sim/tickets", nil, &all); status != http.StatusOK {
		d.t.Fatalf("the simulator shows no tickets: %d", status)
	}
	return all
}

func (d *Desk) ref(t simctl.Ticket) ticket.Ref {
	if d.Ref == nil {
		return ticket.Ref(t.Ref)
	}
	return d.Ref(t)
}

// id is the simulator's own id of a ticket that is there.
func (d *Desk) id(ref ticket.Ref) string {
	for _, t := range d.tickets() {
		if !t.Deleted && d.ref(t) == ref {
			return t.Ref
		}
	}
	d.t.Fatalf("%s is not stored", ref)
	return ""
}

func (d *Desk) do(what string, ref ticket.Ref, value string) {
	d.act(simctl.Act{Do: what, Ref: d.id(ref), Value: value})
}

// act does what a person does. What people cannot do here, or with this ticket, is not done.
func (d *Desk) act(a simctl.Act) (id string) {
	d.ask(http.MethodPost, "/_sim/people", a, &a)
	return a.Ref
}

func (d *Desk) ask(method, path string, body, into any) (status int) {
	d.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		d.t.Fatal(err)
	}
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, httptest.NewRequestWithContext(d.t.Context(), method, path, bytes.NewReader(text)))
	if w.Code == http.StatusOK {
		if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
			d.t.Fatal(err)
		}
	}
	return w.Code
}
