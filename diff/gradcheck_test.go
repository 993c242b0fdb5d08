package diff_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/pyragen/pyragen/diff"
	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/ops"
)

// gradcheck is an op with the gradient that its definition gives (reliability R5).
type gradcheck struct {
	op      string
	request diff.Request
	derived func(ops.Options) *ir.Kernel // nil: what the request gives for the op itself
	linear  bool                         // in each tensor of the request by itself
	with    ops.Options                  // of which only the features count
}

// gradchecks are all ops. The derived gradients of softmax and attention come from definitions without a maximum; here they are compared
// with the ops as they run, and so are the gradients of the ops themselves, whose maximum is held.
var gradchecks = []gradcheck{
	{op: "scores", request: diff.Request{WRT: []string{"x"}, Seeds: []string{"s"}}, linear: true},
	{op: "scores", request: diff.Request{WRT: []string{"y"}, Seeds: []string{"s"}}, linear: true},
	{op: "context", request: diff.Request{WRT: []string{"p"}, Seeds: []string{"z"}}, linear: true},
	{op: "context", request: diff.Request{WRT: []string{"y"}, Seeds: []string{"z"}}, linear: true},
	{op: "reverse", request: diff.Request{WRT: []string{"p"}, Seeds: []string{"z"}}, linear: true},
	{op: "reverse", request: diff.Request{WRT: []string{"y"}, Seeds: []string{"z"}}, linear: true},
	{op: "softmax", request: diff.Request{WRT: []string{"s"}, Seeds: []string{"p"}, Given: []string{"p"}}, derived: ops.SoftmaxGrad},
	{op: "softmax", request: diff.Request{WRT: []string{"s"}, Seeds: []string{"p", "lse"}, Hold: []string{"m"}}},
	{op: "attention", request: ofAttention, derived: ops.AttentionGrad},
	{op: "attention", request: ofAttention, derived: ops.AttentionGrad, with: ops.Options{Mask: true, Dropout: true}},
	{op: "attention", request: biasedAttention, derived: ops.AttentionGrad, with: ops.Options{Bias: true}},
	{op: "attention", request: biasedAttention, derived: ops.AttentionGrad, with: ops.Options{Mask: true, Bias: true, Dropout: true}},
	{op: "attention", request: scaledAttention},
	{op: "attention", request: scaledAttention, with: ops.Options{Mask: true, Dropout: true}},
}

var (
	ofAttention     = diff.Request{WRT: []string{"q", "k", "v"}, Seeds: []string{"out"}, Given: []string{"out", "lse"}}
	biasedAttention = diff.Request{WRT: []string{"q", "k", "v", "bias"}, Seeds: []string{"out"}, Given: []string{"out", "lse"}}
	scaledAttention = diff.Request{WRT: []string{"q", "k", "v", "scale"}, Seeds: []string{"out", "lse"}, Hold: []string{"m"}}
)

func (c gradcheck) kernels(t *testing.T, s shape) (forward, gradient *ir.Kernel) {
	t.Helper()
	o := c.with
	o.Type, o.Graph = ir.F64, s.graph
	op, err := ops.ByName(c.op)
	if err != nil {
		t.Fatal(err)
	}
	forward = op.Build(o)
	if c.derived != nil {
		return forward, c.derived(o)
	}
	r := c.request
	r.Kernel, r.Tables = "gradient", opTables
	if c.op == "reverse" {
		r.Tables.RevSlot = "m"
	}
	gradient, err = diff.Gradient(forward, r)
	if err != nil {
		t.Fatal(err)
	}
	return forward, gradient
}

// inputs are random; what is linear has scores whose empty slots are 0.
func (c gradcheck) inputs(s shape, k *ir.Kernel, r *rand.Rand) values {
	in := s.random(k, r)
	for name := range in {
		if k.Buffer(name).Dims != nil {
			in[name] = noise(len(in[name]), r)
		}
	}
	if _, ok := in["padding"]; ok {
		in["padding"][0] = 0
	}
	for n := range in["mask"] {
		in["mask"][n] = [...]float64{0, 0, 0.5, -1, math.Inf(-1)}[r.IntN(5)]
	}
	for n := range in["bias"] {
		if r.IntN(4) == 0 {
			in["bias"][n] = math.Inf(-1)
		}
	}
	if _, ok := in["dropout"]; ok {
		in["dropout"][0] = [...]float64{0, 0.2, 0.6}[r.IntN(3)]
	}
	return in
}

