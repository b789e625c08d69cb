// Command trackersim serves a simulated tracker, or a real Redmine of its own, for
// demonstrations, benchmarks and experiments: percolate files tickets in it as in a real
// one. It keeps nothing.
// /_sim/stats, /_sim/faults and /_sim/tickets show and change it while it runs.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "trackersim:", err)
		os.Exit(1)
	}
}

// simulator makes a handler from the flags that it adds.
type simulator func(flags *flag.FlagSet) func() (http.Handler, error)

func simulators(ctx context.Context, now func() time.Time) map[string]simulator {
	return map[string]simulator{"github": githubSimulator(now), "jira": jiraSimulator(now), "rally": rallySimulator(now), "redmine": redmineServer(ctx, now)}
}

// run serves the named simulator until ctx is done, and says where.
func run(ctx context.Context, args []string, out io.Writer) error {
	usage := errors.New("say which: trackersim github|jira|rally|redmine [--addr 127.0.0.1:8081] [--latency 20ms] ...; --help lists the flags")
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		return usage
	}
	var c clock
	make, ok := simulators(ctx, c.now)[args[0]]
	if !ok {
		return usage
	}
	flags := flag.NewFlagSet("trackersim "+args[0], flag.ContinueOnError)
	addr := flags.String("addr", "127.0.0.1:8081", "where to listen; port 0 takes a free one")
	latency := flags.Duration("latency", 0, "how long every answer of the tracker takes")
	ready := flags.String("ready", "", "a file to write the address to once it is served")
	build := make(flags)
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	handler, err := build()
	if err != nil {
		return err
	}
	if s, ok := handler.(io.Closer); ok {
		defer func() { _ = s.Close() }()
	}
	return serve(ctx, *addr, *ready, c.around(handler, *latency), out)
}

func serve(ctx context.Context, addr, ready string, handler http.Handler, out io.Writer) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	at := "http://" + l.Addr().String()
	fmt.Fprintln(out, at)
	if ready != "" {
		//nolint:gosec // whoever starts it chooses the file
		if err := os.WriteFile(ready, []byte(at+"\n"), 0o600); err != nil {
			return err
		}
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	stopped := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stopped()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
