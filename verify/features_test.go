package verify

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// The known answers of Random123, and what they come to as numbers of slots.
func TestThreefry(t *testing.T) {
	for _, c := range []struct{ counter, key, want [2]uint32 }{
		{[2]uint32{0, 0}, [2]uint32{0, 0}, [2]uint32{0x9d1c5ec6, 0x8bd50731}},
		{[2]uint32{0xffffffff, 0xffffffff}, [2]uint32{0xffffffff, 0xffffffff}, [2]uint32{0xfd36d048, 0x2d17272c}},
		{[2]uint32{0x243f6a88, 0x85a308d3}, [2]uint32{0x13198a2e, 0x03707344}, [2]uint32{0xba3e4725, 0xf27d669e}},
	} {
		if got := threefry(c.key, c.counter); got != c.want {
			t.Errorf("key %08x, counter %08x: got %08x, want %08x", c.key, c.counter, got, c.want)
		}
	}
	g, err := NewGraph(3, []int{2}, 4)
	if err != nil {
		t.Fatal(err)
	}
	n := Sizes{Batch: 2, Len: 4, Heads: 3, Dim: 1}
	want := float64(threefry([2]uint32{7, 1}, [2]uint32{1*6 + 4, 2*3 + 1})[0]>>8) / (1 << 24)
	if got := (Dropout{Seed: 1<<32 + 7}).draw(g, n, 1, 4, 1, 2); got != want {
		t.Errorf("batch 1, node 4, head 1, slot 2: got %v, want %v", got, want)
	}
}

// of computes attention or its gradient with features but for a bias on a graph of three leaves.
func of(t *testing.T, name string, d Dropout, n Sizes, in ...[]float64) [][]float64 {
	t.Helper()
	return biased(t, name, d, n, slices.Insert(in, 4, make([]float64, 3*4))...)
}

// biased computes them with a bias as well, behind the mask.
func biased(t *testing.T, name string, d Dropout, n Sizes, in ...[]float64) [][]float64 {
	t.Helper()
	op, err := FindOp(name)
	if err != nil {
		t.Fatal(err)
	}
	op = op.With([]string{"mask", "bias", "dropout"}).Dropping(d)
	g, err := NewGraph(3, nil, n.Len)
	if err != nil {
		t.Fatal(err)
	}
	truth, err := op.Truth(F64, g, n, in, 1)
	if err != nil {
		t.Fatal(err)
	}
	naive, err := op.Naive(F64, g, n, in, 1)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]float64
	for o, e := range truth {
		out = append(out, e.Value)
		for i := range e.Value {
			if e.Value[i] != naive[o][i] && !(math.Abs(e.Value[i]-naive[o][i]) <= e.Bound[i]) {
				t.Errorf("%s: naive %s[%d] = %v, truth %v within %v", name, e.Name, i, naive[o][i], e.Value[i], e.Bound[i])
			}
		}
	}
	return out
}

// A hidden key is as if it were not there; a query that sees none has out 0 and lse -inf, and no NaN goes into gradients.
func TestMaskTruth(t *testing.T) {
	hide, n := math.Inf(-1), Sizes{Batch: 1, Len: 3, Heads: 1, Dim: 1}
	q, k, v := []float64{1, 2, 3}, []float64{0.5, -1, 2}, []float64{10, 20, 30}
	got := of(t, "attention", Dropout{}, n, q, k, v, []float64{0, hide, hide})
	if out, lse := got[0], got[1]; out[0] != 10 || out[1] != 10 || out[2] != 0 || lse[0] != 0.5 || lse[1] != 1 || !math.IsInf(lse[2], -1) {
		t.Errorf("out %v, lse %v, want 10 10 0 and 0.5 1 -inf", out, lse)
	}
	grads := of(t, "attention-grad", Dropout{}, n, q, k, v, []float64{0, hide, hide}, got[0], got[1], []float64{1, 1, 1})
	if dv := grads[2]; dv[0] != 2 || dv[1] != 0 || dv[2] != 0 {
		t.Errorf("dv %v, want 2 0 0", dv)
	}
	for o, g := range grads {
		for i, x := range g {
			if math.IsNaN(x) {
				t.Errorf("gradient %d: [%d] is NaN", o, i)
			}
		}
	}
	biased := of(t, "attention", Dropout{}, n, q, k, v, []float64{0, math.Log(3), 0})
	if want := math.Log(math.Exp(0.5) + 3*math.Exp(-1)); math.Abs(biased[1][0]-want) > 1e-15 {
		t.Errorf("lse with a bias: %v, want %v", biased[1][0], want)
	}
}

