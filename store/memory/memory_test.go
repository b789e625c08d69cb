package memory_test

import (
	"testing"
	"time"

	"percolate/store/memory"
	"percolate/store/storetest"
	persync "percolate/sync"
)

func TestMemoryIsAState(t *testing.T) {
	storetest.Run(t, func(*testing.T) persync.State { return memory.New(time.Now) })
}
