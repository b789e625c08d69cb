package report

import "encoding/json"

// JSON is the report for tools; JSON.md says what it holds.
func (r Report) JSON() ([]byte, error) { return indented(r) }

// JSON is the list for tools: the topics as in the report, each with the reasons.
func (p Planning) JSON() ([]byte, error) { return indented(p) }

func indented(v any) ([]byte, error) {
	b, err := json.MarshalIndent(v, "", "  ")
	return append(b, '\n'), err
}
