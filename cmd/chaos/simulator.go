package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// simulator is a tracker that is a simulated server in this process. People and the
// checker speak to it below /_sim/, and percolate through the network.
type simulator struct {
	address string // without the network between
	server  *http.Server
	network *network
	text    string // its section
	calm    string // the switches of a tracker in good order
}

// simulated serves a handler. The section has %s where the address belongs.
func simulated(ctx context.Context, r *run, handler http.Handler, section string) (*simulator, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &simulator{address: "http://" + l.Addr().String(), server: &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}}
	go s.server.Serve(l) //nolint:errcheck // it ends when it is closed
	if s.network, err = newNetwork(ctx, l.Addr().String(), r.happened); err != nil {
		return nil, err
	}
	s.text = fmt.Sprintf(section, "http://"+s.network.address())
	var calm json.RawMessage
	if err := s.ask(http.MethodGet, "faults", nil, &calm); err != nil {
		return nil, err
	}
	s.calm = string(calm)
	return s, nil
}

func (s *simulator) section() string { return s.text }
func (s *simulator) wire() *network  { return s.network }
func (s *simulator) mend() error     { return s.disturb(s.calm) }

func (s *simulator) close() {
	s.network.close()
	_ = s.server.Close()
}

func (s *simulator) disturb(switches string) error {
	return s.ask(http.MethodPut, "faults", strings.NewReader(switches), nil)
}

func (s *simulator) items() (all []item, err error) {
	err = s.ask(http.MethodGet, "tickets", nil, &all)
	return all, err
}

func (s *simulator) do(a act) (string, error) {
	body, err := json.Marshal(a)
	if err != nil {
		return "", err
	}
	var done act
	err = s.ask(http.MethodPost, "people", bytes.NewReader(body), &done)
	return done.Ref, err
}

// ask asks the simulator itself.
func (s *simulator) ask(method, what string, body io.Reader, answer any) error {
	req, err := http.NewRequestWithContext(context.Background(), method, s.address+"/_sim/"+what, body)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return err
	case resp.StatusCode == http.StatusNotImplemented:
		return errCannot
	case resp.StatusCode != http.StatusOK:
		return errors.New(method + " " + what + ": " + string(text))
	case answer == nil:
		return nil
	}
	return json.Unmarshal(text, answer)
}
