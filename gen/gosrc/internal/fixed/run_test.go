package fixed

import (
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

// TestRun counts how often each task is done: once, for any number of workers.
func TestRun(t *testing.T) {
	for workers := range 10 {
		for _, tasks := range []int{0, 1, 2, 3, 8, 1000} {
			times := make([]int, tasks) // written without a lock: no two tasks may be the same
			run(workers, tasks, func(task int) { times[task]++ })
			for task, n := range times {
				if n != 1 {
					t.Fatalf("%d workers, %d tasks: task %d was done %d times", workers, tasks, task, n)
				}
			}
		}
	}
	run(3, -1, func(int) { t.Error("there is no task") })
}

// TestRunWorkers counts the goroutines that are at work at once: as many as asked for, never more than there are tasks, and all
// cores for 0.
func TestRunWorkers(t *testing.T) {
	for _, c := range []struct{ workers, tasks, want int }{
		{1, 5, 1}, {2, 50, 2}, {4, 50, 4}, {8, 3, 3}, {1 << 30, 2, 2}, {7, 1, 1}, {0, 50, runtime.GOMAXPROCS(0)},
	} {
		var mu sync.Mutex
		together := sync.NewCond(&mu)
		at, most := 0, 0
		run(c.workers, c.tasks, func(task int) {
			mu.Lock()
			defer mu.Unlock()
			at++
			most = max(most, at)
			together.Broadcast()
			for task < c.want && most < c.want { // the first tasks wait for each other: each needs a worker of its own
				together.Wait()
			}
			at--
		})
		if most != c.want {
			t.Errorf("%d workers, %d tasks: got %d at once, want %d", c.workers, c.tasks, most, c.want)
		}
	}
}

// TestRunInline: one worker is the caller, and starts no goroutine.
func TestRunInline(t *testing.T) {
	before := runtime.NumGoroutine()
	allocs := testing.AllocsPerRun(10, func() {
		run(1, 100, func(int) {
			if runtime.NumGoroutine() > before {
				t.Error("got a goroutine for one worker")
			}
		})
	})
	if allocs > 1 {
		t.Errorf("got %v allocations, want none beyond the task's", allocs)
	}
}

// TestRunPanic: the caller gets the panic of a task, wherever it ran, when no task is at work any more.
func TestRunPanic(t *testing.T) {
	boom := errors.New("boom")
	for workers := 1; workers <= 8; workers++ {
		for bad := range 20 {
			var begun, ended atomic.Int64
			got := func() (r any) {
				defer func() { r = recover() }()
				run(workers, 10_000, func(task int) {
					begun.Add(1)
					defer ended.Add(1)
					if task == bad {
						panic(boom)
					}
				})
				return nil
			}()
			if got != boom {
				t.Fatalf("%d workers: got %v, want the panic of task %d", workers, got, bad)
			}
			if b, e := begun.Load(), ended.Load(); b != e || workers == 1 && b != int64(bad)+1 {
				t.Errorf("%d workers: %d tasks had begun and %d ended when task %d had panicked", workers, b, e, bad)
			}
		}
	}
}
