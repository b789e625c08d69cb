// Package memory is a tracker that lives in memory: the reference of what the port
// means, and by options the nastiest tracker that the port allows. It cuts, wraps and
// drops values, hides new tickets from its search, refuses single tickets and loses
// answers, and it lets tests do what people do. It keeps nothing, and takes part in
// no real configuration.
package memory

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"percolate/ticket"
	"percolate/trackers"
)

// Options make a tracker nasty. The zero Options make a kind one, with a clock that
// moves on by a second with every write.
type Options struct {
	Name    string           // as configured; "memory" when empty
	Project string           // the start of every ticket's name; "MEM" when empty
	Public  bool             // see [trackers.Info]
	Now     func() time.Time // the clock
	Seed    uint64           // of everything that looks random

	TitleMax    int                               // titles are cut to so many runes; 0 keeps them
	Wrap        int                               // blocks are wrapped to lines of so many bytes; 0 keeps them
	LowerLabels bool                              // labels are stored in lower case
	Drop        []ticket.Field                    // these fields are never stored, and nobody is told
	Rewrite     func(*ticket.Fields)              // changes what is stored, after all of the above
	Accounts    []string                          // the only accounts that can be assigned; nil for any
	Refuse      func(key ticket.Key) (why string) // refuses a creation for good when it says why

	NoPriorities bool
	NoDue        bool
	FixedKinds   bool // a filed ticket's kind stays

	FindLag time.Duration // how long a new ticket stays invisible to Find and Changed
	Flap    bool          // while it does, it is seen now and then
	Batch   int           // tickets that one Create takes; 50 when 0
	Page    int           // tickets on one page of Changed; 100 when 0
	Census  bool          // Changed lists every ticket that its search sees

	// Fault, when set, is called before and after each effect and says what goes wrong
	// there. It may call any method of the tracker, so that people can act between a
	// read and the write that follows, and it may end the caller's context.
	Fault func(m Moment, n int) Fault
}

// Moment is a point of an operation at which something can go wrong.
type Moment string

// The moments. One Create has a pair of them for each of its tickets. The number that
// goes with a moment counts from 1 for each of them.
const (
	BeforeFind    Moment = "before find"
	BeforeGet     Moment = "before get"
	BeforeChanged Moment = "before changed" // each page
	BeforeCreate  Moment = "before create"
	AfterCreate   Moment = "after create"
	BeforeUpdate  Moment = "before update"
	AfterUpdate   Moment = "after update"
)

// Fault is what goes wrong; the zero Fault is nothing. Before an effect the operation
// ends with the code and nothing is done. After it, what was done stays done and
// only the answer is lost, which wants the code [trackers.UnknownOutcome].
type Fault struct {
	Code  trackers.Code
	After time.Duration // see [trackers.Error]
}

// Tracker is the tracker. It is safe for concurrent use.
type Tracker struct {
	opt Options

	mu      sync.Mutex
	tickets []*Ticket             // in the order of their creation
	names   map[ticket.Ref]string // refs, names and earlier names, to refs
	moments map[Moment]int
	creates map[ticket.Key]int
	clock   int // seconds since the start, for the built-in clock
	serial  int // of the last change
	finds   int // for flapping
}

// New makes an empty tracker.
func New(opt Options) *Tracker {
	if opt.Name == "" {
		opt.Name = "memory"
	}
	if opt.Project == "" {
		opt.Project = "MEM"
	}
	if opt.Batch == 0 {
		opt.Batch = 50
	}
	if opt.Page == 0 {
		opt.Page = 100
	}
	return &Tracker{
		opt:     opt,
		names:   make(map[ticket.Ref]string),
		moments: make(map[Moment]int),
		creates: make(map[ticket.Key]int),
	}
}

// Info tells the limits and abilities that the options left.
func (t *Tracker) Info() trackers.Info {
	return trackers.Info{
		Name:        t.opt.Name,
		Type:        "memory",
		Where:       "memory, project " + t.opt.Project,
		Public:      t.opt.Public,
		Batch:       t.opt.Batch,
		GetBatch:    100,
		Parallel:    4,
		FindLag:     t.opt.FindLag,
		Priorities:  !t.opt.NoPriorities,
		Due:         !t.opt.NoDue,
		KindChanges: !t.opt.FixedKinds,
		Recognise:   t.recognise,
	}
}

// urlOf is where people would find the ticket of that name.
func (t *Tracker) urlOf(name string) string {
	return "https://" + t.opt.Name + ".example/browse/" + name
}

// recognise knows the names and addresses of the project's tickets.
func (t *Tracker) recognise(text string) (ticket.Ref, bool) {
	name := strings.TrimPrefix(strings.TrimSpace(text), t.urlOf(""))
	number, ok := strings.CutPrefix(name, t.opt.Project+"-")
	if !ok || number == "" || strings.Trim(number, "0123456789") != "" {
		return "", false
	}
	return ticket.Ref(name), true
}

// now is the time of the clock in the options, or else of the built-in one.
func (t *Tracker) now() time.Time {
	if t.opt.Now != nil {
		return t.opt.Now()
	}
	return time.Date(2026, 1, 5, 8, 0, t.clock, 0, time.UTC)
}

func (t *Tracker) fail(op string, code trackers.Code, format string, args ...any) error {
	return &trackers.Error{Tracker: t.opt.Name, Op: op, Code: code, Err: fmt.Errorf(format, args...)}
}
