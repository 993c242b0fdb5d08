package gosrc

import "github.com/pyragen/pyragen/ir"

// apiOp describes an op to the reader of a generated package, and its arguments to the checks. Adding an op to packages is adding
// its value to apiOps.
type apiOp struct {
	name     string   // as in the spec and of its programs
	computes string   // the rest of the sentence "ScoresF32 computes ..."
	equation []string // lines, in the names of the arguments
	args     []apiArg // in the order of the programs' buffers
	sum      string   // the axis of its longest sum, whose length decides the error
	terms    string   // the sum of magnitudes that the error is relative to
}

// apiArg is an argument of an op: a tensor, or a scalar if it has no axes.
type apiArg struct {
	name string
	role ir.Role
	axes []string
}

// The axes of tensors: a row of numbers, or one number for each slot, of every batch, node and head.
var (
	rowAxes  = []string{"batch", "nodes", "heads", "dim"}
	slotAxes = []string{"batch", "nodes", "heads", "slots"}
)

// apiOps are the ops that packages can have (design section 1).
var apiOps = []apiOp{
	{
		name:     "scores",
		computes: "the dot product of each node's row of x with the row of y of each of its neighbours. An empty slot gets padding.",
		equation: []string{"s[b,i,h,j] = sum_d x[b,i,h,d] * y[b,N(i,j),h,d]"},
		args:     []apiArg{{"s", ir.Out, slotAxes}, {"x", ir.In, rowAxes}, {"y", ir.In, rowAxes}, {"padding", ir.In, nil}},
		sum:      "dim",
		terms:    "sum_d |x[b,i,h,d] * y[b,N(i,j),h,d]|",
	},
	{
		name:     "context",
		computes: "the sum of the rows of y of each node's neighbours, weighted by the node's own row of p.",
		equation: []string{"z[b,i,h,d] = sum_j p[b,i,h,j] * y[b,N(i,j),h,d]"},
		args:     []apiArg{{"z", ir.Out, rowAxes}, {"p", ir.In, slotAxes}, {"y", ir.In, rowAxes}},
		sum:      "slots",
		terms:    "sum_j |p[b,i,h,j] * y[b,N(i,j),h,d]|",
	},
	{
		name: "reverse",
		computes: "the transpose of context: the sum of the rows of y of the nodes that have a node among their neighbours, " +
			"weighted by their rows of p.",
		equation: []string{"z[b,i,h,d] = sum_j p[b,R(i,j),h,M(i,j)] * y[b,R(i,j),h,d]"},
		args:     []apiArg{{"z", ir.Out, rowAxes}, {"p", ir.In, slotAxes}, {"y", ir.In, rowAxes}},
		sum:      "slots",
		terms:    "sum_j |p[b,R(i,j),h,M(i,j)] * y[b,R(i,j),h,d]|",
	},
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
		if b.Role == ir.Temp {
			continue
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
