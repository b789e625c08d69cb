package rally

import (
	"fmt"
	"strings"
	"time"
)

// query is a condition in Rally's query language, which wants parentheses round every
// comparison and round every pair of conditions, and takes no others. A query is only
// made by the functions here, so it cannot have another form. The zero query asks for
// everything.
type query struct{ text string }

// is compares an attribute with a value. The value may be a text, a number, an instant
// or nil for null.
func is(attribute, operator string, value any) query {
	return query{"(" + attribute + " " + operator + " " + literal(value) + ")"}
}

func literal(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case bool, int, int64:
		return fmt.Sprint(v)
	case oid:
		return v.String()
	case time.Time:
		return `"` + stamp(v) + `"`
	default:
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(fmt.Sprint(v)) + `"`
	}
}

// and holds where both do.
func (q query) and(r query) query { return q.join("AND", r) }

// or holds where one of them does.
func (q query) or(r query) query { return q.join("OR", r) }

func (q query) join(operator string, r query) query {
	switch {
	case q.text == "":
		return r
	case r.text == "":
		return q
	}
	return query{"(" + q.text + " " + operator + " " + r.text + ")"}
}

// anyOf holds where one of many does. Pairs are made of halves, so that the nesting
// stays shallow however many there are.
func anyOf(all []query) query {
	switch len(all) {
	case 0:
		return query{}
	case 1:
		return all[0]
	}
	half := len(all) / 2
	return anyOf(all[:half]).or(anyOf(all[half:]))
}

// oneOf compares an attribute with each of several values.
func oneOf[T any](attribute string, values []T) query {
	all := make([]query, len(values))
	for i, v := range values {
		all[i] = is(attribute, "=", v)
	}
	return anyOf(all)
}
