package rallytest

import (
	"strings"

	"github.com/microcosm-cc/bluemonday"
)

// sanitised is HTML as Rally stores it: without scripts, comments and what else could
// do harm.
func (s *Server) sanitised(text string) string { return s.clean.Sanitize(text) }

func sanitiser() *bluemonday.Policy {
	p := bluemonday.UGCPolicy()
	p.RequireNoFollowOnLinks(false)
	return p
}

// reformatted is HTML after a way through Rally's editor: the same to people, in other
// tags.
func reformatted(text string) string {
	return strings.NewReplacer(
		"<p>", `<div style="margin:0">`, "</p>", "</div>", "<strong>", "<b>", "</strong>", "</b>", "<em>", "<i>", "</em>", "</i>",
		"&#39;", "'", "&#34;", "&quot;", "<br>", "<br />", "\n", " ", ". ", ".&nbsp; ",
	).Replace(text)
}
