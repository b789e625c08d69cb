package files_test

import (
	"fmt"
	"testing"

	"percolate/ticket"
	"percolate/trackers"
	"percolate/trackers/files"
)

func creations(from, n int) []trackers.Creation {
	batch := make([]trackers.Creation, n)
	for i := range batch {
		key := ticket.Key{Document: fmt.Sprintf("PER-%d", (from+i)/9), Action: fmt.Sprintf("A%d", (from+i)%9)}
		batch[i] = trackers.Creation{Key: key, Fields: full()}
	}
	return batch
}

func fill(b *testing.B, tr trackers.Tracker, from, n int) {
	b.Helper()
	for at := 0; at < n; at += 100 {
		for _, d := range tr.Create(b.Context(), creations(from+at, min(100, n-at))) {
			if d.Err != nil {
				b.Fatal(d.Err)
			}
		}
	}
}

// of9000 is a folder with 9,000 tickets, as 1,000 documents with 8 actions each make.
func of9000(b *testing.B) files.Options {
	opt := files.Options{Dir: b.TempDir(), Now: fixed}
	fill(b, files.New(opt), 0, 9000)
	return opt
}

// changes reads the changes as a new process would.
func changes(b *testing.B, opt files.Options, since trackers.Cursor) (next trackers.Cursor, n int) {
	b.Helper()
	for c, err := range files.New(opt).Changed(b.Context(), since) {
		if err != nil {
			b.Fatal(err)
		}
		next, n = c.Cursor, n+len(c.Seen)
	}
	return next, n
}

func BenchmarkChangedNothingOf9000(b *testing.B) {
	opt := of9000(b)
	cursor, _ := changes(b, opt, "")
	for b.Loop() {
		if _, n := changes(b, opt, cursor); n > 0 {
			b.Fatal(n, "tickets changed")
		}
	}
}

func BenchmarkFirstContact9000(b *testing.B) {
	opt := of9000(b)
	for b.Loop() {
		n := 0
		for _, err := range files.New(opt).Find(b.Context(), nil) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != 9000 {
			b.Fatal(n)
		}
	}
}

func BenchmarkGet1000Of9000(b *testing.B) {
	opt := of9000(b)
	var refs []ticket.Ref
	for _, c := range creations(0, 1000) {
		refs = append(refs, ticket.Ref(c.Key.Document+"-"+c.Key.Action))
	}
	for b.Loop() {
		if got, err := files.New(opt).Get(b.Context(), refs); err != nil || len(got) != 1000 {
			b.Fatal(len(got), err)
		}
	}
}

func BenchmarkCreate1000(b *testing.B) {
	for b.Loop() {
		fill(b, files.New(files.Options{Dir: b.TempDir(), Now: fixed}), 0, 1000)
	}
}
