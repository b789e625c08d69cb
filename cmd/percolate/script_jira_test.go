package main

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"time"

	"percolate/trackers/jira/jiratest"
)

// jiraSim TEMPLATE FILE serves a simulated Jira that asks for the token "s3cr3t", and
// writes the template to the file with its address in place of $URL.
func jiraSim() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	text, err := os.ReadFile(os.Args[1])
	check(err)
	at := "http://" + l.Addr().String()
	check(os.WriteFile(os.Args[2]+".new", []byte(strings.ReplaceAll(string(text), "$URL", at)), 0o600))
	check(os.Rename(os.Args[2]+".new", os.Args[2]))
	sim := jiratest.New(jiratest.Options{Now: time.Now, Token: "s3cr3t", AnyUser: true, DataCenter: len(os.Args) > 3})
	check(http.Serve(l, sim))
}

var addressLine = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// ask CONFIG METHOD PATH [BODY] asks the simulator of a configuration.
func ask() {
	text, err := os.ReadFile(os.Args[1])
	check(err)
	body := []byte(strings.Join(os.Args[4:], " "))
	req, err := http.NewRequest(os.Args[2], addressLine.FindString(string(text))+os.Args[3], bytes.NewReader(body))
	check(err)
	resp, err := http.DefaultClient.Do(req)
	check(err)
	defer resp.Body.Close()
	_, err = io.Copy(os.Stdout, resp.Body)
	check(err)
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
