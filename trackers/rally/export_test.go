package rally

import "percolate/ticket"

// Marker is the text by which a ticket of the key is known.
func Marker(k ticket.Key) string { return newMarks("percolate").key(k) }

// Render, Embed, Extract, Signed, PlainText and Canonical are the texts that we write and read.
var (
	Render    = newWriter().render
	Embed     = newWriter().embed
	Extract   = extract
	Signed    = newWriter().signed
	PlainText = plainText
	Canonical = canonical
)

// WithDue puts a due day into a description, and FindDue reads it.
var WithDue = withDue

// FindDue reads the due day of a description.
func FindDue(whole string) ticket.Day {
	day, _ := findDue(whole)
	return day
}

// Query is the query type, made by Is and AnyOf.
type Query = query

// Is compares an attribute with a value, AnyOf joins queries.
var (
	Is    = is
	AnyOf = anyOf
)

// Text is the query as it is sent.
func (q query) Text() string { return q.text }

// And and Or join two.
func (q query) And(r query) query { return q.and(r) }

// Or joins two.
func (q query) Or(r query) query { return q.or(r) }
