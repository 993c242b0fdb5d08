// Package peak measures what bounds a kernel on the machine at hand, on all processors at once: how many bytes it streams from memory
// and to it in a second, and how many floating-point operations it does on values that are in registers.
package peak

import (
	"math"
	"runtime"
	"sync"
	"time"
)

// rounds are how often each is measured; the best counts, since all that disturbs makes it slower.
const rounds = 5

// Bandwidth is the bytes a second that a copy of large arrays reads and writes, each byte read and each byte written counted once.
func Bandwidth() float64 {
	workers := runtime.GOMAXPROCS(0)
	share := streamed / workers
	from, to := make([][]byte, workers), make([][]byte, workers)
	together(workers, func(w int) { // by the processor that will use them
		from[w], to[w] = filled(share), filled(share)
	})
	best := math.Inf(1)
	for range rounds {
		start := time.Now()
		together(workers, func(w int) { copy(to[w], from[w]) })
		best = min(best, time.Since(start).Seconds())
	}
	return float64(2*share*workers) / best
}

// streamed is the bytes that a copy reads, several times what caches hold.
const streamed = 128 << 20

func filled(n int) []byte {
	b := make([]byte, n)
	for i := 0; i < n; i += 4 << 10 { // every page
		b[i] = 1
	}
	return b
}

// Flops is the operations a second, a multiply-add counted as two, that the instructions of an instruction set ("go", "avx2",
// "avx512") do on elements of 4 or 8 bytes. The machine must have the instruction set.
func Flops(isa string, bytes int) float64 {
	loop, perTurn := loopOf(isa, bytes)
	turns := 1 << 10
	for elapsed(1, loop, turns) < least {
		turns *= 2
	}
	workers := runtime.GOMAXPROCS(0)
	best := math.Inf(1)
	for range rounds {
		best = min(best, elapsed(workers, loop, turns).Seconds())
	}
	return float64(workers) * float64(turns) * float64(perTurn) / best
}

// least is the time of a measurement, long beside that of starting a worker.
const least = 4 * time.Millisecond

func elapsed(workers int, loop func(turns int), turns int) time.Duration {
	start := time.Now()
	together(workers, func(int) { loop(turns) })
	return time.Since(start)
}

// together runs f on so many workers at once.
func together(workers int, f func(worker int)) {
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() { f(w) })
	}
	group.Wait()
}

// portable does eight products and sums a turn, one after the other in eight chains, each rounded as in the kernels in Go.
func portable[T float32 | float64](turns int) {
	var a, b, c, d, e, f, g, h T = 1, 2, 3, 4, 5, 6, 7, 8
	x, y := T(turns&1), T(1)
	for range turns {
		a, b, c, d = T(a*x)+y, T(b*x)+y, T(c*x)+y, T(d*x)+y
		e, f, g, h = T(e*x)+y, T(f*x)+y, T(g*x)+y, T(h*x)+y
	}
	if a+b+c+d+e+f+g+h < 0 { // never, which the compiler does not know
		panic("peak: a sum of what is not negative is")
	}
}

const portableFlops = 2 * 8 // of a turn

func portableOf(bytes int) func(turns int) {
	if bytes == 4 {
		return portable[float32]
	}
	return portable[float64]
}
