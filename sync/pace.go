package sync

import "context"

// paceTries is how often a ticket is tried that a tracker refuses for now although it
// said that it was time, as it does when others use the same account.
const paceTries = 5

// patient reports whether the run waits for a tracker that lets few writes through.
func (r *run) patient(tracker string) bool {
	return r.w.Wait != nil && r.w.Trackers[tracker].Info().Pace.Pause != nil
}

// inPace waits until the tracker lets so many more tickets through, and keeps the lease
// meanwhile. It is done before anything of them is begun, so that a run that is stopped
// while it waits leaves nothing behind.
func (r *run) inPace(ctx context.Context, tracker string, tickets int) error {
	if !r.patient(tracker) {
		return nil
	}
	pause := r.w.Trackers[tracker].Info().Pace.Pause
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
