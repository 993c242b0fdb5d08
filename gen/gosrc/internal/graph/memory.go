package graph

import "sync"

// memory is what a task, or a call, has for itself beside its arguments: as much as the graph asks for. Once done with, it waits for the
// next one.
type memory[T float32 | float64] struct {
	all, rest []T
}

// borrow returns memory for n numbers, which hold anything.
func borrow[T float32 | float64](idle *sync.Pool, n int) *memory[T] {
	m, ok := idle.Get().(*memory[T])
	if !ok {
		m = &memory[T]{}
	}
	if len(m.all) < n {
		m.all = make([]T, n)
	}
	m.rest = m.all
	return m
}

// take returns the next n numbers.
func (m *memory[T]) take(n int) []T {
	x := m.rest[:n:n]
	m.rest = m.rest[n:]
	return x
}
