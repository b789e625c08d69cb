package main

import (
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"percolate/trackers/rally/rallytest"
)

// rallySim TEMPLATE FILE serves a simulated Rally that asks for the key "s3cr3t", and
// writes the template to the file with its address in place of $URL.
func rallySim() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	text, err := os.ReadFile(os.Args[1])
	check(err)
	at := "http://" + l.Addr().String()
	check(os.WriteFile(os.Args[2]+".new", []byte(strings.ReplaceAll(string(text), "$URL", at)), 0o600))
	check(os.Rename(os.Args[2]+".new", os.Args[2]))
	sim := rallytest.New(rallytest.Options{Now: time.Now, Key: "s3cr3t", AnyUser: true})
	check(http.Serve(l, sim))
}
