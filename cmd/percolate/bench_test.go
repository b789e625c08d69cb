package main

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// library1000 writes 1,000 documents with 8 actions each, and the configuration.
func library1000(b *testing.B) (config string) {
	b.Helper()
	dir := b.TempDir()
	r := rand.New(rand.NewPCG(1, 1))
	verbs := strings.Fields("Add Alert Document Rotate Rehearse Limit Page Test Move Remove Check Measure Cache Retry Split Warn")
	nouns := strings.Fields("queue certificate backup index importer dashboard runbook replica login export cache gateway report search mailer ledger quota lock token")
	noun := func() string { return nouns[r.IntN(len(nouns))] }
	must := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	must(os.Mkdir(filepath.Join(dir, "pers"), 0o755))
	for i := range 1000 {
		var doc strings.Builder
		fmt.Fprintf(&doc, "---\nid: PER-%d\ntitle: The %s failed\nkind: outage\nseverity: SEV%d\nservice: %s\nstarted: 2026-03-02 09:12\ndetected: 2026-03-02 09:31\nresolved: 2026-03-02 10:31\nmeeting: 2026-03-02 15:00\n---\n\n", 2000+i, noun(), 1+r.IntN(4), noun())
		doc.WriteString("## Summary\n\nIt broke and was mended.\n\n## Deltas\n\n- D1: it broke\n\n## Corrective actions\n\n")
		for range 8 {
			fmt.Fprintf(&doc, "- [ ] %s the %s %s of %s when %s %d (owner: ana, addresses: D1)\n", verbs[r.IntN(len(verbs))], noun(), noun(), noun(), noun(), r.IntN(99))
		}
		must(os.WriteFile(filepath.Join(dir, "pers", fmt.Sprintf("%04d.md", i)), []byte(doc.String()), 0o644))
	}
	config = filepath.Join(dir, "percolate.yaml")
	must(os.WriteFile(config, []byte("people: [{name: ana}]\n"), 0o644))
	return config
}

// runIn runs one command line and fails the benchmark when it does.
func runIn(b *testing.B, args ...string) {
	b.Helper()
	var stderr bytes.Buffer
	p := &program{
		stdin: strings.NewReader(""), stdout: io.Discard, stderr: &stderr, now: time.Now,
		env: func(string) (string, bool) { return "", false },
	}
	if code := p.run(b.Context(), args); code != exitOK {
		b.Fatalf("percolate %v: exit code %d\n%s", args, code, &stderr)
	}
}

// BenchmarkPlan1000Unchanged is the whole command: 1,000 documents are read and mapped,
// the tracker is polled, and 9,000 tickets are found to be as agreed.
func BenchmarkPlan1000Unchanged(b *testing.B) {
	config := library1000(b)
	runIn(b, "sync", "--config", config, "--force")
	runIn(b, "plan", "--config", config) // which reads back what the sync has written
	b.ReportAllocs()
	for b.Loop() {
		runIn(b, "plan", "--config", config)
	}
}

// BenchmarkCheck1000 reads, checks and maps 1,000 documents, and does nothing else.
func BenchmarkCheck1000(b *testing.B) {
	config := library1000(b)
	b.ReportAllocs()
	for b.Loop() {
		runIn(b, "check", "--config", config)
	}
}
