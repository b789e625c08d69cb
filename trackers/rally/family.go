package rally

import (
	"slices"
	"sync"

	"percolate/ticket"
)

// families keep writes below one parent from meeting, of which Rally refuses one. Writes
// below different parents go beside each other.
type families struct {
	mu   sync.Mutex
	left *sync.Cond // some were unlocked
	busy map[ticket.Ref]bool
}

func newFamilies() *families {
	f := &families{busy: map[ticket.Ref]bool{}}
	f.left = sync.NewCond(&f.mu)
	return f
}

// lock locks some families until the returned function is called. It takes none before
// it can take all, so that nobody waits for who waits.
func (f *families) lock(parents ...ticket.Ref) (unlock func()) {
	parents = slices.DeleteFunc(slices.Clone(parents), func(p ticket.Ref) bool { return p == "" })
	f.mu.Lock()
	defer f.mu.Unlock()
	for slices.ContainsFunc(parents, func(p ticket.Ref) bool { return f.busy[p] }) {
		f.left.Wait()
	}
	for _, p := range parents {
		f.busy[p] = true
	}
	return func() { f.unlock(parents) }
}

func (f *families) unlock(parents []ticket.Ref) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, p := range parents {
		delete(f.busy, p)
	}
	f.left.Broadcast()
}
