package mapping

import (
	"fmt"
	"strings"

	"percolate/per"
	"percolate/ticket"
)

// keys names every action of a document: by its own id, else by the fingerprint of
// its text. Of several actions with one text the first takes the text's fingerprint
// and each further one that of the text and its number, so that the order of actions
// with different texts never counts.
func keys(d *per.Document) []ticket.Key {
	out := make([]ticket.Key, len(d.Actions))
	used := map[string]bool{}
	count := map[string]int{}
	for i, a := range d.Actions {
		name := actionName(a.ID)
		if name == "" && count[ticket.FoldText(a.Text)] == 0 {
			name = ticket.Fingerprint(a.Text)
			count[ticket.FoldText(a.Text)] = 1
		}
		used[name] = true
		out[i] = ticket.Key{Document: d.ID.Value, Action: name}
	}
	for i, a := range d.Actions {
		if out[i].Action == "" {
			text := ticket.FoldText(a.Text)
			out[i].Action = nextFingerprint(text, count, used)
		}
	}
	return out
}

func nextFingerprint(text string, count map[string]int, used map[string]bool) string {
	for {
		count[text]++
		name := ticket.Fingerprint(fmt.Sprintf("%s #%d", text, count[text]))
		if !used[name] {
			used[name] = true
			return name
		}
	}
}

// actionName is an action's own id as a key can hold it: a slash ends the document's
// part of a key, and a tilde begins a fingerprint.
func actionName(id string) string {
	return strings.TrimLeft(strings.ReplaceAll(oneLine(id), "/", "-"), "~")
}

// broken tells why a document cannot be acted on although each of its parts was
// understood: a key would be missing, or would mean two actions.
func broken(d *per.Document, keys []ticket.Key) string {
	if strings.TrimSpace(d.ID.Value) == "" {
		return "it has no id"
	}
	line := map[ticket.Key]int{}
	for i, k := range keys {
		if first, twice := line[k]; twice {
			return fmt.Sprintf("lines %d and %d both have an action with the id %s", first, d.Actions[i].Line, k.Action)
		}
		line[k] = d.Actions[i].Line
	}
	return ""
}
