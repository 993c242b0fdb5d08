// Package gosrc is the Go back end: it writes programs as Go source, both the portable target and, for tests, the Go twin of a
// vector program. It is the only package that imports jennifer.
//
// A function is written in one walk over its statements, after what Go would refuse as unused has been pruned. Before each block
// [emitter.plan] chooses the views to declare in it: rows and parts of tensors that are sliced, and elements that are loaded, ahead
// of the accesses, so that the compiler leaves no bounds check in the loops inside. An access then looks for a view that has its
// element ([emitter.find]) and else linearises its subscripts ([emitter.number]). A view stands where an access to it is sure to
// follow, since slicing what is not there panics.
//
// Go and the interpreter agree to the bit: every product is converted to its type, which forbids Go to fuse it with a sum; FMA has
// exact helpers; constants are folded here, as Go would not round between them.
package gosrc