// The gradients of every op agree with float64 central differences within 1e-6, over 600 random shapes.
func TestCentralDifferences(t *testing.T) {
	r, worst := rand.New(rand.NewPCG(7, 8)), 0.0
	for range 600 {
		s := randomShape(r)
		for _, c := range gradchecks {
			forward, gradient := c.kernels(t, s)
			e := s.adjointError(t, forward, gradient, c.request, c.inputs(s, forward, r), r)
			if !(e <= 1e-6) {
				t.Fatalf("%s by %v, graph %+v, sizes %v: relative error %.3g, want <= 1e-6\n%s",
					c.op, c.request.WRT, s.graph, s.sizes, e, gradient)
			}
			worst = max(worst, e)
		}
	}
	t.Logf("worst relative error %.3g", worst)
}

// <J u, w> = <u, J^T w> within 1e-12 over 600 random shapes. Where the op is linear it is J itself. Where not, J is the gradient of the
// gradient: w -> J^T w is linear and its own gradient is u -> J u, which is compared with central differences too.
func TestAdjointIdentity(t *testing.T) {
	r, worst := rand.New(rand.NewPCG(9, 10)), 0.0
	for range 600 {
		s := randomShape(r)
		for _, c := range gradchecks {
			forward, gradient := c.kernels(t, s)
			in := c.inputs(s, forward, r)
			out, u := s.run(t, forward, in), direction(in, c.request.WRT, r)
			args := in.moved(nil, 0)
			for _, name := range c.request.Given {
				args[name] = out[name]
			}
			for _, name := range c.request.Seeds {
				args["d"+name] = noise(len(out[name]), r)
			}
			adjoint := s.run(t, gradient, args)

			var moved values
			switch {
			case c.linear:
				moved = s.run(t, forward, in.with(u))
			case c.derived != nil:
				moved = c.jacobian(t, s, gradient, args, u)
				compareWith(t, c.op, moved, s.central(t, forward, in, u), 1e-6)
			default:
				continue // a scalar's gradient has one dimension, the scalar none
			}
			var left, right, size float64
			for _, name := range c.request.Seeds {
				x, n := dot(moved[name], args["d"+name])
				left, size = left+x, size+n
			}
			for _, name := range c.request.WRT {
				x, n := dot(u[name], adjoint["d"+name])
				right, size = right+x, size+n
			}
			e := math.Abs(left-right) / max(size, 1)
			if !(e <= 1e-12) {
				t.Fatalf("%s by %v, graph %+v, sizes %v: got %v and %v, relative error %.3g, want <= 1e-12\n%s",
					c.op, c.request.WRT, s.graph, s.sizes, left, right, e, gradient)
			}
			worst = max(worst, e)
		}
	}
	t.Logf("worst relative error %.3g", worst)
}

// with is in with the tensors of u in the place of its own.
func (in values) with(u values) values {
	out := in.moved(nil, 0)
	for name, x := range u {
		out[name] = x
	}
	return out
}

// jacobian runs the gradient of a gradient by what arrives at it: u -> J u.
func (c gradcheck) jacobian(t *testing.T, s shape, gradient *ir.Kernel, args, u values) values {
	t.Helper()
	r := diff.Request{Kernel: "jacobian", Tables: opTables, Names: map[string]string{}}
	if gradient.Buffer("m") != nil {
		r.Tables.RevSlot = "m"
	}
	in := args.moved(nil, 0)
	for _, name := range c.request.Seeds {
		r.WRT = append(r.WRT, "d"+name)
		r.Names["d"+name] = "moved_" + name
	}
	for _, name := range c.request.WRT {
		r.Seeds = append(r.Seeds, "d"+name)
		r.Names["d"+name] = "moved_" + name
		in["moved_"+name] = u[name]
	}
	k, err := diff.Gradient(gradient, r)
	if err != nil {
		t.Fatal(err)
	}
	out := values{}
	for name, x := range s.run(t, k, in) {
		out[name[len("moved_"):]] = x
	}
	return out
}

func compareWith(t *testing.T, what string, got, want values, bound float64) {
	t.Helper()
	for name, x := range got {
		size := max(1, slices.Max(x), -slices.Min(x))
		for n := range x {
			if !(math.Abs(x[n]-want[name][n]) <= bound*size) {
				t.Fatalf("%s: J u: got %s[%d] = %v, want %v by differences", what, name, n, x[n], want[name][n])
			}
		}
	}
}
