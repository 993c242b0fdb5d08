package fixed

import (
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// do runs a function as the tasks of a call.
func do(workers int, done <-chan struct{}, tasks int, task func(int)) {
	run(&idle, workers, done, tasks, task, func(task *func(int), i int) { (*task)(i) })
}

var idle sync.Pool

// TestRun counts how often each task is done: once, for any number of workers.
func TestRun(t *testing.T) {
	for workers := range 10 {
		for _, tasks := range []int{0, 1, 2, 3, 8, 1000} {
			times := make([]int, tasks) // written without a lock: no two tasks may be the same
			do(workers, nil, tasks, func(task int) { times[task]++ })
			for task, n := range times {
				if n != 1 {
					t.Fatalf("%d workers, %d tasks: task %d was done %d times", workers, tasks, task, n)
				}
			}
		}
	}
	do(3, nil, -1, func(int) { t.Error("there is no task") })
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
		do(c.workers, nil, c.tasks, func(task int) {
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
	do(1, nil, 100, func(int) {
		if runtime.NumGoroutine() > before {
			t.Error("got a goroutine for one worker")
		}
	})
}

// TestRunAllocations: a call after the first allocates nothing, with goroutines or without.
func TestRunAllocations(t *testing.T) {
	type call struct {
		x    []float32
		plus float32
	}
	var idle sync.Pool
	x := make([]float32, 100)
	for workers := 1; workers <= 4; workers++ {
		allocs := testing.AllocsPerRun(100, func() {
			run(&idle, workers, nil, len(x), call{x, 2}, func(c *call, i int) { c.x[i] += c.plus })
		})
		if allocs > 0 {
			t.Errorf("%d workers: got %v allocations, want none", workers, allocs)
		}
	}
	if x[0] != 4*101*2 || x[99] != x[0] {
		t.Errorf("got %v and %v, want %v: every task of every call once", x[0], x[99], 4*101*2)
	}
}

// TestRunForgets: what a call was given is not kept when it is over.
func TestRunForgets(t *testing.T) {
	freed := make(chan bool, 1)
	var idle sync.Pool
	func() {
		x := new([1 << 16]float32)
		runtime.AddCleanup(x, func(freed chan bool) { freed <- true }, freed)
		run(&idle, 2, nil, 3, x, func(x **[1 << 16]float32, i int) { (*x)[i] = 1 })
	}()
	c := idle.Get() // not emptied by the collector
	for range 100 {
		runtime.GC()
		select {
		case <-freed:
			runtime.KeepAlive(c)
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
	t.Error("the tensor of a call that is over is still there")
}

// TestRunPanic: the caller gets the panic of a task, wherever it ran, when no task is at work any more.
func TestRunPanic(t *testing.T) {
	boom := errors.New("boom")
	for workers := 1; workers <= 8; workers++ {
		for bad := range 20 {
			var begun, ended atomic.Int64
			got := func() (r any) {
				defer func() { r = recover() }()
				do(workers, nil, 10_000, func(task int) {
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

// TestRunCanceled: tasks that have begun end, and no more than one a worker begins after done is closed.
func TestRunCanceled(t *testing.T) {
	for workers := 1; workers <= 8; workers++ {
		for _, last := range []int{-1, 0, 7} {
			done := make(chan struct{})
			if last < 0 {
				close(done)
			}
			var begun, ended atomic.Int64
			before := runtime.NumGoroutine()
			do(workers, done, 10_000, func(task int) {
				begun.Add(1)
				if task == last {
					close(done)
				}
				if task > last {
					<-done
				}
				ended.Add(1)
			})
			b, e := begun.Load(), ended.Load()
			if b != e || last < 0 && b != 0 || b > int64(last+workers) || b < int64(last+1) {
				t.Errorf("%d workers, closed by task %d: %d tasks began, %d ended", workers, last, b, e)
			}
			if now := runtime.NumGoroutine(); now > before+8 {
				t.Errorf("%d workers: %d goroutines before, %d after", workers, before, now)
			}
			if err := canceled("Op", done); !errors.Is(err, ErrCanceled) || err.Error() != "fixed.Op: canceled by Sizes.Done; the outputs are unspecified" {
				t.Errorf("got %v", err)
			}
		}
	}
	if err := canceled("Op", nil); err != nil {
		t.Errorf("got %v for no channel", err)
	}
	if err := canceled("Op", make(chan struct{})); err != nil {
		t.Errorf("got %v for an open channel", err)
	}
}
