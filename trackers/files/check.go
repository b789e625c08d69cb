package files

import (
	"context"
	"errors"
	"fmt"
	"os"

	"percolate/ticket"
	"percolate/trackers"
)

// Check looks at the folder, the accounts and every file, and writes nothing.
func (t *Tracker) Check(ctx context.Context, accounts []string) []trackers.Diagnosis {
	var found []trackers.Diagnosis
	for _, account := range accounts {
		if !t.assignable(account) {
			found = append(found, trackers.Diagnosis{
				Level: trackers.Fail,
				Text:  fmt.Sprintf("%s: %s cannot be assigned", t.opt.Name, account),
				Mend:  fmt.Sprintf("add %s to the accounts of %s", account, t.opt.Name),
			})
		}
	}
	d, ok, err := t.open()
	if err == nil && !ok {
		return append(found, trackers.Diagnosis{
			Level: trackers.OK,
			Text:  fmt.Sprintf("%s: the folder %s will be made with the first ticket", t.opt.Name, t.opt.Dir),
		})
	}
	if err != nil {
		return append(found, t.failed(err, "make it a folder that percolate may read and write"))
	}
	defer d.root.Close()
	if err := mayWrite(t.opt.Dir); err != nil {
		found = append(found, t.failed(err, "let percolate write into the folder"))
	}
	return append(found, t.checkFiles(ctx, d)...)
}

func (t *Tracker) failed(err error, mend string) trackers.Diagnosis {
	return trackers.Diagnosis{Level: trackers.Fail, Text: t.opt.Name + ": " + err.Error(), Mend: mend}
}

func (t *Tracker) checkFiles(ctx context.Context, d folder) []trackers.Diagnosis {
	x, err := t.index(ctx, d)
	if err != nil {
		return []trackers.Diagnosis{t.failed(err, "let percolate read all of the folder")}
	}
	var found []trackers.Diagnosis
	warn := func(p string, line int, why, mend string) {
		found = append(found, trackers.Diagnosis{Level: trackers.Warn, Text: t.at(p, &fault{line, why}).Error(), Mend: mend})
	}
	count := 0
	for _, h := range x.heads {
		if errors.Is(h.broken, errNoTicket) {
			continue
		}
		if h.broken != nil {
			found = append(found, t.failed(t.at(h.path, h.broken), "mend the file by hand, or take it back from git"))
			continue
		}
		count++
		t.checkTicket(d, h, warn)
	}
	for _, link := range x.links {
		warn(link, 0, "a symbolic link, which is passed over", "put the file itself into the folder")
	}
	ok := trackers.Diagnosis{Level: trackers.OK, Text: fmt.Sprintf("%s: %d tickets in %s", t.opt.Name, count, t.opt.Dir)}
	return append([]trackers.Diagnosis{ok}, found...)
}

// checkTicket warns of what is readable and yet not what its author meant.
func (t *Tracker) checkTicket(d folder, h head, warn func(p string, line int, why, mend string)) {
	text, _, err := d.read(h.path)
	if errors.Is(err, os.ErrNotExist) {
		return
	}
	p, err := parse(text)
	if err != nil {
		return // it broke since it was listed; the next check tells
	}
	if h.id != "" && h.id != h.ref {
		warn(h.path, p.lineOf("id"), fmt.Sprintf("another file has the id %s too; this one goes by %s", h.id, h.ref),
			"remove the copy, or its lines id and key")
	}
	if word := p.get("status").text; word != "" {
		if _, known := t.statusOf(word); !known {
			warn(h.path, p.lineOf("status"), fmt.Sprintf("the status %q is not known and counts as open", word),
				"write open, in progress, blocked, done or dropped, or add the word to the configuration")
		}
	}
	if due := p.get("due").text; due != "" && !ticket.Day(due).Valid() {
		warn(h.path, p.lineOf("due"), fmt.Sprintf("%q is no day and counts as none", due), "write a day as 2026-12-31")
	}
	if word := p.get("priority").text; word != "" {
		if _, ok := ticket.ParsePriority(word); !ok {
			warn(h.path, p.lineOf("priority"), fmt.Sprintf("the priority %q is not known and counts as none", word),
				"write lowest, low, medium, high or highest")
		}
	}
}
