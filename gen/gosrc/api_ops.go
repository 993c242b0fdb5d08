package gosrc

import (
	"slices"

	"github.com/pyragen/pyragen/ir"
)

// apiOp describes an op to the reader of a generated package, and its arguments to the checks. Adding an op to packages is adding
// its value to apiOps.
type apiOp struct {
	name     string   // as in the spec and of its programs
	computes string   // the rest of the sentence "ScoresF32 computes ..."
	equation []string // lines, in the names of the arguments
	args     []apiArg // in the order of the programs' buffers
	errors   string   // the rest of the sentence "Short of overflow and underflow, ..."
}

// apiArg is an argument of an op: a tensor, or a scalar if it has no axes.
type apiArg struct {
	name string
	role ir.Role
	axes []string
}

// The axes of tensors: a row of numbers, one number for each slot, or one number, of every batch, node and head.
var (
	rowAxes  = []string{"batch", "nodes", "heads", "dim"}
	slotAxes = []string{"batch", "nodes", "heads", "slots"}
	nodeAxes = []string{"batch", "nodes", "heads"}
)

// apiOps are the ops that packages can have (design section 1).
var apiOps = []apiOp{
	{
		name:     "scores",
		computes: "the dot product of each node's row of x with the row of y of each of its neighbours. An empty slot gets padding.",
		equation: []string{"s[b,i,h,j] = sum_d x[b,i,h,d] * y[b,N(i,j),h,d]"},
		args:     []apiArg{{"s", ir.Out, slotAxes}, {"x", ir.In, rowAxes}, {"y", ir.In, rowAxes}, {"padding", ir.In, nil}},
		errors:   bounded("dim", "sum_d |x[b,i,h,d] * y[b,N(i,j),h,d]|"),
	},
	{
		name:     "context",
		computes: "the sum of the rows of y of each node's neighbours, weighted by the node's own row of p.",
		equation: []string{"z[b,i,h,d] = sum_j p[b,i,h,j] * y[b,N(i,j),h,d]"},
		args:     []apiArg{{"z", ir.Out, rowAxes}, {"p", ir.In, slotAxes}, {"y", ir.In, rowAxes}},
		errors:   bounded("slots", "sum_j |p[b,i,h,j] * y[b,N(i,j),h,d]|"),
	},
	{
		name: "reverse",
		computes: "the transpose of context: the sum of the rows of y of the nodes that have a node among their neighbours, " +
			"weighted by their rows of p.",
		equation: []string{"z[b,i,h,d] = sum_j p[b,R(i,j),h,M(i,j)] * y[b,R(i,j),h,d]"},
		args:     []apiArg{{"z", ir.Out, rowAxes}, {"p", ir.In, slotAxes}, {"y", ir.In, rowAxes}},
		errors:   bounded("slots", "sum_j |p[b,R(i,j),h,M(i,j)] * y[b,R(i,j),h,d]|"),
	},
	{
		name: "softmax",
		computes: "the softmax of each row of slots and the logarithm of its normaliser. An empty slot gets 0; a row with nothing but empty " +
			"slots and -Inf gets 0 and an lse of -Inf.",
		equation: []string{
			"lse[b,i,h] = log(sum_j exp(s[b,i,h,j]))",
			"p[b,i,h,j] = exp(s[b,i,h,j] - lse[b,i,h])",
		},
		args:   []apiArg{{"p", ir.Out, slotAxes}, {"lse", ir.Out, nodeAxes}, {"s", ir.In, slotAxes}},
		errors: "with t the distance of a score from the largest of its row, an element of p is off by at most the factor gamma(slots+8+t), and lse by gamma(slots+8)",
	},
	{
		name:     "softmax-grad",
		computes: "the gradient of softmax in its scores, where dp arrives at p. An empty slot gets 0.",
		equation: []string{"ds[b,i,h,j] = p[b,i,h,j] * (dp[b,i,h,j] - sum_k p[b,i,h,k] * dp[b,i,h,k])"},
		args:     []apiArg{{"ds", ir.Out, slotAxes}, {"p", ir.In, slotAxes}, {"dp", ir.In, slotAxes}},
		errors:   "the error of an element is at most gamma(slots+3) * |p[b,i,h,j]| * (|dp[b,i,h,j]| + sum_k |p[b,i,h,k] * dp[b,i,h,k]|)",
	},
	{
		name: "attention",
		computes: "attention: the rows of v of each node's neighbours, weighted by the softmax of the scaled dot products of its row of q " +
			"with their rows of k. Scores and weights are not kept. A node without neighbours gets out 0 and an lse of -Inf.",
		equation: []string{
			"s[b,i,h,j]   = scale * sum_d q[b,i,h,d] * k[b,N(i,j),h,d]",
			"lse[b,i,h]   = log(sum_j exp(s[b,i,h,j]))",
			"p[b,i,h,j]   = exp(s[b,i,h,j] - lse[b,i,h])",
			"out[b,i,h,d] = sum_j p[b,i,h,j] * v[b,N(i,j),h,d]",
		},
		args: []apiArg{{"out", ir.Out, rowAxes}, {"lse", ir.Out, nodeAxes}, {"q", ir.In, rowAxes}, {"k", ir.In, rowAxes},
			{"v", ir.In, rowAxes}, {"scale", ir.In, nil}},
		errors: "a score is off by at most D = gamma(dim+2) * |scale| * sum_d |q*k|, lse by the largest D of its row and gamma(slots+8), and an " +
			"element of out by at most (2*expm1(2*D) + gamma(slots+8)) * sum_j |p[b,i,h,j] * v[b,N(i,j),h,d]|",
	},
	{
		name: "attention-grad",
		computes: "the gradients of attention in q, k and v, where dout arrives at out. Weights are computed again from lse. A node " +
			"without neighbours gets dq 0, one that is nobody's neighbour dk and dv 0.",
		equation: []string{
			"p[b,i,h,j]  = exp(scale * sum_d q[b,i,h,d] * k[b,N(i,j),h,d] - lse[b,i,h])",
			"ds[b,i,h,j] = scale * p[b,i,h,j] * (sum_d dout[b,i,h,d] * v[b,N(i,j),h,d] - sum_d dout[b,i,h,d] * out[b,i,h,d])",
			"dq[b,i,h,d] = sum_j ds[b,i,h,j] * k[b,N(i,j),h,d]",
			"dk[b,i,h,d] = sum_j ds[b,R(i,j),h,M(i,j)] * q[b,R(i,j),h,d]",
			"dv[b,i,h,d] = sum_j p[b,R(i,j),h,M(i,j)] * dout[b,R(i,j),h,d]",
		},
		args: []apiArg{{"dq", ir.Out, rowAxes}, {"dk", ir.Out, rowAxes}, {"dv", ir.Out, rowAxes}, {"q", ir.In, rowAxes}, {"k", ir.In, rowAxes},
			{"v", ir.In, rowAxes}, {"out", ir.In, rowAxes}, {"lse", ir.In, nodeAxes}, {"dout", ir.In, rowAxes}, {"scale", ir.In, nil}},
		errors: "with D as for attention, a weight p is off by the factor expm1(2*D) + gamma(8), ds by that of p and gamma(dim+4) * |scale| * p * " +
			"sum_d |dout*v| + |dout*out|, and the sums over j by gamma(slots+1) beside",
	},
}

