package rest

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Auth is how requests prove who sends them. It prints as "<secret>".
type Auth struct {
	header string
	value  string
	hidden []string
}

// Basic signs with a user and a password or token.
func Basic(user, password string) Auth {
	pair := base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
	return Auth{"Authorization", "Basic " + pair, []string{password, pair}}
}

// Bearer signs with a token.
func Bearer(token string) Auth {
	return Auth{"Authorization", "Bearer " + token, []string{token}}
}

// Header signs with a header of the vendor's own.
func Header(name, value string) Auth { return Auth{name, value, []string{value}} }

// Format hides the secret from every verb.
func (a Auth) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("<secret>")) }

func (a Auth) sign(h http.Header) {
	if a.header != "" {
		h.Set(a.header, a.value)
	}
}

func (a Auth) secrets() []string { return a.hidden }

// hide replaces each secret, and the forms in which text carries it.
func hide(secrets []string) *strings.Replacer {
	var forms []string
	for _, s := range secrets {
		if strings.TrimSpace(s) == "" {
			continue
		}
		forms = append(forms, s, url.QueryEscape(s), url.PathEscape(s), strings.Trim(fmt.Sprintf("%q", s), `"`),
			base64.StdEncoding.EncodeToString([]byte(s)), base64.URLEncoding.EncodeToString([]byte(s)))
	}
	// The longest first, since the replacer takes the first that fits.
	slices.SortFunc(forms, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, f := range forms {
		pairs = append(pairs, f, "<secret>")
	}
	return strings.NewReplacer(pairs...)
}

// Scrub is text without secrets. Whatever a server says goes through it before it is shown.
func (c *Client) Scrub(text string) string { return c.secrets.Replace(text) }
