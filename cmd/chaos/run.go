package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// run is one world: its documents and their authors, a tracker and its people, a state,
// and the processes of percolate that come and go. All but timing follows from the seed.
type run struct {
	ctx     context.Context
	kind    kind
	seed    uint64
	dice    *rand.Rand
	dir     string
	program string
	clock   *clock
	tracker tracker
	disk    *disk
	docs    []*document
	ledger  *ledger
	journal *os.File
	fired   chan string // names of faults that the network carried out
	counts  counts
	// pauses are when a process was suspended, by its id.
	pauses map[int]window
	// duplicates are the documents of which percolate ever said that two tickets serve one key.
	duplicates map[string]bool
	found      []string
	alone      bool // one process at a time runs just now
}

// newRun makes the world.
func newRun(ctx context.Context, k kind, seed uint64, program, dir string) (*run, error) {
	r := &run{
		ctx: ctx, kind: k, seed: seed, dice: rand.New(rand.NewPCG(seed, 0x5eed)), dir: dir, program: program,
		ledger: newLedger(), fired: make(chan string, 1000), counts: counts{}, duplicates: map[string]bool{}, pauses: map[int]window{},
	}
	for _, folder := range []string{"pers", "state"} {
		if err := os.MkdirAll(r.path(folder), 0o755); err != nil {
			return nil, err
		}
	}
	var err error
	if r.journal, err = os.Create(r.path("journal")); err != nil {
		return nil, err
	}
	if r.clock, err = newClock(r.path("clock")); err != nil {
		return nil, err
	}
	if r.disk, err = newDisk(r.path("state")); err != nil {
		return nil, err
	}
	if r.tracker, err = k.start(ctx, r); err != nil {
		r.disk.close()
		return nil, err
	}
	for n := range 1 + r.dice.IntN(3) {
		d := newDocument(r.dice, n+1)
		r.docs = append(r.docs, d)
		if err := d.write(r.path("pers")); err != nil {
			return nil, err
		}
	}
	return r, os.WriteFile(r.path("percolate.yaml"), []byte(r.config()), 0o644)
}

// config is percolate.yaml: nothing is held back, since how much is written at once is
// chance here.
func (r *run) config() string {
	var b strings.Builder
	b.WriteString("documents: {paths: [pers], time_zone: UTC}\nstate: {path: state/percolate.db}\ntrackers:\n" + r.tracker.section())
	b.WriteString("people:\n")
	for _, name := range owners() {
		b.WriteString("  - {name: " + name)
		if account := r.kind.accounts[name]; account != "" {
			b.WriteString(", accounts: [{tracker: work, account: " + account + "}]")
		}
		b.WriteString("}\n")
	}
	b.WriteString("policy: {guard: {creations: 0, change_percent: 0}}\n")
	return b.String()
}

func (r *run) path(parts ...string) string {
	return filepath.Join(append([]string{r.dir}, parts...)...)
}

func (r *run) close() {
	r.tracker.close()
	if r.disk.mounted && len(r.found) > 0 {
		_ = os.CopyFS(r.path("state-kept"), os.DirFS(r.path("state")))
	}
	r.disk.close()
	_ = r.journal.Close()
}

// logf notes what happened, for a person who has to find the fault.
func (r *run) logf(format string, args ...any) {
	fmt.Fprintf(r.journal, time.Now().Format("15:04:05.000000 ")+format+"\n", args...)
}

// happened counts a fault that was carried out. It may be called from anywhere.
func (r *run) happened(name string) {
	select {
	case r.fired <- name:
	default:
	}
}

// tellFaults counts what happened since the last time.
func (r *run) tellFaults() {
	for {
		select {
		case name := <-r.fired:
			r.counts["fault: "+name]++
			r.logf("fault: %s", name)
		default:
			return
		}
	}
}

// violate notes a promise that was not kept.
func (r *run) violate(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	r.logf("VIOLATION: %s", text)
	r.found = append(r.found, text)
}
