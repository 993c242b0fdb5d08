package attention

import (
	"math"
	"runtime"
	"sync"

	"github.com/pyragen/pyragen/examples/ett/internal/model"
)

// softmax computes p = softmax(scale * s) of every row of slots, in plain Go on the given number of cores; 0 is all of them.
func softmax[T model.Float](p, s []T, slots int, scale T, workers int) {
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	rows := len(s) / slots
	var wait sync.WaitGroup
	for w := range workers {
		lo, hi := rows*w/workers*slots, rows*(w+1)/workers*slots
		wait.Go(func() {
			for ; lo < hi; lo += slots {
				softmaxRow(p[lo:lo+slots], s[lo:lo+slots], scale)
			}
		})
	}
	wait.Wait()
}

// softmaxRow subtracts the largest score first, so that exp cannot overflow. Every row of a pyramid holds at least its own node,
// so that the sum is at least 1.
func softmaxRow[T model.Float](p, s []T, scale T) {
	most := T(math.Inf(-1))
	for _, x := range s {
		most = max(most, scale*x)
	}
	var sum T
	for j, x := range s {
		p[j] = T(math.Exp(float64(T(scale*x) - most)))
		sum += p[j]
	}
	for j := range p {
		p[j] /= sum
	}
}
