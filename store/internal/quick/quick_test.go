package quick_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
	"unsafe"

	"percolate/store/internal/quick"
	"percolate/ticket"
)

func fields() ticket.Fields {
	return ticket.Fields{
		Kind: ticket.KindDefect, Title: "Rotate <b>the</b> \"certificate\" \u00e4 & more", Body: ticket.BodySum("x"), Labels: []string{"per", "sev2"},
		Priority: ticket.PriorityHigh, Due: "2026-03-16", Assignees: []string{"ana"},
	}
}

// link has a value in every field that most links have.
func link() ticket.Link {
	at := time.Date(2026, 3, 2, 9, 30, 0, 123000, time.UTC)
	return ticket.Link{
		Key: ticket.Key{Document: "PER-1", Action: "A1"}, ActionID: "A1", Text: fields().Title, Path: "pers/1.md", Owners: []string{"ana", "raj"},
		Tracker: "jira", Ref: "1", Name: "OPS-1", URL: "https://example.net/1", State: ticket.StateFiled, Asked: fields(), Got: fields(),
		Basis: map[ticket.Field]string{ticket.FieldTitle: "0123", ticket.FieldDue: ticket.BasisPolicy}, Intended: at, Until: at, Created: at, Retired: at,
		Retires: 12, Of: ticket.Key{Document: "PER-0"}, Told: true, Priority: ticket.PriorityLow, Due: "2026-03-17",
	}
}

func seen() ticket.Seen {
	at := time.Date(2026, 3, 2, 9, 30, 0, 0, time.FixedZone("", 3600))
	return ticket.Seen{
		Tracker: "jira", Ref: "1", Name: "OPS-1", URL: "https://example.net/1", Key: ticket.Key{Document: "PER-1", Action: "A1"}, Parent: "0",
		Fields: fields(), Status: ticket.StatusActive, Word: "In progress", Updated: at, Moved: at, AsOf: at, Ours: true,
	}
}

func body(t testing.TB, v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// agree wants the answer of json.Unmarshal, or an error where that gives one.
func agree(t *testing.T, body []byte) {
	t.Helper()
	r := quick.NewReader()
	l, err := r.Link(body)
	var want ticket.Link
	if plain := json.Unmarshal(body, &want); (err == nil) != (plain == nil) || err == nil && !reflect.DeepEqual(l, want) {
		t.Errorf("a link of %s:\ngot  %+v, %v\nwant %+v, %v", body, l, err, want, plain)
	}
	s, err := r.Seen(body)
	var ticketWant ticket.Seen
	if plain := json.Unmarshal(body, &ticketWant); (err == nil) != (plain == nil) || err == nil && !reflect.DeepEqual(s, ticketWant) {
		t.Errorf("a ticket of %s:\ngot  %+v, %v\nwant %+v, %v", body, s, err, ticketWant, plain)
	}
}

func TestItIsOfNoOtherOpinionThanThePlainReader(t *testing.T) {
	odd := link()
	odd.Unmet = []ticket.Unmet{{Field: ticket.FieldDue, Reason: "no"}}
	odd.Trying = ticket.Patch{Set: []ticket.Field{ticket.FieldDue}}
	for _, b := range [][]byte{body(t, link()), body(t, seen()), body(t, odd), body(t, ticket.Link{}), body(t, ticket.Seen{})} {
		agree(t, b)
	}
	for _, text := range []string{
		``, `{`, `{}`, `[]`, `null`, `{} `, ` {}`, `{}x`, `{"text":"a","text":"b"}`, `{"key":null}`, `{"Key":{"Document":"x"}}`, `{"retires":-1}`,
		`{"retires":01}`, `{"retires":1.5}`, `{"told":tru}`, `{"told":true}`, `{"text":"\ud800"}`, `{"text":"\u00e4\n\/"}`, "{\"text\":\"a\nb\"}",
		"{\"text\":\"\xff\"}", `{"text":"a`, `{"text":"a\`, `{"owners":[]}`, `{"owners":["a",]}`, `{"owners":null}`, `{"created":"2026"}`,
		`{"created":"2026-03-02T09:30:00Z"}`, `{"created":"2026-03-02T09:30:00+25:00"}`, `{"basis":{"due":"x"},"basis":{"title":"y"}}`, `{"basis":{}}`,
		`{"asked":{"title":"a"},"asked":{"due":"b"}}`, `{"priority":"HIGH"}`, `{"priority":"x"}`, `{"due":1}`, `{"un\u0064known":1}`, `{"te\u0078t":"a"}`,
		`{"text":"a","unknown":[{"a":1}]}`, `{"ours":false,"as_of":"0001-01-01T00:00:00Z"}`, `{,}`, `{"text"}`, `{"text":}`, `{"text":"a",}`,
	} {
		agree(t, []byte(text))
	}
}

// TestEveryFieldIsReadQuickly fails when a value gets a field that only the plain reader knows.
func TestEveryFieldIsReadQuickly(t *testing.T) {
	slow := map[string]bool{"Unmet": true, "Trying": true, "Whole": true, "Deleted": true} // few tickets have them, or none in the state
	for _, v := range []any{link(), seen(), fields()} {
		value := reflect.ValueOf(v)
		for i := range value.NumField() {
			if name := value.Type().Field(i).Name; value.Field(i).IsZero() && !slow[name] {
				t.Errorf("%T.%s has no value here", v, name)
			}
		}
	}
	r := quick.NewReader()
	for name, b := range map[string][]byte{"link": body(t, link()), "seen": body(t, seen())} {
		plain := testing.AllocsPerRun(20, func() { _ = json.Unmarshal(b, new(ticket.Link)) })
		quickly := testing.AllocsPerRun(20, func() { _, _ = r.Link(b) })
		if name == "seen" {
			plain = testing.AllocsPerRun(20, func() { _ = json.Unmarshal(b, new(ticket.Seen)) })
			quickly = testing.AllocsPerRun(20, func() { _, _ = r.Seen(b) })
		}
		if quickly >= plain {
			t.Errorf("a %s was left to the plain reader: %.0f allocations, and it makes %.0f", name, quickly, plain)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(body(f, link()))
	f.Add(body(f, seen()))
	f.Add([]byte(`{"text":"a\u00e4","owners":["a"],"basis":{"due":"policy"},"retires":3,"told":true}`))
	f.Fuzz(func(t *testing.T, b []byte) { agree(t, b) })
}

func BenchmarkLink(b *testing.B) {
	text := body(b, link())
	for name, read := range map[string]func() error{
		"Plain": func() error { return json.Unmarshal(text, new(ticket.Link)) },
		"Quick": func() func() error {
			r := quick.NewReader()
			return func() error { _, err := r.Link(text); return err }
		}(),
	} {
		b.Run(fmt.Sprintf("%s/%d", name, len(text)/100*100), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := read(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestSharedTextsAreHeldOnce(t *testing.T) {
	r := quick.NewReader()
	text := body(t, link())
	first, _ := r.Link(text)
	second, _ := r.Link([]byte(strings.Clone(string(text))))
	if &first == &second || !sameText(first.Tracker, second.Tracker) || !sameText(first.Asked.Body, first.Got.Body) {
		t.Error("equal texts are held twice")
	}
}

// sameText reports whether two texts are the same bytes in memory.
func sameText(a, b string) bool { return unsafe.StringData(a) == unsafe.StringData(b) }
