package sync

import (
	"context"
	"iter"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// spread does all pieces of work, so many at once as a tracker allows. After one has
// failed, or when ctx is done, no further one is begun; those that were are ended.
func spread[T any](ctx context.Context, most int, pieces iter.Seq[T], do func(T) error) error {
	var group errgroup.Group
	var failed atomic.Bool
	var cut error
	group.SetLimit(max(most, 1))
	for piece := range pieces {
		if cut = ctx.Err(); cut != nil || failed.Load() {
			break
		}
		group.Go(func() error {
			err := do(piece)
			if err != nil {
				failed.Store(true)
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return cut
}
