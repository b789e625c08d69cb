package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	persync "percolate/sync"
	"percolate/sync/plan"
)

// stopWithin is how long the pages of serve may take to end when it stops.
const stopWithin = 5 * time.Second

// pageWithin is how long one page may take to be read.
const pageWithin = 30 * time.Second

func (p *program) serveCommand() *cobra.Command {
	var json bool
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Sync again and again, until it is stopped",
		Long: `serve syncs and polls on an interval (serve.interval). A document that changed just
now is left alone until it has not changed for a while (serve.settle), so that
nothing is filed from half a sentence. What fails is told and tried again with the
next round; one document or tracker that fails does not hold the others back.

It never asks. A plan that is far larger than usual is held back until percolate
approve lets it go on. SIGTERM stops it between two writes.

Its log goes to standard error, one line an event. On serve.listen it answers
/healthz (200 while rounds end well, else 503 with the reason) and /metrics for
Prometheus.`,
		Example: `  percolate serve
  percolate serve --log-json`,
		Args: takes(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return p.serve(cmd.Context(), json) },
	}
	cmd.Flags().BoolVar(&json, "log-json", false, "log JSON instead of text")
	return cmd
}

func (p *program) serve(ctx context.Context, json bool) error {
	c, state, w, err := p.openWorker(ctx)
	if err != nil {
		return err
	}
	defer state.Close()
	s := &server{program: p, config: c, state: state, log: p.logger(json), watch: newWatch(p.now, 3*c.Serve.Interval, slices.Collect(maps.Keys(w.Trackers)), &p.requests)}
	stop, err := s.listen(ctx, c.Serve.Listen)
	if err != nil {
		return err
	}
	defer stop()
	for _, d := range c.exposed() {
		s.log.Warn("a file is open to others", "text", d.Text, "mend", d.Mend)
	}
	s.log.Info("serving", "config", c.file, "interval", c.Serve.Interval.String(), "listen", c.Serve.Listen)
	loop := persync.Loop{Worker: w, Load: s.load, Interval: c.Serve.Interval, Settle: c.Serve.Settle, Told: s.told, Ended: func(c persync.Cycle) {
		s.ended(c)
		s.writeBack(ctx, c)
	}}
	loop.Run(ctx)
	s.log.Info("stopped")
	return nil
}

// logger writes lines that harm no terminal, whatever documents and trackers say: the
// handlers escape line ends and control characters, but JSON not all of them.
func (p *program) logger(json bool) *slog.Logger {
	if json {
		return slog.New(slog.NewJSONHandler(p.stderr, &slog.HandlerOptions{ReplaceAttr: harmless}))
	}
	return slog.New(slog.NewTextHandler(p.stderr, nil))
}

func harmless(_ []string, a slog.Attr) slog.Attr {
	switch v := a.Value.Any().(type) {
	case string:
		a.Value = slog.StringValue(plan.Plain(v))
	case error:
		a.Value = slog.StringValue(plan.Plain(v.Error()))
	}
	return a
}

// server is a running percolate serve.
type server struct {
	*program
	config  *config
	state   persync.State
	library *library // as it was last read
	log     *slog.Logger
	watch   *watch
}

// load reads the documents anew, with the rules of the day.
func (s *server) load(ctx context.Context) (persync.Batch, error) {
	rules, err := s.newRules(s.config)
	if err != nil {
		return persync.Batch{}, err
	}
	l, err := s.config.readDocuments(ctx, rules, nil, true)
	if err != nil {
		return persync.Batch{}, err
	}
	s.library = l
	if l.faults != nil {
		s.log.Warn("some paths were not read", "error", l.faults)
	}
	b := persync.Batch{Documents: l, Whole: l.faults == nil, Versions: map[string]string{}, Changed: map[string]time.Time{}}
	for _, d := range l.documents {
		id := d.tree.Head.Document
		if id == "" || d.digest == "" {
			continue
		}
		b.Versions[id] = d.digest
		if info, err := os.Stat(d.name); err == nil {
			b.Changed[id] = info.ModTime()
		}
	}
	return b, nil
}

// told tells what was done to some of the documents, a line for each step.
func (s *server) told(r persync.Result) {
	for _, d := range r.Done {
		log := s.log.With("op", d.Step.Op, "document", d.Step.Link.Key.Document, "action", d.Step.Link.Key.Action, "tracker", d.Step.Tracker, "ticket", d.Name)
		if d.Err != nil {
			log.Warn("not done", "error", d.Err)
		} else {
			log.Info("done")
		}
	}
}

// ended tells of a round: a line for each new finding, and one for the whole.
func (s *server) ended(c persync.Cycle) {
	fresh := s.watch.ended(c)
	for _, f := range fresh {
		s.log.Warn("finding", "kind", f.Kind, "document", f.Key.Document, "action", f.Key.Action, "tracker", f.Tracker, "ticket", f.Name, "text", f.Text, "mend", f.Mend)
	}
	documents := 0
	for range c.Heads() {
		documents++
	}
	took := c.Ended.Sub(c.Begun).Round(time.Millisecond)
	switch {
	case errors.Is(c.Err, context.Canceled):
		s.log.Info("round cut short", "took", took)
	case c.Err != nil:
		s.log.Error("round failed", "error", c.Err, "took", took)
	default:
		s.log.Info("round ended", "documents", documents, "steps", c.Result.Steps, "findings", len(c.Result.Findings), "left_alone", len(c.Left), "took", took)
	}
}

// listen answers on address until stop is called; "" answers nowhere.
func (s *server) listen(ctx context.Context, address string) (stop func(), err error) {
	if address == "" {
		return func() {}, nil
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("serve.listen %s: %w", address, err)
	}
	if host, _, _ := net.SplitHostPort(listener.Addr().String()); !net.ParseIP(host).IsLoopback() {
		s.log.Warn("health and metrics can be read from other machines, without any password", "listen", listener.Addr().String())
	}
	s.log.Info("listening", "address", listener.Addr().String())
	mux := http.NewServeMux()
	mux.Handle("GET /healthz", http.HandlerFunc(s.watch.health))
	mux.Handle("GET /metrics", s.watch.metrics())
	web := &http.Server{
		Handler: mux, ReadHeaderTimeout: stopWithin, ReadTimeout: stopWithin, WriteTimeout: pageWithin, IdleTimeout: time.Minute,
		MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("health and metrics ended", "error", err)
		}
	}()
	return func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
		defer cancel()
		_ = web.Shutdown(ending)
		<-done
	}, nil
}
