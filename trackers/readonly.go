package trackers

import (
	"context"
	"errors"

	"percolate/ticket"
)

// ReadOnly is t without its writes: Create and Update are refused as [Denied] and
// never reach it.
func ReadOnly(t Tracker) Tracker { return readOnly{t} }

type readOnly struct{ Tracker }

// Create refuses every ticket.
func (r readOnly) Create(_ context.Context, batch []Creation) []Created {
	refused := make([]Created, len(batch))
	for i := range refused {
		refused[i].Err = r.refusal("create")
	}
	return refused
}

// Update refuses the patch.
func (r readOnly) Update(context.Context, ticket.Seen, ticket.Patch) (ticket.Seen, []ticket.Unmet, error) {
	return ticket.Seen{}, nil, r.refusal("update")
}

func (r readOnly) refusal(op string) error {
	return &Error{Tracker: r.Info().Name, Op: op, Code: Denied, Err: errors.New("only reading is allowed")}
}
