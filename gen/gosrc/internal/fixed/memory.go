package fixed

import (
	"sync"
	"unsafe"
)

// memory is what a task, or a call, has for itself beside its arguments. Once done with, it waits for the next one.
type memory[T float32 | float64] struct {
	all, rest []T
}

// line is the size of a cache line, in bytes.
const line = 64

// borrow returns memory for some arrays of n numbers in all, which hold anything.
func borrow[T float32 | float64](idle *sync.Pool, arrays, n int) *memory[T] {
	m, ok := idle.Get().(*memory[T])
	if !ok {
		m = &memory[T]{}
	}
	perLine := line / int(unsafe.Sizeof(T(0)))
	if n += (arrays + 1) * perLine; len(m.all) < n {
		m.all = make([]T, n)
	}
	m.rest = m.all[-uintptr(unsafe.Pointer(&m.all[0]))%line/unsafe.Sizeof(T(0)):]
	return m
}

// take returns the next array of n numbers, which begins with a cache line, so that no vector lies in two.
func (m *memory[T]) take(n int) []T {
	x := m.rest[:n:n]
	perLine := line / int(unsafe.Sizeof(T(0)))
	m.rest = m.rest[(n+perLine-1)/perLine*perLine:]
	return x
}
