// Package ops writes the operations on a node graph (scores, context, reverse, softmax, attention and their gradients) as
// tensor expressions. Each builder has its equation above it; nothing here says how a kernel is computed. The gradients of softmax and
// attention are derived from their definitions.
//
// In the equations q and k are nodes, j is a slot, N(i, j) is the node in slot j of node i, R(i, j) the j-th node that has i in
// one of its slots and M(i, j) the slot of i in that node's row. Sums and maxima over j run over the full slots only.
package ops

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
)

// Options says for which type, graph and head dimension an operation is built.
type Options struct {
	Type  ir.Type  // of the tensors; arithmetic is in Type.Arith()
	Graph ir.Graph // a pyramid, or a table without window and strides
	Dim   int      // head dimension; 0 makes it the run-time size dim
	Slots int      // of a table: places of a row; 0 makes it the run-time size slots

	// What attention and its gradient do beside; other ops are as without.
	//
	// Mask adds the buffer mask (batch, node) to the scores of each key: 0 leaves a key as it is, -inf hides it, as for the padding of
	// short series.
	//
	// Bias adds the buffer bias (batch, node, head, slot) to the score of each edge, -inf to hide it; what stands in empty slots is not
	// read. The gradient has one more output, dbias.
	//
	// Dropout multiplies each weight by Z[b,i,h,j], which is 0 with the probability dropout, from 0 to below 1, and else 1/(1 - dropout).
	// Z is drawn from seed, batch, node, head and slot alone.
	Mask, Bias, Dropout bool
}

// Validate reports what is wrong with o. Builders panic on options that it refuses.
func (o Options) Validate() error {
	switch o.Type {
	case ir.F32, ir.F64, ir.F16, ir.BF16:
	default:
		return fmt.Errorf("ops: type: got %v, want f32, f64, f16 or bf16", o.Type)
	}
	if o.Dim < 0 {
		return fmt.Errorf("ops: dim: got %d, want >= 1, or 0 for any at run time", o.Dim)
	}
	if o.Slots < 0 || o.Slots > 0 && o.Graph.Kind != ir.Table {
		return fmt.Errorf("ops: slots: got %d, want >= 1 of a table, or 0 for any at run time", o.Slots)
	}
	switch o.Graph.Kind {
	case ir.Table:
		if o.Graph.Window != 0 || len(o.Graph.Strides) != 0 {
			return fmt.Errorf("ops: graph: a table graph has no window and strides, got window %d, strides %v",
				o.Graph.Window, o.Graph.Strides)
		}
	case ir.Pyramid:
		if o.Graph.Window < 1 {
			return fmt.Errorf("ops: graph: window: got %d, want >= 1", o.Graph.Window)
		}
		for l, c := range o.Graph.Strides {
			if c < 1 {
				return fmt.Errorf("ops: graph: stride of level %d: got %d, want >= 1", l+1, c)
			}
		}
	default:
		return fmt.Errorf("ops: graph: got kind %d, want a pyramid or a table", o.Graph.Kind)
	}
	if err := o.Graph.Validate(); err != nil {
		return fmt.Errorf("ops: graph: %w", err)
	}
	return nil
}

// Op is an operation that can be built.
type Op struct {
	Name  string // as in the spec and on the command line
	Doc   string // one sentence
	Build func(Options) *ir.Kernel
}

// All lists the operations in the order of design section 1.
var All = []Op{
	{"scores", "the dot product of each node's row of x with the row of y of each of its neighbours", Scores},
	{"context", "the sum of the neighbours' rows of y, weighted by the node's own row of p", Context},
	{"reverse", "the transpose of context: the sum over the nodes that attend to a node, weighted by their rows of p", Reverse},
	{"softmax", "the softmax of each row of slots, and the logarithm of its normaliser", Softmax},
	{"softmax-grad", "the gradient of softmax in its scores", SoftmaxGrad},
	{"attention", "context of the softmax of the scaled scores, and the logarithm of the normaliser of each row", Attention},
	{"attention-grad", "the gradients of attention in q, k and v", AttentionGrad},
}

// ByName returns the operation of that name.
func ByName(name string) (Op, error) {
	names := make([]string, len(All))
	for k, op := range All {
		if op.Name == name {
			return op, nil
		}
		names[k] = op.Name
	}
	return Op{}, fmt.Errorf("unknown op %q; the ops are %v", name, names)
}
