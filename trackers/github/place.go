package github

import (
	"net/url"
	"strconv"
	"strings"

	"percolate/ticket"
)

// place is where an issue is: its repository, its number and its node id, as far as
// they are known. As a ref it reads "12:I_kw..." in the tracker's own repository, so
// that the ref stays when that is renamed, and "octo/other#12:I_kw..." elsewhere.
type place struct {
	repo   string // "octo/backlog"
	number int
	node   string
}

func (t *Tracker) refOf(p place) ticket.Ref {
	number := strconv.Itoa(p.number)
	if !strings.EqualFold(p.repo, t.full()) {
		number = p.repo + "#" + number
	}
	if p.node == "" {
		return ticket.Ref(number)
	}
	return ticket.Ref(number + ":" + p.node)
}

// placeOf reads a ref, one that a person's text was recognised as included.
func (t *Tracker) placeOf(ref ticket.Ref) (place, bool) {
	at, node, _ := strings.Cut(string(ref), ":")
	p := place{repo: t.full(), node: node}
	if repo, number, ok := strings.Cut(at, "#"); ok {
		p.repo, at = repo, number
	}
	n, err := strconv.Atoi(at)
	p.number = n
	return p, err == nil && n > 0
}

// path is the address in the API.
func (p place) path() string { return repoPath(p.repo) + "/issues/" + strconv.Itoa(p.number) }

// name is what people call the issue.
func (p place) name() string { return p.repo + "#" + strconv.Itoa(p.number) }

func repoPath(full string) string {
	owner, repo, _ := strings.Cut(full, "/")
	return "repos/" + url.PathEscape(owner) + "/" + url.PathEscape(repo)
}

// placeAt reads the address of an issue in the API.
func placeAt(address string) (place, bool) {
	_, rest, ok := strings.Cut(address, "/repos/")
	parts := strings.Split(rest, "/")
	if !ok || len(parts) < 4 || parts[2] != "issues" {
		return place{}, false
	}
	n, err := strconv.Atoi(parts[3])
	return place{repo: parts[0] + "/" + parts[1], number: n}, err == nil
}
