package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/ir"
)

// TestDriver walks a driver with every statement and operator that drivers have, and lists its calls.
func TestDriver(t *testing.T) {
	f, g := &ir.Func{Name: "leaf"}, &ir.Func{Name: "edge"}
	buf := &ir.Buffer{Name: "s"}
	less := &ir.Compare{Op: ir.LT, X: ir.Var("i"), Y: ir.Int(2)}
	uncached := &ir.Uncached{Bytes: ir.Minus(ir.Int(ir.CachedBytes+1), ir.Var("i"))}
	body := []ir.Stmt{
		&ir.Let{Var: "n1", Value: ir.Quo(ir.Var("len"), ir.Int(4))},
		&ir.For{Var: "i", Lo: ir.Int(0), Hi: ir.Least(ir.Var("n1"), ir.Int(9)), Step: 2, Parallel: true, Body: []ir.Stmt{
			&ir.If{Cond: &ir.And{X: &ir.Aligned{Buf: buf, Bytes: 32}, Y: uncached}, Then: []ir.Stmt{&ir.Call{Func: f, Args: []ir.Index{ir.Var("i")}}},
				Else: []ir.Stmt{&ir.Call{Func: g, Args: []ir.Index{ir.Rem(ir.Minus(ir.Int(0), ir.Var("i")), ir.Int(3)),
					&ir.Pick{Cond: less, X: ir.Int(1), Y: ir.Most(ir.Times(ir.Var("i"), ir.Int(5)), ir.Plus(ir.Var("len"), ir.Int(1)))}}}}},
		}},
	}
	for _, aligned := range []bool{true, false} {
		var calls []string
		d := driver{aligned: func(*ir.Aligned) bool { return aligned }, call: func(f *ir.Func, ints []int64) error {
			calls = append(calls, fmt.Sprint(f.Name, ints))
			return nil
		}}
		want := []string{"leaf[0]", "edge[1 22]", "edge[2 22]"}
		if !aligned {
			want[0] = "edge[0 1]"
		}
		if err := d.run(body, map[ir.Var]int64{"len": 21}); err != nil || !slices.Equal(calls, want) {
			t.Errorf("calls %v, want %v: %v", calls, want, err)
		}
	}
	for text, s := range map[string]ir.Stmt{
		"nobody is not known": &ir.Let{Var: "x", Value: ir.Var("nobody")},
		"division by 0":       &ir.Let{Var: "x", Value: ir.Quo(ir.Int(1), ir.Int(0))},
		"cannot walk":         &ir.LetMask{Name: "k"},
	} {
		if err := (driver{}).run([]ir.Stmt{s}, nil); err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("%v: %v, want %s", s, err, text)
		}
	}
}

// TestFrame: the layout that go vet checks of assembly: a float32 takes four bytes, what follows is aligned.
func TestFrame(t *testing.T) {
	tensors := map[string]*tensor{"s": {addr: 0x1122}, "y": {addr: 0x33}}
	vector := []ir.Index{ir.Int(1)}
	f := &ir.Func{Buffers: []*ir.Buffer{{Name: "s", Dims: vector}, {Name: "padding"}, {Name: "y", Dims: vector}}}
	scalars := map[string]float64{"padding": 1}
	got := frames{tensors, scalars, 7}.of(f, []int64{-1})
	if want := "2211000000000000 0000803f00000000 3300000000000000 ffffffffffffffff"; fmt.Sprintf("%x %x %x %x", got[:8], got[8:16], got[16:24], got[24:]) != want {
		t.Errorf("got %x, want %s", got, want)
	}
	f.Buffers[1].Type = ir.F64
	got = frames{tensors, scalars, 7}.of(f, nil)
	if len(got) != 24 || got[15] != 0x3f || got[14] != 0xf0 {
		t.Errorf("got %x", got)
	}
	f.Buffers = []*ir.Buffer{{Name: "padding"}, {Name: "seed", Type: ir.U64}}
	if got = (frames{tensors, scalars, 7}).of(f, nil); len(got) != 16 || got[8] != 7 {
		t.Errorf("with a seed: got %x", got)
	}
}
