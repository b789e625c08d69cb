package jira

import "percolate/ticket"

// MarkupOf is Markdown as wiki markup of at most max characters.
func MarkupOf(markdown string, max int) string { return markup(markdown, max) }

// KeyLabel is the label of a key.
func KeyLabel(k ticket.Key) string { return marks{"percolate"}.key(k) }

// Embed, Extract and Signed are the texts that we write.
var (
	Embed   = embed
	Extract = extract
	Signed  = signed
)
