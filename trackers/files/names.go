package files

import "fmt"

// names are the file names and ids that are taken, in the form of [fold].
type names map[string]bool

func newNames(x *index) names {
	n := make(names, 2*len(x.heads))
	for _, h := range x.heads {
		n.take(stemOf(h.path))
		n.take(string(h.id))
	}
	return n
}

func (n names) take(name string) { n[fold(name)] = true }

// next is stem, or stem with the first number from *i on that makes it free; *i
// becomes that number.
func (n names) next(stem string, i *int) string {
	for ; ; *i++ {
		name := stem
		if *i > 1 {
			name = fmt.Sprintf("%s-%d", stem, *i)
		}
		if !n[fold(name)] {
			return name
		}
	}
}
