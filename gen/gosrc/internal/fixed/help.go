package fixed

import (
	"runtime"
	"slices"
	"sync"
	"time"
)

// patience is how long a goroutine looks for what it waits for, at most, before its processor may go to sleep. To wake one takes as long
// on a virtual machine.
const patience = 100 * time.Microsecond

// helper is a goroutine that works for one call after the other.
type helper struct {
	next chan member
	work func() // h.works: a go statement of it allocates nothing
}

// member is a crew to a helper.
type member interface {
	work()
	took() time.Duration // since the call began
	leave()              // the crew may be another call's then
}

// helpers are those that look for work, the last one to begin with it last, and, without a goroutine, those that have ended.
var helpers struct {
	sync.Mutex
	free  []*helper
	ended sync.Pool
}

// help has a helper work for a crew: one that looks for work, or else one with a new goroutine.
func help(c member) {
	h := freeHelper()
	if h == nil {
		var ok bool
		if h, ok = helpers.ended.Get().(*helper); !ok {
			h = newHelper()
		}
		go h.work()
	}
	h.next <- c
}

func newHelper() *helper {
	h := &helper{next: make(chan member, 1)}
	h.work = h.works
	return h
}

// freeHelper returns a helper that looks for work, nil if there is none. It waits for a crew from then on.
func freeHelper() *helper {
	helpers.Lock()
	defer helpers.Unlock()
	last := len(helpers.free) - 1
	if last < 0 {
		return nil
	}
	h := helpers.free[last]
	helpers.free = helpers.free[:last]
	return h
}

// works is what the goroutine of a helper does: after a call it looks for the next one as long as the call took, and then ends.
func (h *helper) works() {
	for c := range h.next {
		c.work()
		wait := min(c.took(), patience)
		helpers.Lock()
		helpers.free = append(helpers.free, h)
		helpers.Unlock()
		c.leave() // a next call finds h free
		if !arrives(h.next, wait) && h.end() {
			return
		}
	}
}

// end takes a helper from those that look for work, unless it has been given some.
func (h *helper) end() bool {
	helpers.Lock()
	defer helpers.Unlock()
	i := slices.Index(helpers.free, h)
	if i < 0 {
		return false
	}
	helpers.free = slices.Delete(helpers.free, i, i+1)
	helpers.ended.Put(h)
	return true
}

// arrives reports whether something can be received from a channel within a time. Every few microseconds other goroutines get the processor,
// if there are any.
func arrives[T any](c <-chan T, within time.Duration) bool {
	start := time.Now()
	for i := 1; len(c) == 0; i++ {
		if time.Since(start) > within {
			return false
		}
		if i%64 == 0 {
			runtime.Gosched()
		}
	}
	return true
}
