package files

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// errLocked says that another process is writing.
var errLocked = errors.New("another process is writing")

// lockEvery is how often a writer asks for the lock that another process has.
const lockEvery = 10 * time.Millisecond

// lock opens the folder for writing, alone of all writers of this and other processes.
// It waits until ctx is done.
func (t *Tracker) lock(ctx context.Context) (d folder, unlock func(), err error) {
	select {
	case <-t.turn:
	case <-ctx.Done():
		return folder{}, nil, ctx.Err()
	}
	giveBack := func() { t.turn <- struct{}{} }
	if err := ctx.Err(); err != nil { // both were ready
		giveBack()
		return folder{}, nil, err
	}
	root, err := os.OpenRoot(t.opt.Dir)
	if err != nil {
		giveBack()
		return folder{}, nil, err
	}
	release, err := waitLock(ctx, root)
	if err != nil {
		_ = root.Close()
		giveBack()
		return folder{}, nil, fmt.Errorf("write into %s: %w", t.opt.Dir, err)
	}
	return folder{root, t.fault}, func() {
		release()
		_ = root.Close()
		giveBack()
	}, nil
}

func waitLock(ctx context.Context, root *os.Root) (release func(), err error) {
	wait := time.NewTicker(lockEvery)
	defer wait.Stop()
	for {
		release, err := tryLock(root, lockName)
		if !errors.Is(err, errLocked) {
			return release, err
		}
		select {
		case <-wait.C:
		case <-ctx.Done():
			return nil, fmt.Errorf("%w: %w", errLocked, ctx.Err())
		}
	}
}
