package fixed

import (
	"sync"
	"testing"
)

// TestDivide: each worker has neighbours, as many as any other or one more, and they have all tasks.
func TestDivide(t *testing.T) {
	var s shares
	for workers := 1; workers <= 9; workers++ {
		for tasks := range 40 {
			s.divide(tasks, workers)
			next := 0
			for k := range workers {
				mine := s.join()
				if n := mine.to - mine.from; mine.from != next || n < tasks/workers || n > (tasks+workers-1)/workers {
					t.Fatalf("%d tasks, %d workers: worker %d has %d to %d, want them from %d, an equal share", tasks, workers, k, mine.from, mine.to, next)
				}
				next = mine.to
			}
			if next != tasks {
				t.Fatalf("%d tasks, %d workers: got %d tasks", tasks, workers, next)
			}
		}
	}
}

// TestTake: a worker goes through its share in order, and then through the second half of the largest one.
func TestTake(t *testing.T) {
	var s shares
	s.divide(12, 3) // 0-3, 4-7, 8-11
	a, b, c := s.join(), s.join(), s.join()
	for k, step := range []struct {
		mine *share
		want int
	}{
		{c, 8}, {b, 4}, {b, 5}, {c, 9}, {c, 10}, {c, 11},
		{c, 2}, {c, 3}, // of 0-3, while b has 6 and 7
		{b, 6}, {c, 1}, {b, 7}, {b, 0},
	} {
		if got, ok := s.take(step.mine); !ok || got != step.want {
			t.Fatalf("task %d: got %d, %v, want %d", k, got, ok, step.want)
		}
	}
	for k, mine := range []*share{a, b, c} {
		if got, ok := s.take(mine); ok {
			t.Errorf("worker %d: got task %d, want none: all are taken", k, got)
		}
	}
}

// TestRunBalanced: while one task lasts, other workers do all that is left of its worker's share.
func TestRunBalanced(t *testing.T) {
	const tasks = 100
	for workers := 2; workers <= 8; workers++ {
		for long := range tasks {
			var others sync.WaitGroup
			others.Add(tasks - 1)
			do(workers, nil, tasks, func(task int) {
				if task == long {
					others.Wait()
				} else {
					others.Done()
				}
			})
		}
	}
}
