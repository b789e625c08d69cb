package plan_test

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// The actions that teams write after an event, in the shapes and with the everyday
// words that they share: most of a document's actions are about one component, several
// begin in the same way, and two may differ in a word or two only.

var shapes = []string{
	"Add an alert for {signal} on {part}",
	"Add an alert that pages when {part} {fails}",
	"Add a dashboard for {signal} and {signal} of {part}",
	"Add a test that {part} {survives}",
	"Add {guard} to {part}",
	"Add a check to {process} that {part} {survives}",
	"Alert on {signal} in {part}",
	"Document how to {task} {part}",
	"Document {limit} of {part} and who may change it",
	"Write a runbook for the case that {part} {fails}",
	"Write down who is called when {part} {fails}",
	"Update the runbook of {part}: how to {task} it by hand",
	"Automate {process} of {part}",
	"Automate how to {task} {part}, which takes an hour by hand",
	"Increase {limit} of {part} to {number}",
	"Lower {limit} of {part} from {number} to {number}",
	"Review {process} with the {team} team",
	"Review {limit} of all services, {part} first",
	"Move {part} to {place}",
	"Investigate why {part} {fails}",
	"Investigate whether {part} {survives}",
	"Ensure that {part} {survives}",
	"Ensure that {signal} of {part} is monitored",
	"Make {part} return an error when {part} {fails}",
	"Rehearse {process} for {part} every {period}",
	"Test {process} of {part} in staging before every release",
	"Remove {guard} from {part}",
	"Remove {part} once nobody uses it",
	"Create a dashboard that shows {signal} by {place}",
	"Create an on-call rotation for {part} within the {team} team",
	"Fix {limit} in {part} so that it {survives}",
	"Fix {signal} being reported wrongly by {part}",
	"Ask the {team} team to {task} {part} during office hours only",
	"Talk to the vendor of {part} about {signal}",
	"Stop {part} from starting when {signal} is above {number}",
	"Retry requests to {part} with {guard} when it {fails}",
	"Train the {team} team in {process}",
	"{part}: {task} automatically when {signal} exceeds {number}",
	"Consider {process} for {part} (see the timeline)",
	"Use {guard} for all calls from {part} to {part}",
}

var slots = map[string][]string{
	"signal": {"replication lag", "queue depth", "disk usage", "error rate", "certificate expiry", "memory pressure", "connection count", "request latency", "failed logins",
		"cache misses", "dropped packets", "clock drift", "backup age", "open file handles", "consumer lag", "thread starvation", "5xx responses", "retry storms", "index freshness",
		"garbage collection pauses", "DNS failures", "unacknowledged messages", "slow queries", "inode exhaustion", "deploy duration"},
	"part": {"the checkout service", "the payment gateway", "the primary database", "the search index", "the login page", "the billing importer", "the message broker", "the edge proxy",
		"the session cache", "the build runners", "the object store", "the mobile API", "the report generator", "the DNS resolver", "the mail relay", "the container registry",
		"the feature flag server", "the staging cluster", "the load balancer", "the invoice worker", "the address lookup", "the webhook sender", "the read replicas", "the firewall",
		"the metrics pipeline", "the password vault", "the core switch", "the warehouse scanner", "the nightly batch", "the customer portal"},
	"fails": {"stops answering", "runs out of memory", "falls behind by more than {number}", "refuses new connections", "loses its leader", "returns stale data", "is restarted twice within an hour",
		"cannot reach its database", "fills its disk", "is deployed with a wrong setting", "answers slower than {number}"},
	"survives": {"survives the loss of a zone", "starts without its cache", "drains before it stops", "rejects unknown fields", "keeps working while the certificate is renewed",
		"recovers without help after a failover", "handles an empty answer", "is restored from a backup", "scales down at night", "honours the time limit of its callers"},
	"guard": {"a rate limit", "a circuit breaker", "a timeout of {number}", "exponential backoff", "a health check", "a dead letter queue", "a feature flag", "a kill switch"},
	"limit": {"the connection pool", "the memory limit", "the retention period", "the number of workers", "the heap size", "the batch size", "the lock timeout", "the time to live",
		"the size limit", "the retry budget"},
	"process": {"the failover", "the restore from backup", "the certificate renewal", "the schema migration", "the rollback", "the release checklist", "the escalation path", "the key rotation",
		"the capacity planning", "the change approval", "the handover between shifts", "the load test"},
	"task":   {"restart", "roll back", "drain", "rebuild", "fail over", "restore", "scale up", "isolate", "rotate the keys of", "reindex", "upgrade", "replay the messages of"},
	"team":   {"platform", "payments", "network", "support", "data", "security", "mobile", "storage"},
	"place":  {"its own subnet", "a second region", "managed hosting", "the new cluster", "region", "a separate volume", "customer", "a read-only replica"},
	"period": {"week", "month", "quarter", "release", "six weeks"},
	"number": {"5 minutes", "30 seconds", "90 percent", "2 GB", "200", "a day", "10,000", "one hour", "80 percent", "500 ms"},
}

