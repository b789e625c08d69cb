package report

import (
	"math"
	"slices"
)

// Spread tells how values are spread. It has no mean: that of a few long and many short
// values is the value of none. Percentiles are values that are there (nearest rank).
type Spread struct {
	N      int   `json:"n"`
	Min    int64 `json:"min"`
	Median int64 `json:"median"`
	P90    int64 `json:"p90"`
	Max    int64 `json:"max"`
}

func spreadOf(values []int64) Spread {
	if len(values) == 0 {
		return Spread{}
	}
	sorted := slices.Sorted(slices.Values(values))
	rank := func(share float64) int64 { return sorted[max(int(math.Ceil(share*float64(len(sorted))))-1, 0)] }
	return Spread{N: len(sorted), Min: sorted[0], Median: rank(0.5), P90: rank(0.9), Max: sorted[len(sorted)-1]}
}
