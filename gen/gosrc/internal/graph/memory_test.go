package graph

import (
	"sync"
	"testing"
)

// What is taken does not overlap, is as long as asked for, and what was borrowed once is not allocated again.
func TestMemory(t *testing.T) {
	var idle sync.Pool
	m := borrow[float32](&idle, 10)
	a, b := m.take(4), m.take(6)
	if len(a) != 4 || cap(a) != 4 || len(b) != 6 {
		t.Fatalf("took %d of %d and %d, want 4 of 4 and 6", len(a), cap(a), len(b))
	}
	for i := range a {
		a[i] = 1
	}
	for i, x := range b {
		if x != 0 {
			t.Errorf("b[%d] = %v after a was written", i, x)
		}
	}
	idle.Put(m)
	if n := testing.AllocsPerRun(100, func() {
		m := borrow[float32](&idle, 8)
		m.take(8)
		idle.Put(m)
	}); n >= 1 { // a pool may drop what it has
		t.Errorf("%v allocations each time, want none", n)
	}
	larger := borrow[float32](&idle, 100)
	if x := larger.take(100); len(x) != 100 {
		t.Errorf("took %d, want 100", len(x))
	}
	defer func() {
		if recover() == nil {
			t.Error("took more than was borrowed")
		}
	}()
	larger.take(1)
}