// actionTexts makes n different actions of one document.
func actionTexts(r *rand.Rand, n int) []string {
	part := slots["part"][r.IntN(len(slots["part"]))]
	var out []string
	for len(out) < n {
		shape := shapes[r.IntN(len(shapes))]
		if len(out) > 0 && r.IntN(4) == 0 {
			first, _, _ := strings.Cut(out[r.IntN(len(out))], " ") // begin as another does
			if like := slices.DeleteFunc(slices.Clone(shapes), func(s string) bool { return !strings.HasPrefix(s, first+" ") }); len(like) > 0 {
				shape = like[r.IntN(len(like))]
			}
		}
		if r.IntN(2) == 0 {
			shape = strings.Replace(shape, "{part}", part, 1) // most are about what failed
		}
		if text := fill(r, shape); !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

// fill puts words into the slots of a shape.
func fill(r *rand.Rand, shape string) string {
	for {
		before, rest, ok := strings.Cut(shape, "{")
		if !ok {
			return shape
		}
		slot, after, _ := strings.Cut(rest, "}")
		shape = before + slots[slot][r.IntN(len(slots[slot]))] + after
	}
}

// reworded is text with a share of its words changed, to words that such actions have.
func reworded(r *rand.Rand, text string, share float64) string {
	words := strings.Fields(text)
	n := max(int(float64(len(words))*share+0.5), 1)
	for _, i := range r.Perm(len(words))[:n] {
		for old := words[i]; strings.EqualFold(words[i], old); {
			other := strings.Fields(fill(r, shapes[r.IntN(len(shapes))]))
			words[i] = other[r.IntN(len(other))]
		}
	}
	return strings.Join(words, " ")
}

// typo swaps two letters of a word, or leaves one out.
func typo(r *rand.Rand, text string) string {
	letters := []rune(text)
	i := 1 + r.IntN(len(letters)-2)
	if r.IntN(2) == 0 {
		return string(slices.Delete(letters, i, i+1))
	}
	letters[i], letters[i+1] = letters[i+1], letters[i]
	return string(letters)
}

// dressed is text with emphasis, code or a full stop, or without.
func dressed(r *rand.Rand, text string) string {
	words := strings.Fields(text)
	i := r.IntN(len(words))
	switch r.IntN(4) {
	case 0:
		words[i] = "**" + words[i] + "**"
	case 1:
		words[i] = "`" + words[i] + "`"
	case 2:
		words[i] = "_" + words[i] + "_"
	default:
		return text + "."
	}
	return strings.Join(words, " ")
}

// clause is what people append when they know more.
func clause(r *rand.Rand) string {
	return fill(r, []string{
		", so that {part} {survives}", " (together with the {team} team)", ", and tell support when {signal} exceeds {number}", " before the end of the {period}", ", as agreed in {process}",
		"; this includes {part}",
	}[r.IntN(6)])
}