// bounded says that an element's error is relative to a sum of magnitudes along an axis.
func bounded(sum, terms string) string {
	return "the error of an element is at most gamma(" + sum + "+1) * " + terms
}

// findAPIOp returns the op of that name.
func findAPIOp(name string) apiOp {
	for _, o := range apiOps {
		if o.name == name {
			return o
		}
	}
	fail("got op %q, want one that the API describes", name)
	return apiOp{}
}

// checkProgram compares the arguments of a program with those of the op: the driver is called with them in this order.
func (o apiOp) checkProgram(p *ir.Program) {
	args := o.args
	for _, b := range p.Buffers {
		if b.Role == ir.Temp || b.Type == ir.I32 { // tables come from the graph
			continue
		}
		if step := rowStep(b); b.Steps != nil && !slices.Contains(rowStrides, step) {
			fail("got buffer %s with steps, want those of nodes alone, one of %v", b.Name, rowStrides)
		}
		if len(args) == 0 || b.Name != args[0].name || b.Role != args[0].role || len(b.Dims) != len(args[0].axes) {
			fail("got buffer %s, want the arguments of the op, in their order", b.Name)
		}
		args = args[1:]
	}
	if len(args) > 0 {
		fail("got no buffer %s, want the arguments of the op, in their order", args[0].name)
	}
}

// rowStrides are the sizes that say how far the rows of nodes lie apart in a tensor. Fields of Sizes have their names, with a capital.
var rowStrides = []string{"rowStride", "gradStride"}

// rowStep is the size that says how far the rows of nodes lie apart in a tensor, "" where there are no gaps.
func rowStep(b *ir.Buffer) string {
	for d, step := range b.Steps {
		if v, ok := step.(ir.Var); ok && d == 1 {
			return string(v)
		}
	}
	return ""
}
