package verify

import (
	"fmt"
	"strings"
)

// Sizes are the runtime sizes of one call. For a table graph Len is the number of nodes.
type Sizes struct{ Batch, Len, Heads, Dim int }

// Extent is the last axis of an operand; the axes before it are batch, node and, but for what belongs to a key, head.
type Extent int

const (
	PerDim  Extent = iota // (batch, node, head, dim)
	PerSlot               // (batch, node, head, slot)
	PerRow                // (batch, node, head)
	PerKey                // (batch, node)
)

// Operand is one tensor of an op.
type Operand struct {
	Name   string
	Extent Extent
}

// Len is the number of elements of the operand.
func (o Operand) Len(g *Graph, n Sizes) int {
	rows := n.Batch * g.Nodes() * n.Heads
	switch o.Extent {
	case PerDim:
		return rows * n.Dim
	case PerSlot:
		return rows * g.Slots
	case PerKey:
		return n.Batch * g.Nodes()
	}
	return rows
}

// Op is one entry of the op table: operands in the order of the generated function, and the two ways to compute it.
type Op struct {
	Name, Doc       string
	Outputs, Inputs []Operand
	Scalar          string // the scalar argument after the tensors: padding, scale, or "" for none
	Gradient        bool   // R4 allows 3 times the naive error instead of 2
	Func            string // prefix of the generated function (Scores: ScoresF32, ScoresF64)

	Features []string // mask, bias, dropout; see With
	Dropout  Dropout  // of the call, where dropout is a feature
	featured *featured

	naive func(t Float, g *Graph, n Sizes, in [][]float64, scalar float64) [][]float64
	truth func(t Float, g *Graph, n Sizes, in [][]float64, scalar float64) []Expected
}

// chained reports whether the truth of an op goes through rounded values: exponentials and quotients.
func (op Op) chained() bool {
	return strings.HasPrefix(op.Name, "softmax") || strings.HasPrefix(op.Name, "attention")
}

// Ops is the table of ops of design section 1, in its order.
func Ops() []Op {
	ops := []Op{
		{
			Name: "scores", Doc: "s[b,i,h,j] = sum_d x[b,i,h,d] * y[b,qk[i,j],h,d]; an empty slot gets padding", Func: "Scores",
			Outputs: []Operand{{"s", PerSlot}}, Inputs: []Operand{{"x", PerDim}, {"y", PerDim}}, Scalar: "padding",
			naive: inType(naiveScores[float32], naiveScores[float64]), truth: trueScores,
		}, {
			Name: "context", Doc: "z[b,i,h,:] = sum_j p[b,i,h,j] * y[b,qk[i,j],h,:] over full slots", Func: "Context",
			Outputs: []Operand{{"z", PerDim}}, Inputs: []Operand{{"p", PerSlot}, {"y", PerDim}},
			naive: inType(naiveContext[float32], naiveContext[float64]), truth: trueContext,
		}, {
			Name: "reverse", Doc: "z[b,i,h,:] = sum_j p[b,r(i,j),h,M(i,j)] * y[b,r(i,j),h,:] over the queries of i", Func: "Reverse",
			Outputs: []Operand{{"z", PerDim}}, Inputs: []Operand{{"p", PerSlot}, {"y", PerDim}},
			naive: inType(naiveReverse[float32], naiveReverse[float64]), truth: trueReverse,
		}, {
			Name: "softmax", Doc: "p = softmax(s) and lse = log sum exp(s) over the full slots of a row", Func: "Softmax",
			Outputs: []Operand{{"p", PerSlot}, {"lse", PerRow}}, Inputs: []Operand{{"s", PerSlot}},
			naive: inType(unscaled(naiveSoftmax[float32]), unscaled(naiveSoftmax[float64])),
			truth: func(t Float, g *Graph, n Sizes, in [][]float64, _ float64) []Expected {
				return trueSoftmax(t, g, n, in, 1)
			},
		}, {
			Name: "softmax-grad", Doc: "ds = p * (dp - sum_j p * dp) over the full slots of a row", Gradient: true, Func: "SoftmaxGrad",
			Outputs: []Operand{{"ds", PerSlot}}, Inputs: []Operand{{"p", PerSlot}, {"dp", PerSlot}},
			naive: inType(naiveSoftmaxGrad[float32], naiveSoftmaxGrad[float64]), truth: trueSoftmaxGrad,
		}, {
			Name: "attention", Doc: "out = context(softmax(scale * scores(q,k)), v), lse of each row", Func: "Attention",
			Outputs: []Operand{{"out", PerDim}, {"lse", PerRow}},
			Inputs:  []Operand{{"q", PerDim}, {"k", PerDim}, {"v", PerDim}}, Scalar: "scale",
			featured: &featured{naiveAttention[float32], naiveAttention[float64], trueAttention},
		}, {
			Name: "attention-grad", Doc: "dq, dk, dv of sum(dout * out)", Gradient: true, Func: "AttentionGrad",
			Outputs:  []Operand{{"dq", PerDim}, {"dk", PerDim}, {"dv", PerDim}},
			Inputs:   []Operand{{"q", PerDim}, {"k", PerDim}, {"v", PerDim}, {"out", PerDim}, {"lse", PerRow}, {"dout", PerDim}},
			Scalar:   "scale",
			featured: &featured{naiveAttentionGrad[float32], naiveAttentionGrad[float64], trueAttentionGrad},
		},
	}
	for i, op := range ops {
		ops[i] = op.With(nil)
	}
	return ops
}

