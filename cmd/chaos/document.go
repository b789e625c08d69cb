package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// document is a PER as its authors know it. Its title and the text of every action hold
// a word that stands nowhere else, by which the checker finds their tickets whatever
// became of ids and texts.
type document struct {
	id, path string
	word     string
	title    string
	owner    string
	actions  []*action
	removed  []*action // that were in it before
	missing  bool      // its file is not there
	since    map[string]time.Time
}

// action is one corrective action.
type action struct {
	word   string
	id     string // "" for one that goes by its text
	text   string
	defect bool
	owner  string
	due    string
	before string               // the due day before this one
	since  map[string]time.Time // when an author last changed a field, by its name
}

// owners are whom documents name, and planners are whom people assign: a value that
// both could give would hide whose it is.
func owners() []string   { return []string{"ana", "raj", "mia"} }
func planners() []string { return []string{"kim", "lee", "zoe"} }

// stranger is an owner whom the configuration does not know.
const stranger = "Quincy Nobody"

// word makes one that stands nowhere else: seven letters tell two hundred apart.
func newWord(r *rand.Rand, start string) string {
	b := []byte(start)
	for i := range 8 {
		letters := "aeiou"
		if i%2 == 0 {
			letters = "bdfgklmnprstvz"
		}
		b = append(b, letters[r.IntN(len(letters))])
	}
	return string(b)
}

func phrase(r *rand.Rand, words int) string {
	vocabulary := strings.Fields(`alert audit backup batch build cache canary certificate checkout cleanup cluster
		config counter cursor dashboard deadline deploy disk drill failover feature fixture gateway graph handler host
		index ingest journal kernel latency limit loader lock log margin memory meter mirror monitor network node notice
		outage owner packet page parser partition patch pipeline policy pool probe process proxy queue quota reader record
		release replica report restart retry review rollout route rule runbook sample schema script search sensor server
		session shard signal snapshot socket storage stream switch table team template threshold ticket timeout token
		topic trace traffic trigger update upload vault vendor version volume warning weight window worker zone`)
	out := make([]string, words)
	for i := range out {
		out[i] = vocabulary[r.IntN(len(vocabulary))]
	}
	return strings.Join(out, " ")
}

func newDocument(r *rand.Rand, n int) *document {
	id := fmt.Sprintf("PER-2027-%03d", n)
	d := &document{id: id, path: id + ".md", word: newWord(r, "ev"), owner: pick(r, owners()), since: map[string]time.Time{}}
	d.retitle(r)
	for range 1 + r.IntN(4) {
		d.add(r)
	}
	return d
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

func (d *document) retitle(r *rand.Rand) {
	d.title = "Event " + d.word + " " + phrase(r, 3)
	d.since["title"] = time.Now()
}

// add puts a new action somewhere into the list.
func (d *document) add(r *rand.Rand) {
	a := &action{word: newWord(r, "ac"), defect: r.IntN(3) == 0, since: map[string]time.Time{}}
	if r.IntN(4) > 0 {
		a.id = fmt.Sprintf("A%d", len(d.actions)+len(d.removed)+1)
	}
	a.text = phrase(r, 3) + " " + a.word + " " + phrase(r, 4) + " 0"
	switch r.IntN(8) {
	case 0:
	case 1:
		a.owner = stranger
	default:
		a.owner = pick(r, owners())
	}
	if r.IntN(3) > 0 {
		a.due = someDay(r, 2027)
	}
	d.actions = slices.Insert(d.actions, r.IntN(len(d.actions)+1), a)
}

// someDay is one of a year. Documents and people use different years, too.
func someDay(r *rand.Rand, year int) string {
	return fmt.Sprintf("%d-%02d-%02d", year, 1+r.IntN(12), 1+r.IntN(28))
}

// reword changes the text around the word. One without an id changes in a single place,
// since it is found again by its text.
func (a *action) reword(r *rand.Rand) {
	if a.id != "" {
		a.text = phrase(r, 2+r.IntN(3)) + " " + a.word + " " + phrase(r, 2+r.IntN(4))
	} else {
		words := strings.Fields(a.text)
		words[len(words)-1] = fmt.Sprint(1 + r.IntN(1_000_000))
		a.text = strings.Join(words, " ")
	}
	a.since["title"] = time.Now()
}

// asksFor reports whether the document wants a ticket of the word.
func (d *document) asksFor(word string) bool {
	return !d.missing && (d.word == word || slices.ContainsFunc(d.actions, func(a *action) bool { return a.word == word }))
}

// markdown is the document in the documented form.
func (d *document) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\nid: %s\ntitle: %s\nkind: outage\nseverity: SEV2\nowner: %s\n", d.id, d.title, d.owner)
	b.WriteString("started: 2027-01-04 09:12\nresolved: 2027-01-04 09:59\nmeeting: 2027-01-05 10:00\n---\n\n")
	b.WriteString("## Summary\n\nIt was down, and it came back.\n\n## Deltas\n\n- D1: Nobody was paged\n\n## Corrective actions\n\n")
	for _, a := range d.actions {
		b.WriteString("- [ ] " + a.line() + "\n")
	}
	return b.String()
}

func (a *action) line() string {
	known := []string{}
	if a.defect {
		known = append(known, "defect")
	}
	if a.owner != "" {
		known = append(known, "owner: "+a.owner)
	}
	if a.due != "" {
		known = append(known, "due: "+a.due)
	}
	known = append(known, "addresses: D1")
	in := "(" + strings.Join(known, ", ") + ")"
	if a.id == "" {
		return a.text + " " + in
	}
	return a.id + " " + in + " " + a.text
}

// write puts the document, or its absence, into the folder.
func (d *document) write(folder string) error {
	path := filepath.Join(folder, d.path)
	if d.missing {
		err := os.Remove(path)
		if os.IsNotExist(err) {
			return nil
		}
		return err
	}
	if err := os.WriteFile(path+".new", []byte(d.markdown()), 0o644); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
