package spec

import (
	"slices"
	"strings"
)

// Nearest returns the known name that got was probably meant to be, or "".
func Nearest(got string, known []string) string {
	if len(got) > 32 {
		return ""
	}
	best, most := "", 1+len(got)/4
	for _, k := range known {
		if d := distance(strings.ToLower(got), k); d <= most {
			best, most = k, d-1
		}
	}
	return best
}

// distance is the number of letters to insert, drop, change or swap with their neighbour (optimal string alignment).
func distance(a, b string) int {
	before, prev := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, prev = prev, row
	}
	return prev[len(b)]
}

// suggest is the fix for a name that is not known.
func suggest(got string, known []string) string {
	if k := Nearest(got, known); k != "" {
		return "did you mean " + k + "?"
	}
	return "use one of these"
}

// join writes a list as a sentence does: a, b and c.
func join(list []string, word string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	last := len(list) - 1
	return strings.Join(slices.Clone(list[:last]), ", ") + " " + word + " " + list[last]
}
