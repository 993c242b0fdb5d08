package fixed

import (
	"sync"
	"sync/atomic"
)

// shares are the tasks of a call that have not begun. Each worker has those of a stretch: neighbours read the same rows, which stay in its cache,
// and memory is faster in order. A worker with none left takes half of what another one has.
type shares struct {
	moving sync.Mutex // held while tasks go from one worker to another
	of     []share
	given  atomic.Int64 // to workers that have begun
}

// share is the tasks of one worker, from one to before another. It fills a cache line, as others write to the next.
type share struct {
	sync.Mutex
	from, to int
	_        [40]byte
}

// divide gives tasks 0, ..., tasks-1 to so many workers.
func (s *shares) divide(tasks, workers int) {
	if cap(s.of) < workers {
		s.of = make([]share, workers)
	}
	s.of = s.of[:workers]
	from := 0
	for k := range s.of {
		to := from + tasks/workers
		if k < tasks%workers {
			to++
		}
		s.of[k].from, s.of[k].to = from, to
		from = to
	}
	s.given.Store(0)
}

// join returns the share of a worker that begins.
func (s *shares) join() *share { return &s.of[s.given.Add(1)-1] }

// take returns the next task of a worker with that share, of others if it has none, and false if nobody has.
func (s *shares) take(mine *share) (task int, ok bool) {
	for {
		if task, ok = mine.first(); ok {
			return task, true
		}
		if !s.move(mine) {
			return 0, false
		}
	}
}

// move gives half of the largest share, its end, to a worker that has none, and reports whether there are tasks.
func (s *shares) move(to *share) bool {
	s.moving.Lock()
	defer s.moving.Unlock()
	largest, most := to, 0
	for k := range s.of {
		if n := s.of[k].left(); n > most {
			largest, most = &s.of[k], n
		}
	}
	if most == 0 {
		return false
	}
	first, end := largest.half()
	to.Lock()
	to.from, to.to = first, end
	to.Unlock()
	return true
}

// first takes the first task.
func (s *share) first() (task int, ok bool) {
	s.Lock()
	defer s.Unlock()
	if s.from == s.to {
		return 0, false
	}
	s.from++
	return s.from - 1, true
}

// half takes the second half, the larger one.
func (s *share) half() (from, to int) {
	s.Lock()
	defer s.Unlock()
	from, to = s.from+(s.to-s.from)/2, s.to
	s.to = from
	return from, to
}

// left is how many there are.
func (s *share) left() int {
	s.Lock()
	defer s.Unlock()
	return s.to - s.from
}
