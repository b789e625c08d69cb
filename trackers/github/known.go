package github

import (
	"strings"
	"sync"
	"time"
)

// known is what we learned of the repository. It is a memory only: what is forgotten is
// asked for again.
type known struct {
	mu         sync.Mutex
	noGraph    error             // why GraphQL is not to be had
	repoNode   string            // of our repository
	labels     map[string]string // node ids by name in lower case; "" where only REST told
	people     map[string]person // by login in lower case
	milestones map[string]milestone
	fields     map[string]field // by name in lower case; nil until asked
	nodes      map[string]place // places with their node, by the name that people use
	noTree     bool             // the server has no sub-issues
	full       map[string]bool  // nodes of parents that take no more sub-issues
}

// person is whether somebody can be assigned.
type person struct {
	login string // as its owner writes it
	node  string // "" where only REST told
	can   bool
	at    time.Time
}

type milestone struct {
	Number int    `json:"number"`
	Node   string `json:"node_id"`
	Title  string `json:"title"`
	Due    string `json:"due_on"`
}

// field is an issue field of the organisation.
type field struct {
	ID      int64  `json:"id"`
	Name    string `json:"name"`
	Type    string `json:"data_type"`
	Options []struct{ Name string }
}

func newKnown() known {
	return known{labels: map[string]string{}, people: map[string]person{}, nodes: map[string]place{}, full: map[string]bool{}}
}

func (k *known) refuseGraph(why error) { k.with(func() { k.noGraph = why }) }

func (k *known) graphRefused() (why error) {
	k.with(func() { why = k.noGraph })
	return why
}

func (k *known) with(do func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	do()
}

// forget drops what may be out of date, after GitHub knew nothing of something.
func (k *known) forget() {
	k.with(func() {
		k.labels, k.people, k.milestones, k.fields = map[string]string{}, map[string]person{}, nil, nil
	})
}

func (k *known) label(name string) (node string, ok bool) {
	k.with(func() { node, ok = k.labels[strings.ToLower(name)] })
	return node, ok
}

func (k *known) keepLabel(name, node string) {
	k.with(func() {
		if k.labels[strings.ToLower(name)] == "" {
			k.labels[strings.ToLower(name)] = node
		}
	})
}

// stale is how long it is believed that somebody cannot be assigned.
const stale = time.Hour

func (k *known) person(login string, now time.Time) (p person, ok bool) {
	k.with(func() { p, ok = k.people[strings.ToLower(login)] })
	return p, ok && (p.can || now.Sub(p.at) < stale)
}

func (k *known) keepPerson(asked string, p person) {
	k.with(func() { k.people[strings.ToLower(asked)] = p })
}

// keepPlaces remembers the nodes of issues, for those that are parents of others, and of
// the parents that are told with theirs: REST tells numbers alone.
func (k *known) keepPlaces(items []item) {
	k.with(func() {
		for _, it := range items {
			for _, p := range []place{it.parent, it.place} {
				if p.node != "" {
					k.nodes[strings.ToLower(p.name())] = p
				}
			}
		}
	})
}

func (k *known) node(p place) (q place, ok bool) {
	k.with(func() { q, ok = k.nodes[strings.ToLower(p.name())] })
	return q, ok
}
