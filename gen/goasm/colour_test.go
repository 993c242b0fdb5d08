package goasm

import (
	"math/rand/v2"
	"testing"

	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/reg"

	"github.com/pyragen/pyragen/schedule"
)

// TestColouring compares the registers that are dealt out with those of avo's allocator, on random interferences.
func TestColouring(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	dealt, refused := 0, 0
	for try := range 300 {
		target, err := schedule.FindTarget([]string{"avx2", "avx512"}[try%2])
		if err != nil {
			t.Fatal(err)
		}
		registers := allowed(reg.KindVector, target)
		theirs, err := pass.NewAllocator(registers)
		if err != nil {
			t.Fatal(err)
		}
		ours, fresh := newColouring(registers), reg.NewCollection()
		var ids []reg.ID
		for range 1 + r.IntN(60) {
			ids = append(ids, fresh.YMM().ID())
			theirs.Add(ids[len(ids)-1])
			ours.add(ids[len(ids)-1])
		}
		for range r.IntN(len(ids) * len(ids)) {
			x, y := ids[r.IntN(len(ids))], ids[r.IntN(len(ids))]
			if r.IntN(20) == 0 {
				y = registers[r.IntN(len(registers))].ID()
			}
			if x != y {
				theirs.AddInterference(x, y)
				ours.interfere(ours.add(x), ours.add(y))
			}
		}
		want, err := theirs.Allocate()
		got, ok := ours.allocation()
		if ok != (err == nil) {
			t.Fatalf("try %d: got ok %v, avo says %v", try, ok, err)
		}
		if !ok {
			refused++
			continue
		}
		dealt++
		for _, id := range ids {
			if got[id] != want[id] {
				t.Fatalf("try %d: register %d got %d, avo gives %d", try, id, got[id], want[id])
			}
		}
	}
	if dealt < 50 || refused < 20 {
		t.Fatalf("%d dealt out, %d refused: the test has drifted", dealt, refused)
	}
}
