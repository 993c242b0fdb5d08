package gosrc

// apiOp describes an op to those who call it: its arguments in order, and what its doc comment says.
type apiOp struct {
	name     string // as in the spec
	summary  string // behind the function's name
	equation string // in the letters of the arguments
	outputs  int    // how many of the tensors are results; they come first
	tensors  []apiTensor
	scalars  []apiScalar
	terms    string // summands of one result, for the error bound
}

// apiTensor is an argument of shape (batch, node, head, last), row-major.
type apiTensor struct{ name, last string }

type apiScalar struct{ name, doc string }

// apiOps are the ops that packages can have, in the order of the spec. Arguments are in the order of the kernel's buffers.
var apiOps = []apiOp{
	{
		name:     "scores",
		summary:  "computes the dot product of each node's row of x with the row of y of each of its neighbours",
		equation: "s[b,i,h,j] = sum_d x[b,i,h,d] * y[b,N(i,j),h,d], and padding where slot j of node i is empty",
		outputs:  1,
		tensors:  []apiTensor{{"s", "slots"}, {"x", "dim"}, {"y", "dim"}},
		scalars:  []apiScalar{{"padding", "what empty slots get"}},
		terms:    "the head dimension",
	},
	{
		name:     "context",
		summary:  "computes the sum of the neighbours' rows of y, weighted by the node's own row of p",
		equation: "z[b,i,h,d] = sum_j p[b,i,h,j] * y[b,N(i,j),h,d] over the full slots j of node i",
		outputs:  1,
		tensors:  []apiTensor{{"z", "dim"}, {"p", "slots"}, {"y", "dim"}},
		terms:    "the number of the node's neighbours",
	},
	{
		name:     "reverse",
		summary:  "computes the transpose of context: the sum over the nodes that attend to a node, weighted by their rows of p",
		equation: "z[b,i,h,d] = sum_j p[b,r,h,m] * y[b,r,h,d] over the nodes r that have node i in a slot m",
		outputs:  1,
		tensors:  []apiTensor{{"z", "dim"}, {"p", "slots"}, {"y", "dim"}},
		terms:    "the number of nodes that attend to the node",
	},
}
