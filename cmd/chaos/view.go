package main

import (
	"encoding/json"
	"errors"
	"strings"
)

// finding is one of those that percolate shows.
type finding struct {
	Kind string `json:"kind"`
	Key  struct {
		Document string `json:"document"`
		Action   string `json:"action"`
	} `json:"key"`
	Name  string `json:"name"`
	Field string `json:"field"`
	Text  string `json:"text"`
}

// report is what percolate report tells, as far as it is looked at.
type report struct {
	Actions []struct {
		Key    string   `json:"key"`
		Title  string   `json:"title"`
		Ref    string   `json:"ref"`
		Ticket string   `json:"ticket"`
		State  string   `json:"state"`
		Kinds  []string `json:"finding_kinds"`
	} `json:"actions"`
	Events   []reportEvent `json:"events"`
	Findings []finding     `json:"findings"`
}

type reportEvent struct {
	Document string `json:"document"`
	Parent   struct {
		Ticket string `json:"ticket"`
		State  string `json:"state"`
	} `json:"parent"`
}

// planView is what percolate plan tells, likewise.
type planView struct {
	Steps []struct {
		Op     string `json:"op"`
		Key    string `json:"key"`
		Reason string `json:"reason"`
	} `json:"steps"`
	Notes []struct {
		Key  string `json:"key"`
		Word string `json:"word"`
		Text string `json:"text"`
	} `json:"notes"`
	Findings []finding `json:"findings"`
}

func (r *run) report() (v report, err error) {
	return v, r.read(&v, "report")
}

func (r *run) plan() (v planView, err error) {
	return v, r.read(&v, "plan")
}

// read runs a command that prints JSON.
func (r *run) read(v any, command string) error {
	_, said, err := r.percolate(command, "--format", "json")
	if err != nil {
		return err
	}
	begin := strings.Index(said, "{")
	if begin < 0 {
		return errors.New(command + ": " + said)
	}
	return json.NewDecoder(strings.NewReader(said[begin:])).Decode(v)
}
