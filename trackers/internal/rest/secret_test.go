package rest_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"percolate/trackers"
	"percolate/trackers/internal/rest"
)

func TestNoFormOfASecretIsInAnError(t *testing.T) {
	const token = "to+ken/\"7 =\"\x01"
	forms := []string{
		token, url.QueryEscape(token), fmt.Sprintf("%q", token), base64.StdEncoding.EncodeToString([]byte(token)),
		"Basic " + base64.StdEncoding.EncodeToString([]byte("me@x.example:"+token)),
	}
	s := newScene(t, rest.Options{Auth: rest.Basic("me@x.example", token)}, answer{err: errors.New("sent " + strings.Join(forms, " and ")), status: 0})
	_, err := s.send(t.Context(), "POST")
	bad := answer{status: 400}.response()
	defer bad.Body.Close()
	worst := s.Fail("op", bad, nil, strings.Join(forms, " and "))
	for _, text := range []string{err.Error(), worst.Error(), fmt.Sprintf("%+v %#v %s", rest.Basic("u", token), rest.Bearer(token), rest.Header("X", token))} {
		for _, form := range append(forms, "7 =") {
			if strings.Contains(text, form) {
				t.Errorf("%q is in %q", form, text)
			}
		}
		if !strings.Contains(text, "<secret>") {
			t.Errorf("nothing was hidden in %q", text)
		}
	}
	if trackers.CodeOf(err) != trackers.UnknownOutcome {
		t.Error(err)
	}
}

func TestAPageIsToldByItsTitle(t *testing.T) {
	for body, want := range map[string]string{
		"<html><title>Log in\n - Jira</title><body>...": "a web page: Log in - Jira",
		"<!doctype html><p>no title":                    "a web page",
		" plain\n text ":                                "plain text",
		strings.Repeat("long ", 200):                    strings.TrimSpace(strings.Repeat("long ", 60)) + " ...",
	} {
		if got := rest.Words([]byte(body)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