// A hidden edge is as if it were not there; the gradient of the bias is that of the scores, 0 at hidden edges and in empty slots, whatever
// stands there.
func TestBiasTruth(t *testing.T) {
	hide, none, n := math.Inf(-1), math.NaN(), Sizes{Batch: 1, Len: 3, Heads: 1, Dim: 1}
	q, k, v, seen := []float64{1, 2, 3}, []float64{0.5, -1, 2}, []float64{10, 20, 30}, []float64{0, 0, 0}
	bias := []float64{none, hide, 0, none, hide, hide, hide, none, 1, 1 + math.Log(3), none, none}
	got := biased(t, "attention", Dropout{}, n, q, k, v, seen, bias)
	p := math.Exp(-3) / (math.Exp(-3) + 3*math.Exp(6))
	out, lse := []float64{20, 0, 20*p + 30*(1-p)}, []float64{-1, hide, 1 + math.Log(math.Exp(-3)+3*math.Exp(6))}
	for i := range 3 {
		if math.Abs(got[0][i]-out[i]) > 1e-13 || got[1][i] != lse[i] && math.Abs(got[1][i]-lse[i]) > 1e-14 {
			t.Errorf("out %v, lse %v, want %v, %v", got[0], got[1], out, lse)
		}
	}
	grads := biased(t, "attention-grad", Dropout{}, n, q, k, v, seen, bias, got[0], got[1], []float64{1, 1, 1})
	if len(grads) != 4 {
		t.Fatalf("%d gradients, want 4", len(grads))
	}
	for j, x := range grads[3] {
		want := 0.0
		switch j {
		case 8:
			want = p * (20 - out[2])
		case 9:
			want = (1 - p) * (30 - out[2])
		}
		if !(math.Abs(x-want) <= 1e-13) {
			t.Errorf("dbias[%d] = %v, want %v", j, x, want)
		}
	}
	if dk := grads[1]; math.Abs(dk[1]-q[2]*grads[3][8]) > 1e-13 || math.IsNaN(dk[0]) {
		t.Errorf("dk %v, want %v in the middle", dk, q[2]*grads[3][8])
	}
}

// With dropout out is the sum over what is kept, 1/(1-rate) as large, and lse is as without.
func TestDropoutTruth(t *testing.T) {
	n := Sizes{Batch: 1, Len: 3, Heads: 1, Dim: 1}
	q, k, v, none := []float64{1, 2, 3}, []float64{0.5, -1, 2}, []float64{10, 20, 30}, []float64{0, 0, 0}
	plain := of(t, "attention", Dropout{}, n, q, k, v, none)
	g, err := NewGraph(3, nil, 3)
	if err != nil {
		t.Fatal(err)
	}
	dropped := 0
	for seed := range uint64(20) {
		d := Dropout{0.5, seed}
		got := of(t, "attention", d, n, q, k, v, none)
		for i := range 3 {
			sum := 0.0
			for j, key := range g.Neighbours[i] {
				if key < 0 {
					continue
				}
				if d.draw(g, n, 0, i, 0, j) < 0.5 {
					dropped++
					continue
				}
				sum += 2 * math.Exp(q[i]*k[key]-plain[1][i]) * v[key]
			}
			if math.Abs(got[0][i]-sum) > 1e-12*(1+sum) || got[1][i] != plain[1][i] {
				t.Errorf("seed %d: out[%d] = %v, lse %v, want %v, %v", seed, i, got[0][i], got[1][i], sum, plain[1][i])
			}
		}
	}
	if dropped < 40 || dropped > 100 { // of 140
		t.Errorf("%d of 140 weights were dropped at a rate of 0.5", dropped)
	}
}

// What repeats a failure of an op names its features, and no other op's.
func TestFeaturesInRepro(t *testing.T) {
	p := Package{Name: "pam", Window: 3, Dim: 4, With: []string{"mask"}}
	for name, want := range map[string]bool{"attention": true, "scores": false} {
		op, err := FindOp(name)
		if err != nil {
			t.Fatal(err)
		}
		j := &job{runner: &runner{}, p: p, op: op.With(p.With), t: F32, c: Case{Sizes: Sizes{1, 2, 3, 4}}}
		if got := j.repro("go"); strings.Contains(got, "--with mask ") != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}
