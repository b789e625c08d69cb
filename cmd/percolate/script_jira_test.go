package main

import (
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

// ask CONFIG METHOD PATH [BODY] asks the simulator of a configuration, with the token
// that there is.
func ask() {
	_, err := os.Stdout.Write(asked(os.Args[1], os.Args[2], os.Args[3], strings.Join(os.Args[4:], " ")))
	check(err)
}

func asked(config, method, path, body string) []byte {
	text, err := os.ReadFile(config)
	check(err)
	req, err := http.NewRequest(method, addressLine.FindString(string(text))+path, strings.NewReader(body))
	check(err)
	if token := os.Getenv("GITHUB_TOKEN"); token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	check(err)
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	check(err)
	if resp.StatusCode >= 300 {
		panic(method + " " + path + ": " + resp.Status + ": " + string(answer))
	}
	return answer
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
