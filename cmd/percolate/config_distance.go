package main

import (
	"fmt"
	"strings"
)

// closest is the word that a person likely meant, "" when none is near.
func closest(written string, words []string) string {
	best, least := "", 3
	for _, word := range words {
		if d := distance(strings.ToLower(written), word); d < least && d < len(word) {
			best, least = word, d
		}
	}
	return best
}

// meant is the end of a message about a word that is unknown.
func meant(written string, words []string) string {
	if best := closest(written, words); best != "" {
		return fmt.Sprintf("; did you mean %q?", best)
	}
	return "; known are " + strings.Join(words, ", ")
}

// distance is how many letters have to be put in, taken out, changed or swapped with
// their neighbour to turn a into b.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			change := 1
			if x[i-1] == y[j-1] {
				change = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}
