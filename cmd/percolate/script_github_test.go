package main

import (
	"encoding/json"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"percolate/trackers/github/githubtest"
)

// githubSim TEMPLATE FILE serves a simulated GitHub without limits that asks for the token
// "gh-s3cr3t", and writes the template to the file with its address in place of $URL.
func githubSim() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	text, err := os.ReadFile(os.Args[1])
	check(err)
	at := "http://" + l.Addr().String()
	check(os.WriteFile(os.Args[2]+".new", []byte(strings.ReplaceAll(string(text), "$URL", at)), 0o600))
	check(os.Rename(os.Args[2]+".new", os.Args[2]))
	sim := githubtest.New(githubtest.Options{Now: time.Now, Token: "gh-s3cr3t", Private: true, Accounts: []string{"ana-lima", "raj"}})
	sim.SetFaults(func(f *githubtest.Faults) { f.NoLimits = true })
	check(http.Serve(l, sim))
}

// act CONFIG DO TICKET [VALUE] lets a person do something to a ticket; an issue is named by
// its number or by its repository too.
func act() {
	var tickets []struct{ Ref, Name string }
	check(json.Unmarshal(asked(os.Args[1], "GET", "/_sim/tickets", ""), &tickets))
	name := os.Args[3]
	for _, t := range tickets {
		if t.Name == name || t.Name == "octo/backlog#"+name {
			body, err := json.Marshal(map[string]string{"do": os.Args[2], "ref": t.Ref, "value": strings.Join(os.Args[4:], " ")})
			check(err)
			_, err = os.Stdout.Write(asked(os.Args[1], "POST", "/_sim/people", string(body)))
			check(err)
			return
		}
	}
	panic("there is no ticket " + name)
}
