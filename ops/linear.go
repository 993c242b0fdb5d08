package ops

import "github.com/pyragen/pyragen/ir"

// Scores builds the scores of every node against its neighbours; an empty slot gets the scalar padding.
//
//	S[b,i,h,j] = sum_d X[b,i,h,d] * Y[b,N(i,j),h,d]
//
// Buffers: s (batch, node, head, slot); x, y (batch, node, head, dim); on a table qk; padding.
func Scores(o Options) *ir.Kernel {
	k := begin("scores", o, toKeys)
	s := k.edges("s", ir.Out)
	x, y := k.rows("x", ir.In), k.rows("y", ir.In)
	k.graph(toKeys)
	padding := k.scalar("padding")

	k.stage(s, nil, &ir.Select{
		Cond: k.full(),
		X:    dot(at(x, b, i, h, d), at(y, b, k.key(), h, d)),
		Y:    at(padding),
	}, b, i, h, j)
	return k.Kernel
}

// Context builds the weighted sum of the neighbours' rows.
//
//	Z[b,i,h,d] = sum_j P[b,i,h,j] * Y[b,N(i,j),h,d]
//
// Buffers: z (batch, node, head, dim); p (batch, node, head, slot); y (batch, node, head, dim); on a table qk.
func Context(o Options) *ir.Kernel {
	k := begin("context", o, toKeys)
	z := k.rows("z", ir.Out)
	p, y := k.edges("p", ir.In), k.rows("y", ir.In)
	k.graph(toKeys)

	k.stage(z, nil, k.sumKeys(mul(at(p, b, i, h, j), at(y, b, k.key(), h, d))), b, i, h, d)
	return k.Kernel
}

// Reverse builds the transpose of Context: the weighted sum of the rows of the nodes that attend to a node.
//
//	Z[b,i,h,d] = sum_j P[b,R(i,j),h,M(i,j)] * Y[b,R(i,j),h,d]
//
// Buffers: z (batch, node, head, dim); p (batch, node, head, slot); y (batch, node, head, dim); on a table kq, m.
func Reverse(o Options) *ir.Kernel {
	k := begin("reverse", o, toQueries)
	z := k.rows("z", ir.Out)
	p, y := k.edges("p", ir.In), k.rows("y", ir.In)
	k.graph(toQueries)

	k.stage(z, nil, k.sumTransposed(p, y), b, i, h, d)
	return k.Kernel
}
