package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"percolate/ticket"
)

// linked decides a wanted ticket that has a link.
func (m *maker) linked(d *document, w ticket.Wanted, l ticket.Link) {
	w.Key = l.Key
	switch l.State {
	case ticket.StateReleased:
		return
	case ticket.StateRepeat:
		m.repeated(d, w, l)
		return
	case ticket.StateIntent:
		found, ok := m.intent(d, w, l)
		if !ok {
			return
		}
		l = found
	case ticket.StateRecovered:
		l = m.claim(w, l)
	}
	l, ok := m.reach(w.Place, l)
	if !ok {
		return
	}
	m.compare(d, w, l)
}

// waiting reports whether an intent's outcome is unknown and may still come to light: its
// ticket was not found, but it was not looked for since it must be visible either.
func (m *maker) waiting(l ticket.Link) bool {
	return len(m.marked[l.Key]) == 0 && !m.in.Looked[l.Tracker].After(m.visible(l))
}

// visible is from when on the tracker shows the ticket of an intent, if there is one:
// the create was carried out before it ended, and the index has caught up since.
func (m *maker) visible(l ticket.Link) time.Time {
	return l.Until.Add(m.in.Trackers[l.Tracker].FindLag)
}

// intent settles a create that was begun: its ticket is found by its marker, or it is
// waited for, or, when it should have shown by now, filed again. The answer is the
// link once its ticket is known.
func (m *maker) intent(d *document, w ticket.Wanted, l ticket.Link) (ticket.Link, bool) {
	if m.unread(l.Key, l.Tracker) {
		return l, false
	}
	if found := m.carriers(l.Key); len(found) > 0 {
		return m.found(l, found[0], m.unhung(d, w, found[0])...), true
	}
	if m.waiting(l) {
		until := m.visible(l).UTC().Format(time.TimeOnly)
		m.findOf(w, ticket.FindPending, "a create was cut off and may have been carried out; percolate looks again until "+until+" UTC before it files", "run percolate sync again after that")
		return l, false
	}
	if !m.held(d, w) {
		m.create(d, w, l.Tracker)
	}
	return l, false
}

// found is the link of an intent whose ticket was found, and of which so much is unmet.
func (m *maker) found(l ticket.Link, s ticket.Seen, unmet ...ticket.Unmet) ticket.Link {
	l.State, l.Ref, l.Name, l.URL, l.Tracker = ticket.StateFiled, s.Ref, s.Name, s.URL, s.Tracker
	l.Got, l.Created, l.Until = gotMeanwhile(l.Asked, s.Fields), m.in.Now, time.Time{}
	l.Asked, l.Basis, l.Unmet = Refused(l.Asked, l.Basis, append(unmet, Dropped(l.Asked, s.Fields)...), m.in.Now, Bases{Values: m.in.Policy.Basis})
	m.learn(l)
	m.note(l.Key, "found", s.Name+" was filed before percolate was cut off")
	return l
}

// unhung tells whether a ticket that was found is below no parent: its create was cut
// off between filing it and putting it there.
func (m *maker) unhung(d *document, w ticket.Wanted, s ticket.Seen) []ticket.Unmet {
	if s.Parent != "" || m.parentRef(d, w, s.Tracker) == "" {
		return nil
	}
	return []ticket.Unmet{{Field: ticket.FieldParent, Value: m.parentNow(d).Name, Reason: "percolate was cut off before it was put below its parent", Again: true}}
}

// gotMeanwhile is what a tracker answered to a create whose answer was lost or
// forgotten, as far as that can be told from a later read: a value that does not
// resemble what was asked is a person's, who had time to change it.
func gotMeanwhile(asked, seen ticket.Fields) ticket.Fields {
	got := seen.Sum()
	for _, f := range ticket.AllFields() {
		if f != ticket.FieldLabels && seen.Text(f) != "" && !resembles(f, asked, seen) {
			got.Take(f, asked)
		}
	}
	return got
}

// claim makes a recovered link the action's own. What had been asked is not known any
// more, so the tracker's values stand; those that differ from the document's count as
// people's, and a later change of the document to them is a conflict.
func (m *maker) claim(w ticket.Wanted, l ticket.Link) ticket.Link {
	l.State, l.ActionID, l.Text, l.Owners = ticket.StateFiled, w.ActionID, w.Text, w.Owners
	l.Asked, l.Basis = w.Fields.Sum(), w.Basis
	seen := m.known(l).Seen.Fields
	l.Got = gotMeanwhile(l.Asked, seen)
	m.learn(l)
	text := l.Name + " was found by its marker"
	for _, f := range ticket.AllFields() {
		if f != ticket.FieldBody && f != ticket.FieldLabels && !resembles(f, l.Asked, seen) {
			text += fmt.Sprintf("; %s stays %s", f, quote(seen.Text(f)))
		}
	}
	m.note(l.Key, "recovered", text)
	return l
}

