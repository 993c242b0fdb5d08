package emulate

// A tuple says how much memory the memory operand of a vector instruction is, and hence the factor N of EVEX's compressed
// displacement (disp8*N); "tuple type" is the manual's term.
type tuple struct {
	bytes int // fixed size; 0: the vector length shifted right by shift
	shift int
	bcast int // size of the element that EVEX.b repeats; 0: no broadcast form
}

var (
	full   = tuple{}         // a whole vector, no broadcast
	full32 = tuple{bcast: 4} // a whole vector or one element
	full64 = tuple{bcast: 8}
	half   = tuple{shift: 1} // half a vector
	half32 = tuple{shift: 1, bcast: 4}
	mem1   = tuple{bytes: 1}
	mem2   = tuple{bytes: 2}
	mem4   = tuple{bytes: 4}
	mem8   = tuple{bytes: 8}
	mem16  = tuple{bytes: 16}
	mem32  = tuple{bytes: 32}
)

// size is the number of bytes that a memory operand has, for a vector length in bytes.
func (t tuple) size(vector int, broadcast bool) int {
	switch {
	case broadcast:
		return t.bcast
	case t.bytes != 0:
		return t.bytes
	}
	return vector >> t.shift
}
