package goasm

import (
	"testing"

	avo "github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/reg"

	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/ops"
	"github.com/pyragen/pyragen/schedule"
)

// TestLiveness compares what is live after every instruction, and the pressure, with avo's pass, on functions of every kind.
func TestLiveness(t *testing.T) {
	instructions, blocks := 0, 0
	for _, opName := range []string{"scores", "context", "attention"} {
		op, err := ops.ByName(opName)
		if err != nil {
			t.Fatal(err)
		}
		for _, targetName := range []string{"avx2", "avx512"} {
			target, err := schedule.FindTarget(targetName)
			if err != nil {
				t.Fatal(err)
			}
			k := op.Build(ops.Options{Type: ir.F32, Graph: ir.Graph{Kind: ir.Pyramid, Window: 3, Strides: []int{4, 4}}, Dim: 20})
			s, err := schedule.Default(k, target)
			if err != nil {
				t.Fatal(err)
			}
			p, err := schedule.Run(k, s, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, fn := range flowing(t, p) {
				instructions, blocks = instructions+len(fn.Instructions()), blocks+compareLiveness(t, fn)
			}
		}
	}
	if instructions < 5000 || blocks < 500 {
		t.Fatalf("only %d instructions in %d blocks: the test has drifted", instructions, blocks)
	}
}

// compareLiveness compares one function and returns how many blocks it has.
func compareLiveness(t *testing.T, fn *avo.Function) (blocks int) {
	t.Helper()
	l := livenessOf(fn)
	if err := pass.Liveness(fn); err != nil {
		t.Fatal(err)
	}
	code := fn.Instructions()
	most := map[reg.Kind]int{}
	l.each(func(k int, registers []int, live []uint16) {
		got := reg.NewEmptyMaskSet()
		for _, n := range registers {
			got.Add(l.ids[n], live[n])
		}
		if !got.Equals(code[k].LiveOut) {
			t.Fatalf("%s: after instruction %d, %s: got %v live, avo says %v", fn.Name, k, code[k].Opcode, got, code[k].LiveOut)
		}
		for _, r := range code[k].OutputRegisters() {
			got.AddRegister(r)
		}
		for _, kind := range []reg.Kind{reg.KindGP, reg.KindVector, reg.KindOpmask} {
			most[kind] = max(most[kind], len(got.OfKind(kind)))
		}
	})
	for kind, want := range most {
		if got := l.pressure(kind); got != want {
			t.Errorf("%s: got %d %s registers live at once, want %d", fn.Name, got, kindName(kind), want)
		}
	}
	return len(l.blocks)
}

// flowing are the functions of a program with virtual registers and their control flow.
func flowing(t *testing.T, p *ir.Program) (fns []*avo.Function) {
	t.Helper()
	work, err := functions([]*ir.Program{p}, func(_ *ir.Program, f *ir.Func) string { return f.Name }, &pool{})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range work {
		if err := w.begin(); err != nil {
			t.Fatal(err)
		}
		for _, prepare := range []func(*avo.Function) error{pass.PruneJumpToFollowingLabel, pass.PruneDanglingLabels, pass.LabelTarget, pass.CFG} {
			if err := prepare(w.out); err != nil {
				t.Fatal(err)
			}
		}
		fns = append(fns, w.out)
	}
	return fns
}
