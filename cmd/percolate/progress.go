package main

import (
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	persync "percolate/sync"
)

// progressDelay is how long a run may take before it shows how far it is.
const progressDelay = 500 * time.Millisecond

// showProgress draws a bar on a terminal for as long as the worker writes. The returned
// function takes it away.
func (p *program) showProgress(w *persync.Worker) (end func()) {
	if kind, _ := p.env("TERM"); !isTerminal(p.stderr) || kind == "dumb" {
		return func() {}
	}
	wait := make(chan struct{})
	timer := time.AfterFunc(progressDelay, func() { close(wait) })
	all := mpb.New(mpb.WithOutput(p.stderr), mpb.WithWidth(40), mpb.WithRenderDelay(wait))
	bar := all.AddBar(0, mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.CountersNoUnit("%d of %d steps ")),
		mpb.AppendDecorators(decor.AverageETA(decor.ET_STYLE_GO)),
	)
	w.Progress = func(done, total int) {
		bar.SetTotal(int64(total), false)
		bar.SetCurrent(int64(done))
	}
	return func() {
		if timer.Stop() {
			close(wait)
		}
		bar.Abort(true)
		all.Wait()
	}
}
