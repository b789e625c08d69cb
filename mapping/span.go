package mapping

import (
	"fmt"
	"math"
	"time"
)

// spanOf is d to the minute in its two largest units: "47 min", "2 h 5 min", "3 d 4 h".
func spanOf(d time.Duration) string {
	if d < 0 {
		return "-" + spanOf(-max(d, -math.MaxInt64)) // the least duration has no opposite
	}
	minutes := int64(d.Round(time.Minute) / time.Minute)
	hours := minutes / 60
	switch {
	case d < time.Minute && d%time.Minute != 0:
		return fmt.Sprintf("%d s", int64(d.Round(time.Second)/time.Second))
	case minutes < 60:
		return fmt.Sprintf("%d min", minutes)
	case hours < 24:
		return two(hours, "h", minutes%60, "min")
	}
	return two(hours/24, "d", hours%24, "h")
}

func two(a int64, unitA string, b int64, unitB string) string {
	if b == 0 {
		return fmt.Sprintf("%d %s", a, unitA)
	}
	return fmt.Sprintf("%d %s %d %s", a, unitA, b, unitB)
}
