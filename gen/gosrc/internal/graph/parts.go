package graph

import (
	"runtime"
	"sync"
)

// leastPart is how many elements are worth a goroutine.
const leastPart = 1 << 13

// countParts is into how many parts inParts splits n elements.
func countParts(n int) int { return max(1, min(runtime.GOMAXPROCS(0), n/leastPart)) }

// inParts calls do with parts lo to hi-1 of 0 to n-1, side by side.
func inParts(n int, do func(part, lo, hi int)) { splitParts(n, countParts(n), do) }

// splitParts is inParts with a given number of parts, which differ by at most one element.
func splitParts(n, parts int, do func(part, lo, hi int)) {
	from := func(part int) int { return part*(n/parts) + min(part, n%parts) }
	var others sync.WaitGroup
	for part := 1; part < parts; part++ {
		others.Go(func() { do(part, from(part), from(part+1)) })
	}
	do(0, 0, from(1))
	others.Wait()
}

// firstInParts returns the first of 0 to n-1 that find finds in a part; -1 is none, in find as well.
func firstInParts(n int, find func(lo, hi int) int) int {
	found := make([]int, countParts(n))
	splitParts(n, len(found), func(part, lo, hi int) { found[part] = find(lo, hi) })
	for _, i := range found {
		if i >= 0 {
			return i
		}
	}
	return -1
}