func (m *maker) known(l ticket.Link) ticket.Known {
	a := ticket.Address{Tracker: l.Tracker, Ref: l.Ref}
	if seen, ok := m.adopting[a]; ok {
		return ticket.Known{Seen: seen}
	}
	known := m.in.Known[a]
	if m.anothers(l, known.Seen.Key) {
		return ticket.Known{Seen: ticket.Seen{Deleted: true}, Gone: known.Seen.AsOf}
	}
	return known
}

// anothers reports whether what stands under a link's ref now is the ticket of another
// link, whose marker it has. The link's own ticket is no more then: some servers give the
// number of one that was deleted to the next one that is filed.
func (m *maker) anothers(l ticket.Link, marker ticket.Key) bool {
	if marker == (ticket.Key{}) || marker == l.Key || l.State != ticket.StateFiled {
		return false
	}
	other, ok := m.link(marker)
	return ok && other.Tracker == l.Tracker && (other.Owns() && other.Ref == l.Ref || other.State == ticket.StateIntent)
}

// others lists the tickets that carry the link's marker beside its own.
func (m *maker) others(l ticket.Link) []ticket.Seen {
	var out []ticket.Seen
	for _, a := range m.marked[l.Key] {
		if a.Tracker != l.Tracker || a.Ref != l.Ref {
			out = append(out, m.in.Known[a].Seen)
		}
	}
	return out
}

// open reports whether the tracker of a link's ticket is configured and was read.
func (m *maker) open(place ticket.Place, l ticket.Link) bool {
	if _, ok := m.in.Trackers[l.Tracker]; !ok {
		m.find(ticket.Finding{
			Kind: ticket.FindUnmapped, Key: l.Key, Tracker: l.Tracker, Ref: l.Ref, Name: l.Name, Place: place,
			Text: l.Name + " is on " + l.Tracker + ", which is not configured any more", Mend: "configure " + l.Tracker + " again",
		})
		return false
	}
	return !m.unread(l.Key, l.Tracker)
}

// moved is the link of a ticket that is gone while exactly one other carries its
// marker: it went elsewhere, and is followed.
func (m *maker) moved(l ticket.Link) (ticket.Link, bool) {
	others := m.others(l)
	if !l.HasTicket() || m.known(l).Gone.IsZero() || len(others) != 1 {
		return l, false
	}
	s := others[0]
	l.Tracker, l.Ref, l.Name, l.URL = s.Tracker, s.Ref, s.Name, s.URL
	return l, true
}

// reach tells whether the link's ticket may be written, and says why when it may not.
func (m *maker) reach(place ticket.Place, l ticket.Link) (ticket.Link, bool) {
	now, moved := m.moved(l)
	if !m.open(place, now) {
		return l, false
	}
	if moved {
		m.note(l.Key, "moved", l.Name+" is now "+now.Name)
		m.learn(now)
		return now, true
	}
	known, others := m.known(l), m.others(l)
	broken := m.in.Broken[ticket.Address{Tracker: l.Tracker, Ref: l.Ref}]
	switch {
	case broken != "":
		m.find(ticket.Finding{
			Kind: ticket.FindUnread, Key: l.Key, Ref: l.Ref, Name: l.Name, Place: place,
			Text: "it is there and cannot be read: " + broken, Mend: "mend the ticket; nothing is written to it meanwhile",
		})
	case len(others) > 0:
		m.find(ticket.Finding{
			Kind: ticket.FindDuplicate, Key: l.Key, Tracker: l.Tracker, Ref: l.Ref, Name: l.Name, Place: place,
			Text: l.Name + " and " + others[0].Name + " carry the same marker; nothing more is written to either",
			Mend: "delete one of them, or take the marker out of it",
		})
	case !known.Gone.IsZero():
		m.find(ticket.Finding{
			Kind: ticket.FindGone, Key: l.Key, Tracker: l.Tracker, Ref: l.Ref, Name: l.Name, Place: place,
			Text: l.Name + " " + Lost(known) + " since " + known.Gone.UTC().Format(time.DateOnly),
			Mend: "percolate resolve " + ShellWord(l.Key.String()) + " ticket --keep tracker (let it go) | document (file it again)",
		})
	case known.Seen.Ref == "":
		m.note(l.Key, "unread", l.Name+" has not been read yet")
	case known.Misses > 0:
		m.note(l.Key, "missed", l.Name+" was not found when last read; it is read again before anything is said of it")
	default:
		return l, true
	}
	return l, false
}

// Lost says what became of a ticket that is gone, as far as its tracker tells.
func Lost(k ticket.Known) string {
	if k.Seen.Deleted {
		return "is deleted"
	}
	return "is deleted or not visible to us"
}

