package plan

import (
	"math"
	"strings"
	"unicode"
)

// closeness compares texts of one document. Two texts are close when they share
// words, and rare words count more than those that every action of the document
// uses ("add", "alert"); shared letter triples count a little, so that a mended
// typing error or a plural does not make a stranger of a word.
type closeness struct {
	weight map[string]float64
}

func newCloseness(texts []string) closeness {
	in := map[string]int{}
	for _, t := range texts {
		for w := range bag(words(t)) {
			in[w]++
		}
	}
	c := closeness{weight: make(map[string]float64, len(in))}
	for w, n := range in {
		// A word of both versions of one action stands in two texts and still counts in full.
		c.weight[w] = 1 / math.Sqrt(float64(max(n, 2)-1))
	}
	return c
}

// of is 0 for nothing in common and 1 for the same words.
func (c closeness) of(a, b string) float64 {
	byWord := shared(bag(words(a)), bag(words(b)), func(w string) float64 { return c.weight[w] })
	byTriple := shared(bag(triples(a)), bag(triples(b)), func(string) float64 { return 1 })
	return 0.75*byWord + 0.25*byTriple
}

// shared is the weighted Dice coefficient of two bags.
func shared(a, b map[string]int, weight func(string) float64) float64 {
	var common, all float64
	for w, n := range a {
		common += weight(w) * float64(min(n, b[w]))
		all += weight(w) * float64(n)
	}
	for w, n := range b {
		all += weight(w) * float64(n)
	}
	if all == 0 {
		return 0
	}
	return 2 * common / all
}

func words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// triples are the runs of three letters within words.
func triples(s string) []string {
	var out []string
	for _, w := range words(s) {
		r := []rune(" " + w + " ")
		for i := 0; i+3 <= len(r); i++ {
			out = append(out, string(r[i:i+3]))
		}
	}
	return out
}

func bag(items []string) map[string]int {
	m := make(map[string]int, len(items))
	for _, w := range items {
		m[w]++
	}
	return m
}
