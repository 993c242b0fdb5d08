package fixed

import (
	"sync"
	"testing"
	"unsafe"
)

// What is taken does not overlap, is as long as asked for, begins with a cache line, and what was borrowed once is not allocated again.
func TestMemory(t *testing.T) {
	var idle sync.Pool
	m := borrow[float32](&idle, 2, 23)
	a, b := m.take(17), m.take(6)
	if len(a) != 17 || cap(a) != 17 || len(b) != 6 {
		t.Fatalf("took %d of %d and %d, want 17 of 17 and 6", len(a), cap(a), len(b))
	}
	for _, x := range [][]float32{a, b} {
		if at := uintptr(unsafe.Pointer(&x[0])); at%64 != 0 {
			t.Errorf("took an array %d bytes behind the beginning of a cache line", at%64)
		}
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
		m := borrow[float32](&idle, 1, 8)
		m.take(8)
		idle.Put(m)
	}); n >= 1 { // a pool may drop what it has
		t.Errorf("%v allocations each time, want none", n)
	}
	larger := borrow[float32](&idle, 1, 100)
	if x := larger.take(100); len(x) != 100 {
		t.Errorf("took %d, want 100", len(x))
	}
	defer func() {
		if recover() == nil {
			t.Error("took more than was borrowed")
		}
	}()
	larger.take(33)
}
