// Package per reads Post Event Retrospective documents: Parse turns the text of one
// into a Document whose every value knows its line, and into Problems for what was
// not understood; Check looks for what its author should mend, Repeats for work that
// was asked for before, and Accept drops what the author has accepted; Show and
// View.Text give back what was understood; WriteBack puts tickets beside actions;
// Template makes a new document.
//
// It is pure and total: no file, clock or network is touched, and no input makes it
// panic. What to file for a document is decided elsewhere (package mapping).
//
// Percolate's own form is Markdown with YAML front matter:
//
//	---
//	id: PER-2026-001
//	title: Checkout refused cards for 47 minutes
//	kind: outage                        # outage degradation near-miss maintenance security
//	status: agreed                      # or draft, which is read and not filed
//	started: 2026-03-02 09:12           # also severity service team owner confidential,
//	resolved: 2026-03-02 09:59          # detected meeting timezone, downtime and friends
//	---
//	## Timeline
//	- 09:12 The certificate ran out
//	## Deltas
//	- D1: Nobody was paged
//	- D2: The dashboard was red for unrelated reasons (accepted: it goes in May)
//	## Corrective actions
//	- [ ] A1 (defect, owner: ana, due: 2026-03-16, addresses: D1) Rotate it by itself
//	- [x] A2 Tell support first. Owner: @raj. Due: 2026-03-09. [OPS-12](https://...)
//	- [ ] A3 Rehearse the failover (owner: mia, repeats: PER-2026-000/A4, tracker: gh-pay)
//
// An action's id (A1) comes first, if it has one. What is known of it stands in
// parentheses after the id or at the end, or in short sentences at the end: owner,
// due, kind (defect or improvement), addresses, ticket, repeats, priority, tracker,
// status. A table with such columns, in any order, says the same; so does a YAML
// file with the keys of the front matter and the lists timeline, pluses, deltas and
// actions, and a luck for what went well by chance.
//
// Other people's forms are read too, in Markdown and HTML, as far as their words and
// shapes say what they mean. An action is Certain when it is an item of a section, list
// or table of actions. What is only likely is a guess: a paragraph, an item under
// "Recommendations" or "Lessons learned and actions". Its author makes it certain by
// writing (action) behind it, wherever it stands, or (defect), or a checkbox before it.
//
// What a problem says may be all right. The author accepts it with its code and a
// reason, in the front matter or in a comment on the line:
//
//	accept:
//	  - {code: no-owner, where: A3, reason: the vendor does it}
//	- [ ] A3 Renew it <!-- percolate: accept no-owner: the vendor does it -->
package per
