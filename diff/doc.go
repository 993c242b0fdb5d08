// Package diff derives gradients: from a kernel written as tensor expressions to the kernel of its reverse mode.
//
// Each stage y = f(x...) passes the gradient dy that arrives at it on to what it loads, by one rule an operator (see rules.go).
// A load x[e(axes)] turns into its reverse: dx at t is the sum over the axes for which e(axes) = t. Plain axes solve this by
// renaming, affine subscripts by arithmetic, and the index map of the graph by its own reverse:
//
//	N(i, j) = t  <=>  i = R(t, k), j = M(t, k) for one k;  N(R(t, k), M(t, k)) = t
//
// What loads a tensor in several places adds up. Then identities make it lean (see fold.go): what equals a result that is given
// is read from it, exponentials of a product merge, and sums are exchanged where that makes one of them a given result.
package diff
