package memory

import (
	"fmt"
	"maps"
	"slices"

	"percolate/ticket"
)

// The methods here are what people do, and what tests look at. Each of them panics
// when there is no such ticket, since that is a mistake in the test.

// Edit changes a ticket as a person. To change what stands in our block, change
// Fields.Body; to change the text round it, change Whole.
func (t *Tracker) Edit(ref ticket.Ref, change func(*Ticket)) {
	t.person(ref, func(k *Ticket) {
		block := k.Fields.Body
		change(k)
		if k.Fields.Body != block {
			k.Whole = ticket.Embed(k.Whole, k.Fields.Body)
		}
		k.Fields.Body, _ = ticket.Extract(k.Whole)
	})
}

// Open files a ticket as a person, without a marker.
func (t *Tracker) Open(title, whole string) ticket.Ref {
	t.mu.Lock()
	defer t.mu.Unlock()
	block, _ := ticket.Extract(whole)
	k := t.add(Ticket{
		Fields: ticket.Fields{Kind: ticket.KindStory, Title: title, Body: block},
		Whole:  whole,
		Status: ticket.StatusOpen,
	})
	return k.Ref
}

// Comment adds a person's comment.
func (t *Tracker) Comment(ref ticket.Ref, text string) {
	t.person(ref, func(k *Ticket) { k.Comments = append(k.Comments, Comment{Text: text}) })
}

// Close gives the ticket a status, of whatever kind.
func (t *Tracker) Close(ref ticket.Ref, s ticket.Status) {
	t.person(ref, func(k *Ticket) { k.Status = s })
}

// Delete takes the ticket away until [Tracker.Undelete].
func (t *Tracker) Delete(ref ticket.Ref) { t.person(ref, func(k *Ticket) { k.Deleted = true }) }

// Undelete brings a deleted ticket back as it was.
func (t *Tracker) Undelete(ref ticket.Ref) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, k := range t.tickets {
		if k.Ref == ref || string(k.Ref) == t.names[ref] {
			k.Deleted = false
			t.touch(k)
			return
		}
	}
	panic(fmt.Sprintf("memory: no ticket %s", ref))
}

// Move takes the ticket to another project, where it has a new name. Its ref stays,
// and Get still finds it by its old name.
func (t *Tracker) Move(ref ticket.Ref, project string) {
	t.person(ref, func(k *Ticket) {
		k.Name = fmt.Sprintf("%s-%d", project, t.serial+1)
		t.names[ticket.Ref(k.Name)] = string(k.Ref)
	})
}

// Reparent puts the ticket below another one, or below none.
func (t *Tracker) Reparent(ref, parent ticket.Ref) {
	t.person(ref, func(k *Ticket) { k.Parent = parent })
}

// Unmark removes our marker.
func (t *Tracker) Unmark(ref ticket.Ref) { t.person(ref, func(k *Ticket) { k.Key = ticket.Key{} }) }

// Duplicate copies the ticket with its marker and returns the copy's ref.
func (t *Tracker) Duplicate(ref ticket.Ref) ticket.Ref {
	var twin ticket.Ref
	t.person(ref, func(k *Ticket) {
		c := k.copy()
		c.Ours = false
		twin = t.add(c).Ref
	})
	return twin
}

// Tickets returns copies of all tickets, deleted ones included, in the order of their creation.
func (t *Tracker) Tickets() []Ticket {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := make([]Ticket, len(t.tickets))
	for i, k := range t.tickets {
		all[i] = k.copy()
	}
	return all
}

// Creations tells how often a ticket was created for each key, lost answers included.
func (t *Tracker) Creations() map[ticket.Key]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.creates)
}

// Moments tells how often each moment came, which is what the calls cost.
func (t *Tracker) Moments() map[Moment]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.moments)
}

func (t *Tracker) person(ref ticket.Ref, change func(*Ticket)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := slices.IndexFunc(t.tickets, func(k *Ticket) bool { return !k.Deleted && string(k.Ref) == t.names[ref] })
	if i < 0 {
		panic(fmt.Sprintf("memory: no ticket %s", ref))
	}
	k := t.tickets[i]
	before := k.copy()
	change(k)
	t.touch(k)
	if k.Status != before.Status || len(k.Comments) != len(before.Comments) || !slices.Equal(k.Fields.Assignees, before.Fields.Assignees) {
		k.Moved = k.Updated
	}
}
