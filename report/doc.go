// Package report tells how the actions stand that teams decided after their events:
// [Build] makes a [Report] of what the state remembers and an instant, and the report
// prints as text for a terminal, Markdown, CSV and JSON. It is pure, and the same rows at
// the same instant give the same bytes. It reads no tracker and no state, decides nothing
// about tickets, and ranks nobody: names are there to ask and to own, never to compare.
package report
