package fixed

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// crew is what the goroutines of a call share. Once its call is over it waits for the next one, which so allocates nothing.
type crew[T any] struct {
	call    T
	task    func(*T, int)
	tasks   shares
	done    <-chan struct{}
	failure atomic.Pointer[any]
	begin   time.Time
	others  atomic.Int64  // helpers that have not left yet
	over    chan struct{} // the last one to leave sends
}

// run calls task with 0, ..., tasks-1, each once, on up to the given number of goroutines; 0 is one for each core. With
// one worker tasks are done in order, and there is no goroutine but the caller's. Once done is closed no further tasks are begun; nor are they if one
// panics, and then run panics with the same value. Crews without a call are in idle.
func run[T any](idle *sync.Pool, workers int, done <-chan struct{}, tasks int, call T, task func(*T, int)) {
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	c, ok := idle.Get().(*crew[T])
	if !ok {
		c = &crew[T]{over: make(chan struct{}, 1)}
	}
	workers = max(1, min(workers, tasks))
	c.call, c.task, c.done, c.begin = call, task, done, time.Now()
	c.tasks.divide(max(0, tasks), workers)
	others := workers - 1
	c.others.Store(int64(others))
	for range others {
		help(c)
	}
	c.work()
	if others > 0 {
		arrives(c.over, patience)
		<-c.over
	}
	failure := c.failure.Load()
	c.rest()
	idle.Put(c)
	if failure != nil {
		panic(*failure)
	}
}

// work does tasks as long as there are any.
func (c *crew[T]) work() {
	defer func() {
		if r := recover(); r != nil {
			failure := r // r itself would be allocated without a failure, too
			c.failure.CompareAndSwap(nil, &failure)
		}
	}()
	mine := c.tasks.join()
	for c.failure.Load() == nil && !closed(c.done) {
		i, ok := c.tasks.take(mine)
		if !ok {
			return
		}
		c.task(&c.call, i)
	}
}

// took is how long ago the call began.
func (c *crew[T]) took() time.Duration { return time.Since(c.begin) }

// leave is what a helper does last.
func (c *crew[T]) leave() {
	if c.others.Add(-1) == 0 {
		c.over <- struct{}{}
	}
}

// rest forgets a call, whose tensors would be kept otherwise.
func (c *crew[T]) rest() {
	var none T
	c.call, c.done = none, nil
	c.failure.Store(nil)
}