// compare decides the fields of a ticket that is there.
func (m *maker) compare(d *document, w ticket.Wanted, l ticket.Link) {
	seen := m.known(l).Seen
	info := m.in.Trackers[l.Tracker]
	dec := decision{
		wanted: able(w, info), link: l, seen: seen, policy: m.in.Policy, opts: m.in.Options, now: m.in.Now,
		fixed: !info.KindChanges,
	}
	dec.follow(d.tree.Path, w, seen)
	if l.State == ticket.StateAdopted && l.Trying.Parent != "" && seen.Parent == "" {
		m.below(d, w, dec)
		return
	}
	dec.settleTrying()
	if l.State == ticket.StateFiled {
		dec.decide()
	}
	m.hang(d, w, &dec)
	m.plan.Findings = append(m.plan.Findings, dec.findings...)
	back := !l.Retired.IsZero()
	if back {
		dec.link.Retired = time.Time{}
		dec.learned = true
	}
	switch {
	case back && !seen.Status.Finished():
		dec.patch.Comment = restoredComment(l)
		m.plan.Steps = append(m.plan.Steps, Step{
			Op: Restore, Tracker: l.Tracker, Link: dec.link, Wanted: dec.wanted, Patch: dec.patch, Changes: dec.changes,
			Hung: m.hung(d), Reason: "the action is back in the document",
		})
	case !dec.patch.IsZero():
		m.plan.Steps = append(m.plan.Steps, Step{
			Op: Update, Tracker: l.Tracker, Link: dec.link, Wanted: dec.wanted, Patch: dec.patch, Changes: dec.changes,
			Parent: dec.patch.Parent, Hung: m.hung(d), Reason: dec.reason,
		})
	case dec.learned:
		m.learn(dec.link)
	}
}

// hang plans to put a ticket below its document's parent where that failed when it was
// filed or adopted. Where a person has put it below any, that stands.
func (m *maker) hang(d *document, w ticket.Wanted, dec *decision) {
	u, ok := dec.link.UnmetOf(ticket.FieldParent)
	if !ok {
		return
	}
	ref := m.parentRef(d, w, dec.link.Tracker)
	switch {
	case dec.seen.Parent != "":
		dec.settled(ticket.FieldParent)
	case ref == "", m.parentBlocks(d, w) != "", dec.tooEarly(u, u.Value, hangs(m.hung(d), dec.seen.Name)):
		dec.unmet(u)
	default:
		dec.patch.Parent = ref
		dec.reason = cmp.Or(dec.reason, "it was filed and is not below its parent yet")
		dec.changes = append(dec.changes, Change{Field: ticket.FieldParent, To: m.parentNow(d).Name})
	}
}

// hung is what a place below the document's ticket goes by: a tracker that refused it may
// grant it once that ticket is elsewhere, or is finished no more; or once the one that is
// to be put there is elsewhere itself.
func (m *maker) hung(d *document) string {
	if d.parent == nil {
		return ""
	}
	parent := m.known(m.parentNow(d)).Seen
	return ticket.Digest(m.in.Policy.Basis, parent.Name, strconv.FormatBool(parent.Status.Finished()))
}

// below plans once more to put an adopted ticket below its parent, which was begun and cut off.
func (m *maker) below(d *document, w ticket.Wanted, dec decision) {
	if m.topless(d, dec.link.Tracker) {
		dec.settleTrying()
		m.learn(dec.link)
		return
	}
	why := m.parentBlocks(d, w)
	if why == "" {
		m.plan.Steps = append(m.plan.Steps, Step{
			Op: Adopt, Tracker: dec.link.Tracker, Wanted: w, Link: dec.link, Below: true, Parent: m.parentRef(d, w, dec.link.Tracker), Hung: m.hung(d),
			Reason: "it was cut off before it was put below its parent",
		})
		return
	}
	m.note(w.Key, "waits", "not put below its parent yet: "+why)
	if dec.learned {
		m.learn(dec.link)
	}
}

// topless reports whether a document's tickets on a tracker are below none: its own was
// let go, or is elsewhere.
func (m *maker) topless(d *document, tracker string) bool {
	if d.parent == nil {
		return false
	}
	p := m.parentNow(d)
	return p.State == ticket.StateReleased || p.Owns() && p.Tracker != tracker
}

// follow takes over what may change without a decision: the words and place of the
// action, and the name under which its tracker shows the ticket.
func (d *decision) follow(path string, w ticket.Wanted, seen ticket.Seen) {
	l := &d.link
	same := l.Text == w.Text && l.Path == path && l.ActionID == w.ActionID && slices.Equal(l.Owners, w.Owners)
	if same && l.Name == seen.Name && l.URL == seen.URL {
		return
	}
	l.Text, l.Path, l.ActionID, l.Owners, l.Name, l.URL = w.Text, path, w.ActionID, w.Owners, seen.Name, seen.URL
	d.learned = true
}
