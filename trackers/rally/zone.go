package rally

import (
	"context"
	"sync"
	"time"
)

// zoned is the time zone of the workspace, once it is known.
type zoned struct {
	mu sync.Mutex // held while we ask
	in *time.Location
}

// known is the zone, nil while it is not known.
func (z *zoned) known() *time.Location {
	z.mu.Lock()
	defer z.mu.Unlock()
	return z.in
}

func (z *zoned) set(in *time.Location) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.in = in
}

// zone is the time zone of the workspace, in which Rally's dates are days.
func (t *Tracker) zone(ctx context.Context, op string) (*time.Location, error) {
	if t.opt.Zone != nil {
		return t.opt.Zone, nil
	}
	z := &t.zoned
	z.mu.Lock()
	defer z.mu.Unlock()
	if z.in != nil {
		return z.in, nil
	}
	w, err := t.workspace(ctx, op)
	if err != nil {
		return nil, err
	}
	z.in = time.UTC
	if loc, err := time.LoadLocation(w.Configuration.TimeZone); err == nil && w.Configuration.TimeZone != "" {
		z.in = loc
	}
	return z.in, nil
}

// recall takes a zone that was learned earlier, where none is known yet.
func (t *Tracker) recall(name string) {
	z := &t.zoned
	z.mu.Lock()
	defer z.mu.Unlock()
	if loc, err := time.LoadLocation(name); err == nil && name != "" && z.in == nil {
		z.in = loc
	}
}

type workspace struct {
	Name          string `json:"Name"`
	State         string `json:"State"`
	Configuration struct {
		TimeZone string `json:"TimeZone"`
	} `json:"WorkspaceConfiguration"`
}

func (t *Tracker) workspace(ctx context.Context, op string) (w workspace, err error) {
	err = t.readInto(ctx, op, "/workspace/"+t.opt.Workspace, "Name,State,WorkspaceConfiguration,TimeZone", &w)
	return w, err
}
