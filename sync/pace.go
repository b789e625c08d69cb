package sync

import "context"

// inPace waits until the tracker lets so many more tickets through, and keeps the lease
// meanwhile. It is done before anything of them is begun, so that a run that is stopped
// while it waits leaves nothing behind.
func (r *run) inPace(ctx context.Context, tracker string, tickets int) error {
	pause := r.w.Trackers[tracker].Info().Pace.Pause
	if pause == nil || r.w.Wait == nil {
		return nil
	}
	for d := pause(tickets); d > 0; d = pause(tickets) {
		if err := r.w.Wait(ctx, min(d, r.w.ttl()/4)); err != nil {
			return err
		}
		_, cancel, err := r.mayWrite(ctx, tracker)
		if err != nil {
			return err
		}
		cancel()
	}
	return nil
}
