package plan

import (
	"math"
	"slices"
	"strings"
	"unicode"
)

// closeness compares texts of one document. Two texts are close when they share
// words, and rare words count more than those that every action of the document
// uses ("add", "alert"); shared letter triples count a little, so that a mended
// typing error or a plural does not make a stranger of a word.
type closeness struct {
	texts  map[string]profile
	weight []float64 // of each word, by its number
}

// profile is a text as it is compared: its words and its triples as sorted numbers,
// repetitions included, so that two of them are compared by one walk along both.
type profile struct {
	words, triples []int
	weight         float64 // of all words
}

// wordShare is how much of the closeness the words make; the triples make the rest.
const wordShare = 0.75

// newCloseness weighs words by how many of today's texts have them. What links remember
// has no say in that: it is today's text once a plan was carried out, and another plan
// must come to the same end.
func newCloseness(today, remembered []string) closeness {
	c := closeness{texts: make(map[string]profile, len(today)+len(remembered))}
	words, triples := numbers{}, numbers{}
	in := map[int]int{} // in how many of today's texts a word stands
	for _, t := range today {
		p := c.add(t, words, triples)
		for _, w := range slices.Compact(slices.Clone(p.words)) {
			in[w]++
		}
	}
	for _, t := range remembered {
		c.add(t, words, triples)
	}
	c.weight = make([]float64, len(words))
	for w := range c.weight {
		c.weight[w] = 1 / math.Sqrt(float64(max(in[w], 1)))
	}
	for t, p := range c.texts {
		for _, w := range p.words {
			p.weight += c.weight[w]
		}
		c.texts[t] = p
	}
	return c
}

func (c closeness) add(text string, words, triples numbers) profile {
	p, known := c.texts[text]
	if !known {
		p = profileOf(text, words, triples)
		c.texts[text] = p
	}
	return p
}

// of is 0 for nothing in common and 1 for the same words. Both texts are among those
// that were weighed.
func (c closeness) of(a, b string) float64 {
	p, q := c.texts[a], c.texts[b]
	byWord := dice(shared(p.words, q.words, func(w int) float64 { return c.weight[w] }), p.weight+q.weight)
	byTriple := dice(shared(p.triples, q.triples, func(int) float64 { return 1 }), float64(len(p.triples)+len(q.triples)))
	return wordShare*byWord + (1-wordShare)*byTriple
}

// dice is the coefficient of that name: what two share, against all that they have.
func dice(shared, all float64) float64 {
	if all == 0 {
		return 0
	}
	return 2 * shared / all
}

// shared is the weight of what stands in both of two sorted lists.
func shared(a, b []int, weight func(int) float64) (sum float64) {
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			a = a[1:]
		case a[0] > b[0]:
			b = b[1:]
		default:
			sum += weight(a[0])
			a, b = a[1:], b[1:]
		}
	}
	return sum
}

func profileOf(text string, words, triples numbers) profile {
	var p profile
	for _, w := range wordsOf(text) {
		p.words = append(p.words, words.of(w))
		r := []rune(" " + w + " ")
		for i := 0; i+3 <= len(r); i++ {
			p.triples = append(p.triples, triples.of(string(r[i:i+3])))
		}
	}
	slices.Sort(p.words)
	slices.Sort(p.triples)
	return p
}

func wordsOf(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// numbers numbers texts in the order in which they come.
type numbers map[string]int

func (n numbers) of(s string) int {
	i, known := n[s]
	if !known {
		i = len(n)
		n[s] = i
	}
	return i
}
