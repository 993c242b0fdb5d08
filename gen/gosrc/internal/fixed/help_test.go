package fixed

import (
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

// visited is a crew that counts the helpers that come and says how many are free when one leaves.
type visited struct {
	came atomic.Int64
	left chan int
	long time.Duration
}

func (v *visited) work()               { v.came.Add(1) }
func (v *visited) took() time.Duration { return v.long }
func (v *visited) leave()              { v.left <- free() }

// free is how many helpers look for work.
func free() int {
	helpers.Lock()
	defer helpers.Unlock()
	return len(helpers.free)
}

// allEnd waits until no helper looks for work.
func allEnd(t *testing.T) {
	t.Helper()
	for range 1000 {
		if free() == 0 {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatalf("%d helpers still look for work, want none after %v", free(), patience)
}

// TestHelpFree: a helper that looks for work is given the next, and one that has been given some does not end.
func TestHelpFree(t *testing.T) {
	allEnd(t)
	h := newHelper()
	helpers.free = append(helpers.free, h)
	v := &visited{}
	help(v)
	if got := <-h.next; got != v || free() != 0 {
		t.Errorf("got %v and %d free helpers, want the crew and none", got, free())
	}
	if h.end() {
		t.Error("a helper ended that had been given work")
	}
	helpers.free = append(helpers.free, h)
	if !h.end() || free() != 0 {
		t.Errorf("got %d free helpers, want none: there was no work", free())
	}
}

// TestHelpersEnd: helpers are free before they leave a crew, and their goroutines end when no work comes.
func TestHelpersEnd(t *testing.T) {
	allEnd(t)
	before := runtime.NumGoroutine()
	for range 100 {
		v := &visited{left: make(chan int), long: time.Hour}
		help(v)
		if n := <-v.left; n < 1 || v.came.Load() != 1 {
			t.Fatalf("%d helpers came and %d were free when one left, want 1 and at least 1", v.came.Load(), n)
		}
	}
	allEnd(t)
	for range 1000 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d goroutines, want the %d from before", runtime.NumGoroutine(), before)
}

// TestArrives: what is there is seen at once, what is not is waited for as long as told.
func TestArrives(t *testing.T) {
	c := make(chan int, 1)
	start := time.Now()
	if arrives(c, time.Millisecond) || time.Since(start) < time.Millisecond {
		t.Errorf("gave up after %v, want 1 ms", time.Since(start))
	}
	go func() {
		time.Sleep(time.Millisecond)
		c <- 1
	}()
	if !arrives(c, time.Minute) {
		t.Error("did not see what arrived")
	}
	if !arrives(c, 0) {
		t.Error("did not see what was there")
	}
}
