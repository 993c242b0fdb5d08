package diff_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/pyragen/pyragen/diff"
	"github.com/pyragen/pyragen/ir"
)

// values are tensors by buffer name.
type values map[string][]float64

// shape is a kernel's graph and sizes. On a table graph it has the tables.
type shape struct {
	graph  ir.Graph
	sizes  map[string]int64
	tables map[string]*ir.Array
}

// extent evaluates the dimension of a buffer.
func (s shape) extent(k *ir.Kernel, x ir.Index) int64 {
	switch x := x.(type) {
	case ir.Int:
		return int64(x)
	case ir.Var:
		if n, ok := s.sizes[string(x)]; ok {
			return n
		}
		for _, c := range k.Consts {
			if c.Name == string(x) {
				return c.Value
			}
		}
		l, err := k.Graph.Levels(s.sizes["len"])
		if err != nil {
			panic(err)
		}
		return map[ir.Var]int64{"nodes": l.Nodes, "slots": l.Slots}[x]
	case *ir.Apply:
		l, err := k.Graph.Levels(s.sizes["len"])
		if err != nil {
			panic(err)
		}
		return l.N(int64(x.Args[0].(ir.Int)))
	case *ir.Arith:
		a, b := s.extent(k, x.X), s.extent(k, x.Y)
		return map[ir.ArithOp]int64{ir.Add: a + b, ir.Sub: a - b, ir.Mul: a * b}[x.Op]
	}
	panic(fmt.Sprintf("extent %s", ir.FormatIndex(x)))
}

func (s shape) count(k *ir.Kernel, b *ir.Buffer) int {
	n := int64(1)
	for _, d := range b.Dims {
		n *= s.extent(k, d)
	}
	return int(n)
}

// run runs a kernel and returns its outputs, which hold NaN before.
func (s shape) run(t *testing.T, k *ir.Kernel, in values) values {
	t.Helper()
	args, sizes := ir.Args{}, map[string]int64{}
	for _, name := range k.Sizes {
		sizes[name] = s.sizes[name]
	}
	for _, b := range k.Buffers {
		switch {
		case b.Role == ir.Temp:
		case b.Type == ir.I32:
			args[b.Name] = s.tables[b.Name]
		case b.Type == ir.U64:
			args[b.Name] = &ir.Array{Type: ir.U64, U64: []uint64{0x0123456789abcdef}}
		case b.Role == ir.Out:
			args[b.Name] = ir.NewArray(b.Type, s.count(k, b))
			for n := range args[b.Name].F64 {
				args[b.Name].F64[n] = math.NaN()
			}
		default:
			args[b.Name] = &ir.Array{Type: ir.F64, F64: in[b.Name]}
		}
	}
	if err := ir.RunKernel(k, sizes, args); err != nil {
		t.Fatalf("%v\n%s", err, k)
	}
	out := values{}
	for _, b := range k.Buffers {
		if b.Role == ir.Out {
			out[b.Name] = args[b.Name].F64
		}
	}
	return out
}

// random fills the inputs of a kernel. They are within 0.5..2, so that logarithms and reciprocals of them are there.
func (s shape) random(k *ir.Kernel, r *rand.Rand) values {
	in := values{}
	for _, b := range k.Buffers {
		if b.Role == ir.In && b.Type != ir.I32 && b.Type != ir.U64 {
			in[b.Name] = noise(s.count(k, b), r)
			for n, v := range in[b.Name] {
				in[b.Name][n] = 1.25 + 0.75*math.Tanh(v)
			}
		}
	}
	return in
}

func noise(n int, r *rand.Rand) []float64 {
	x := make([]float64, n)
	for k := range x {
		x[k] = r.NormFloat64()
	}
	return x
}

// dot is the sum of the products, and that of their absolute values.
func dot(x, y []float64) (sum, size float64) {
	for n := range x {
		sum += x[n] * y[n]
		size += math.Abs(x[n] * y[n])
	}
	return sum, size
}

// moved is in with step*u added to the tensors of u.
func (in values) moved(u values, step float64) values {
	out := values{}
	for name, x := range in {
		y := append([]float64(nil), x...)
		for n, d := range u[name] {
			y[n] += step * d
		}
		out[name] = y
	}
	return out
}

// central is the derivative of the outputs of forward at in, in the direction u, by differences.
func (s shape) central(t *testing.T, forward *ir.Kernel, in, u values) values {
	t.Helper()
	const step = 1e-5
	more, less := s.run(t, forward, in.moved(u, step)), s.run(t, forward, in.moved(u, -step))
	for name, x := range more {
		for n := range x {
			if x[n] == less[name][n] {
				x[n] = 0 // also where an lse is -inf whatever the inputs
			} else {
				x[n] = (x[n] - less[name][n]) / (2 * step)
			}
		}
	}
	return more
}

// direction is a random change of the inputs that are differentiated by.
func direction(in values, wrt []string, r *rand.Rand) values {
	u := values{}
	for _, name := range wrt {
		u[name] = noise(len(in[name]), r)
	}
	return u
}

// adjointError compares <J u, w> by central differences of forward with <u, J^T w> by the gradient: the difference, relative to the size
// of what is added up. Gradients have the default names.
func (s shape) adjointError(t *testing.T, forward, gradient *ir.Kernel, r diff.Request, in values, rnd *rand.Rand) float64 {
	t.Helper()
	out, u := s.run(t, forward, in), direction(in, r.WRT, rnd)
	args := in.moved(nil, 0)
	for _, name := range r.Given {
		args[name] = out[name]
	}
	for _, name := range r.Seeds {
		args["d"+name] = noise(len(out[name]), rnd)
	}
	got := s.run(t, gradient, args)
	central := s.central(t, forward, in, u)
	var left, right, size float64
	for _, name := range r.Seeds {
		x, n := dot(central[name], args["d"+name])
		left, size = left+x, size+n
	}
	for _, name := range r.WRT {
		x, n := dot(u[name], got["d"+name])
		right, size = right+x, size+n
	}
	return math.Abs(left-right) / max(size, 1e-3)
}
