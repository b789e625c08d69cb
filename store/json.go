package store

import (
	"encoding/json"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// list is texts as one argument of a query, for json_each to take apart: a query may
// have only so many arguments, and there may be more documents than that.
func list(texts []string) string {
	if texts == nil {
		texts = []string{} // an empty list; nil would be one null
	}
	b, _ := json.Marshal(texts) // cannot fail
	return string(b)
}

// decode reads one T from each body, on all processors, since that is most of the time
// that reading a large state takes.
func decode[T any](bodies [][]byte) ([]T, error) {
	values := make([]T, len(bodies))
	var group errgroup.Group
	share := max(100, len(bodies)/runtime.GOMAXPROCS(0)+1)
	for from := 0; from < len(bodies); from += share {
		group.Go(func() error {
			for i := from; i < min(from+share, len(bodies)); i++ {
				if err := json.Unmarshal(bodies[i], &values[i]); err != nil {
					return damaged("a body", err)
				}
			}
			return nil
		})
	}
	return values, group.Wait()
}
