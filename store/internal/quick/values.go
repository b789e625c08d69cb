package quick

import "percolate/ticket"

// link reads a link. What few links have, such as what is unmet or tried, is odd.
func (s *scan) link(l *ticket.Link) {
	s.object(func(name []byte) {
		switch string(name) {
		case "key":
			s.key(&l.Key)
		case "action_id":
			l.ActionID = s.shared()
		case "text":
			l.Text = s.text()
		case "path":
			l.Path = s.shared()
		case "owners":
			l.Owners = s.list()
		case "tracker":
			l.Tracker = s.shared()
		case "ref":
			l.Ref = ticket.Ref(s.text())
		case "name":
			l.Name = s.text()
		case "url":
			l.URL = s.text()
		case "state":
			l.State = ticket.State(s.shared())
		case "asked":
			s.fields(&l.Asked, ticket.Fields{Title: l.Text})
		case "got":
			s.fields(&l.Got, l.Asked)
		case "basis":
			s.basis(l)
		default:
			s.linkTail(l, name)
		}
	})
}

func (s *scan) linkTail(l *ticket.Link, name []byte) {
	switch string(name) {
	case "intended":
		l.Intended = s.instant()
	case "until":
		l.Until = s.instant()
	case "created":
		l.Created = s.instant()
	case "retired":
		l.Retired = s.instant()
	case "retires":
		l.Retires = s.number()
	case "of":
		s.key(&l.Of)
	case "told":
		l.Told = s.truth()
	case "priority":
		l.Priority = s.priority()
	case "due":
		l.Due = ticket.Day(s.shared())
	default:
		s.odd = true
	}
}

func (s *scan) seen(t *ticket.Seen) {
	s.object(func(name []byte) {
		switch string(name) {
		case "tracker":
			t.Tracker = s.shared()
		case "ref":
			t.Ref = ticket.Ref(s.text())
		case "name":
			t.Name = s.text()
		case "url":
			t.URL = s.text()
		case "key":
			s.key(&t.Key)
		case "parent":
			t.Parent = ticket.Ref(s.shared())
		case "fields":
			s.fields(&t.Fields, ticket.Fields{})
		case "status":
			t.Status = ticket.Status(s.shared())
		case "word":
			t.Word = s.shared()
		case "updated":
			t.Updated = s.instant()
		case "moved":
			t.Moved = s.instant()
		case "as_of":
			t.AsOf = s.instant()
		case "ours":
			t.Ours = s.truth()
		default:
			s.odd = true
		}
	})
}

// fields reads values that are mostly those that were read before.
func (s *scan) fields(f *ticket.Fields, before ticket.Fields) {
	s.object(func(name []byte) {
		switch string(name) {
		case "kind":
			f.Kind = ticket.Kind(s.shared())
		case "title":
			f.Title = s.like(before.Title)
		case "body":
			f.Body = s.like(before.Body)
		case "labels":
			f.Labels = s.list()
		case "priority":
			f.Priority = s.priority()
		case "due":
			f.Due = ticket.Day(s.shared())
		case "assignees":
			f.Assignees = s.list()
		default:
			s.odd = true
		}
	})
}

func (s *scan) key(k *ticket.Key) {
	s.object(func(name []byte) {
		switch string(name) {
		case "document":
			k.Document = s.shared()
		case "action":
			k.Action = s.shared()
		default:
			s.odd = true
		}
	})
}

func (s *scan) basis(l *ticket.Link) {
	if l.Basis == nil {
		l.Basis = make(map[ticket.Field]string, len(ticket.AllFields()))
	}
	s.object(func(name []byte) { l.Basis[ticket.Field(s.known(name))] = s.shared() })
}

func (s *scan) priority() ticket.Priority {
	p, _ := ticket.ParsePriority(s.shared())
	return p
}
