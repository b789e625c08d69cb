package per

import "strings"

// valueKind is what a value of front matter or YAML is.
type valueKind int

const (
	nothing valueKind = iota // null, or a key without a value
	scalar                   // text, number or day, as written
	truth                    // true or false
	sequence
	mapping
	reference // an alias, or anything else that is not written out
)

func (k valueKind) String() string {
	return [...]string{"nothing", "one value", "true or false", "a list", "keys and values", "an alias"}[k]
}

// value is a value with the lines it stands on, whatever language it was written in.
type value struct {
	kind   valueKind
	text   string // of a scalar or truth
	line   int
	list   []value
	fields []field
}

// field is one key of a mapping.
type field struct {
	key   string // lower case, words joined by underscores
	name  string // as written
	line  int
	value value
}

// shift moves every line by n, since front matter does not begin on the first line.
func (v value) shift(n int) value {
	v.line += n
	for i := range v.list {
		v.list[i] = v.list[i].shift(n)
	}
	for i := range v.fields {
		v.fields[i].line += n
		v.fields[i].value = v.fields[i].value.shift(n)
	}
	return v
}

// get is the value of a key, nothing when the mapping lacks it.
func (v value) get(key string) value {
	for _, f := range v.fields {
		if f.key == key {
			return f.value
		}
	}
	return value{}
}

// keyWord gives "Time to detect" and "time-to-detect" the same key.
func keyWord(name string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return r == ' ' || r == '-' || r == '_'
	}), "_")
}
