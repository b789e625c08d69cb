package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"percolate/store"
	persync "percolate/sync"
	"percolate/ticket"
)

// When this is set, the test program is a process of [TestProcessesShareAFile] and
// works on that file.
const fileVariable = "PERCOLATE_TEST_STATE"

func TestMain(m *testing.M) {
	if path := os.Getenv(fileVariable); path != "" {
		os.Exit(process(path))
	}
	os.Exit(m.Run())
}

// Several processes open a file that is not there yet and count in the same
// documents. If ever a stale holder could write, a count would be lost.
func TestProcessesShareAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "percolate.db")
	const processes = 4
	var group sync.WaitGroup
	answers := make([]tally, processes)
	for i := range processes {
		group.Go(func() {
			cmd := exec.CommandContext(t.Context(), os.Args[0], strconv.Itoa(i))
			cmd.Env = append(os.Environ(), fileVariable+"="+path)
			cmd.Stderr = t.Output()
			answer, err := cmd.Output()
			if err != nil {
				t.Errorf("process %d: %v", i, err)
			} else if err := json.Unmarshal(answer, &answers[i]); err != nil {
				t.Errorf("process %d: %v in %q", i, err, answer)
			}
		})
	}
	group.Wait()
	db := open(t, path)
	wantCounts(t, db, answers)
	if err := db.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// The same within one process, where the race detector sees it.
func TestConnectionsShareAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "percolate.db")
	states := []*store.DB{open(t, path), open(t, path)}
	answers := make([]tally, 4)
	var group sync.WaitGroup
	for i := range answers {
		group.Go(func() {
			var err error
			if answers[i], err = count(t.Context(), states[i%2], i); err != nil {
				t.Errorf("worker %d: %v", i, err)
			}
		})
	}
	group.Wait()
	wantCounts(t, states[0], answers)
}

// process is the main function of one of the processes.
func process(path string) int {
	number, err := strconv.Atoi(os.Args[len(os.Args)-1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	ctx := context.Background()
	db, err := tryOpen(ctx, path)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer db.Close()
	made, err := count(ctx, db, number)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if err := json.NewEncoder(os.Stdout).Encode(made); err != nil {
		return 1
	}
	return 0
}

// tally is what one worker did.
type tally struct {
	Counted int // saves that were accepted
	Fenced  int // saves that were refused, since another had taken the document over
	Busy    int
}

const counted = "PER-1"

// count takes short leases, often outlives them, and each time adds one to what it read
// under its lease.
func count(ctx context.Context, db *store.DB, worker int) (tally, error) {
	random := rand.New(rand.NewPCG(1, uint64(worker)))
	var made tally
	for range 60 {
		lease, err := db.Lease(ctx, []string{counted}, fmt.Sprint("worker ", worker), time.Duration(random.IntN(4))*time.Millisecond)
		if _, busy := errors.AsType[*persync.BusyError](err); busy {
			made.Busy++
			time.Sleep(time.Millisecond)
			continue
		}
		if err != nil {
			return made, err
		}
		before, err := read(ctx, db)
		if err != nil {
			return made, err
		}
		time.Sleep(time.Duration(random.IntN(5)) * time.Millisecond) // suspended, at times past the lease
		err = db.Save(ctx, lease, []ticket.Link{{Key: ticket.Key{Document: counted}, Retires: before + 1}})
		switch {
		case errors.Is(err, persync.ErrFenced):
			made.Fenced++
		case err != nil:
			return made, err
		default:
			made.Counted++
		}
		if err := db.Release(ctx, lease); err != nil {
			return made, err
		}
	}
	return made, nil
}

// read is the number that the document's link holds.
func read(ctx context.Context, db persync.State) (int, error) {
	links, err := db.Links(ctx, counted)
	if err != nil || len(links) == 0 {
		return 0, err
	}
	return links[0].Retires, nil
}

// wantCounts checks that no count was lost, and that there was a quarrel at all.
func wantCounts(t *testing.T, db *store.DB, answers []tally) {
	t.Helper()
	var sum tally
	for _, a := range answers {
		sum.Counted, sum.Fenced, sum.Busy = sum.Counted+a.Counted, sum.Fenced+a.Fenced, sum.Busy+a.Busy
	}
	stands, err := read(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", sum)
	if stands != sum.Counted {
		t.Errorf("%d stands, but %d counts were accepted", stands, sum.Counted)
	}
	if sum.Fenced == 0 || sum.Counted == 0 {
		t.Errorf("the workers did not meet: %+v", sum)
	}
}