// FindOp looks an op up by name.
func FindOp(name string) (Op, error) {
	var names []string
	for _, op := range Ops() {
		if op.Name == name {
			return op, nil
		}
		names = append(names, op.Name)
	}
	return Op{}, fmt.Errorf("op %q is unknown, want one of %s", name, strings.Join(names, ", "))
}

// Truth computes what the op's outputs should be, and how far a kernel of type t may be from that. Inputs are in the order of
// Op.Inputs and hold values of type t.
func (op Op) Truth(t Float, g *Graph, n Sizes, in [][]float64, scalar float64) ([]Expected, error) {
	if err := op.checkInputs(g, n, in); err != nil {
		return nil, err
	}
	return op.truth(t, g, n, in, scalar), nil
}

// Naive computes the op by the plainest loops, every operation rounded to type t: the yardstick of R4's second rule.
func (op Op) Naive(t Float, g *Graph, n Sizes, in [][]float64, scalar float64) ([][]float64, error) {
	if err := op.checkInputs(g, n, in); err != nil {
		return nil, err
	}
	return op.naive(t, g, n, in, scalar), nil
}

func (op Op) checkInputs(g *Graph, n Sizes, in [][]float64) error {
	if len(in) != len(op.Inputs) {
		return fmt.Errorf("%s: %d inputs, want %d", op.Name, len(in), len(op.Inputs))
	}
	for i, o := range op.Inputs {
		if want := o.Len(g, n); len(in[i]) != want {
			return fmt.Errorf("%s: len(%s) = %d, want %d", op.Name, o.Name, len(in[i]), want)
		}
	}
	return nil
}

type naiveFunc func(g *Graph, n Sizes, in [][]float64, scalar float64) [][]float64

// unscaled is a softmax of scores as they are.
func unscaled(f naiveFunc) naiveFunc {
	return func(g *Graph, n Sizes, in [][]float64, _ float64) [][]float64 { return f(g, n, in, 1) }
}

func inType(single, double naiveFunc) func(Float, *Graph, Sizes, [][]float64, float64) [][]float64 {
	return func(t Float, g *Graph, n Sizes, in [][]float64, scalar float64) [][]float64 {
		if t.Arith() == F32 {
			return single(g, n, in, scalar)
		}
		return double(g, n, in, scalar)
	}
}
