package store_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"percolate/store"
	persync "percolate/sync"
	"percolate/ticket"
)

// A full state as a team has it after years: each document with a parent and eight actions.
const (
	benchDocuments = 1000
	benchLinks     = 9
)

func BenchmarkReadLinksAndKnown(b *testing.B) {
	db, _ := full(b)
	b.ReportAllocs()
	for b.Loop() {
		links, err := db.Links(b.Context())
		if err != nil || len(links) != benchDocuments*benchLinks {
			b.Fatal(len(links), err)
		}
		known, err := db.Known(b.Context())
		if err != nil || len(known) != benchDocuments*benchLinks {
			b.Fatal(len(known), err)
		}
	}
}

func BenchmarkReadOneDocument(b *testing.B) {
	db, _ := full(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := db.Links(b.Context(), "PER-0500"); err != nil {
			b.Fatal(err)
		}
		if _, err := db.Known(b.Context(), "PER-0500"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSaveThousandLinks(b *testing.B) {
	db, lease := full(b)
	links, err := db.Links(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := db.Save(b.Context(), lease, links[:1000]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkObserveThousandUnchanged(b *testing.B) {
	db, _ := full(b)
	var seen []ticket.Seen
	for i := range 1000 {
		_, s := example(i/benchLinks, i%benchLinks)
		seen = append(seen, s)
	}
	b.ReportAllocs()
	for b.Loop() {
		for i := range seen {
			seen[i].AsOf = seen[i].AsOf.Add(time.Minute)
		}
		if err := db.Observe(b.Context(), seen...); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLeaseAndRelease(b *testing.B) {
	db, _ := full(b)
	var documents []string
	for i := range benchDocuments {
		documents = append(documents, fmt.Sprintf("NEW-%04d", i))
	}
	for b.Loop() {
		lease, err := db.Lease(b.Context(), documents, "bench", time.Hour)
		if err != nil {
			b.Fatal(err)
		}
		if err := db.Release(b.Context(), lease); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpenExisting(b *testing.B) {
	path := filepath.Join(b.TempDir(), "percolate.db")
	open(b, path)
	benchOpen(b, func() string { return path })
}

func BenchmarkOpenNew(b *testing.B) {
	folder, n := b.TempDir(), 0
	benchOpen(b, func() string { n++; return filepath.Join(folder, fmt.Sprint(n)) })
}

func BenchmarkOpenMemory(b *testing.B) {
	benchOpen(b, func() string { return store.Memory })
}

func benchOpen(b *testing.B, path func() string) {
	b.ReportAllocs()
	for b.Loop() {
		db, err := store.Open(b.Context(), path(), store.Options{Now: time.Now})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := db.Approved(b.Context()); err != nil {
			b.Fatal(err)
		}
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// full is a file with all links and tickets, and a lease on all of its documents.
func full(b *testing.B) (*store.DB, persync.Lease) {
	db := open(b, filepath.Join(b.TempDir(), "percolate.db"))
	var documents []string
	var links []ticket.Link
	var seen []ticket.Seen
	for d := range benchDocuments {
		documents = append(documents, fmt.Sprintf("PER-%04d", d))
		for a := range benchLinks {
			l, s := example(d, a)
			links, seen = append(links, l), append(seen, s)
		}
	}
	lease, err := db.Lease(b.Context(), documents, "bench", time.Hour)
	if err != nil {
		b.Fatal(err)
	}
	if err := db.Save(b.Context(), lease, links); err != nil {
		b.Fatal(err)
	}
	if err := db.Observe(b.Context(), seen...); err != nil {
		b.Fatal(err)
	}
	return db, lease
}

// example is action a of document d as it was filed, and its ticket.
func example(d, a int) (ticket.Link, ticket.Seen) {
	key := ticket.Key{Document: fmt.Sprintf("PER-%04d", d)}
	if a > 0 {
		key.Action = fmt.Sprintf("A%d", a)
	}
	number := fmt.Sprint(d*benchLinks + a)
	fields := ticket.Fields{
		Kind: ticket.KindStory, Title: "Rotate the payment certificate by itself before it ends", Body: ticket.BodySum(key.String()),
		Labels: []string{"per", "payments", "sev2"}, Priority: ticket.PriorityHigh, Due: "2026-03-16", Assignees: []string{"ana"},
	}
	basis := map[ticket.Field]string{}
	for _, f := range ticket.AllFields() {
		basis[f] = ticket.Digest(string(f))
	}
	when := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	link := ticket.Link{
		Key: key, ActionID: key.Action, Text: fields.Title, Path: "pers/" + key.Document + ".md", Tracker: "jira-ops", Ref: ticket.Ref(number),
		Name: "OPS-" + number, URL: "https://example.atlassian.net/browse/OPS-" + number, State: ticket.StateFiled,
		Asked: fields, Got: fields, Basis: basis, Created: when, Priority: fields.Priority, Due: fields.Due,
	}
	return link, ticket.Seen{
		Tracker: link.Tracker, Ref: link.Ref, Name: link.Name, URL: link.URL, Key: key, Fields: fields,
		Status: ticket.StatusOpen, Word: "To Do", Updated: when, AsOf: when,
	}
}
