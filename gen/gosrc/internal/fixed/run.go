package fixed

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// run calls task with 0, ..., tasks-1, each once, on up to the given number of goroutines; 0 is one for each core. Tasks are taken
// in order, one at a time. With one worker no goroutine is started. If a task panics no further ones are begun, and run panics with
// the same value.
func run(workers, tasks int, task func(int)) {
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = min(workers, tasks)
	if workers <= 1 {
		for i := range tasks {
			task(i)
		}
		return
	}

	var next atomic.Int64
	var failure atomic.Pointer[any]
	work := func() {
		defer func() {
			if r := recover(); r != nil {
				failure.CompareAndSwap(nil, &r)
			}
		}()
		for failure.Load() == nil {
			i := next.Add(1) - 1
			if i >= int64(tasks) {
				return
			}
			task(int(i))
		}
	}
	var others sync.WaitGroup
	for range workers - 1 {
		others.Add(1)
		go func() {
			defer others.Done()
			work()
		}()
	}
	work()
	others.Wait()
	if r := failure.Load(); r != nil {
		panic(*r)
	}
}
