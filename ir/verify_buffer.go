package ir

import "math/bits"

// argument checks and binds a buffer of a kernel, program or function; its dimensions are checked by the caller, who knows what
// they may refer to.
func (v *verifier) argument(b *Buffer) {
	if b == nil {
		v.fail("got a nil buffer, want one")
	}
	v.bufferShape(b)
	if b.Role < In || b.Role > Temp {
		v.fail("buffer %s: got role %d, want in, out or temp", b.Name, b.Role)
	}
	if b.Role == Out && len(b.Dims) == 0 {
		v.fail("buffer %s: got an output without dimensions, want at least one; scalars are passed by value", b.Name)
	}
	if b.Type == I32 && b.Role != In {
		v.fail("buffer %s: got an i32 buffer that is no input, want a table; values are floats", b.Name)
	}
	if b.Type == U64 && (b.Role != In || len(b.Dims) > 0) {
		v.fail("buffer %s: got a u64 that is no scalar input, want a seed", b.Name)
	}
	v.bind(b.Name, b)
}

// steps checks the steps of a buffer between its dimensions. Vectors lie along the last one.
func (v *verifier) steps(b *Buffer) {
	if b.Steps == nil {
		return
	}
	last := len(b.Dims) - 1
	switch {
	case b.Role == Temp || b.Space != Memory:
		v.fail("got steps of a temporary, want none; only arguments have gaps")
	case len(b.Steps) != len(b.Dims):
		v.fail("got %d steps, want one for each of the %d dimensions, or none", len(b.Steps), len(b.Dims))
	case b.Steps[last] != nil:
		v.fail("got step %s of the last dimension, want none; its elements lie side by side", FormatIndex(b.Steps[last]))
	}
	for _, x := range b.Steps {
		if x != nil {
			v.index(x)
		}
	}
}

// bufferShape checks type, space and lanes.
func (v *verifier) bufferShape(b *Buffer) {
	if b.Type < F32 || b.Type > U64 {
		v.fail("buffer %s: got element type %s, want f32, f64, f16, bf16, i32 or u64", b.Name, b.Type)
	}
	if v.typ != 0 && !b.Type.integer() && b.Type.Arith() != v.typ {
		v.fail("buffer %s: got elements of %s, which are computed in %s, want what is computed in %s", b.Name, b.Type,
			b.Type.Arith(), v.typ)
	}
	switch b.Space {
	case Memory:
		if b.Lanes > 1 {
			v.fail("buffer %s: got %d lanes in memory, want none; vectors are consecutive elements there", b.Name, b.Lanes)
		}
	case Register:
		if b.Type != F32 && b.Type != F64 {
			v.fail("buffer %s: got registers of %s, want f32 or f64", b.Name, b.Type)
		}
		if b.Lanes > 1 {
			v.vector(b.Lanes)
		}
	default:
		v.fail("buffer %s: got space %d, want memory or register", b.Name, b.Space)
	}
}

// vector checks a number of lanes.
func (v *verifier) vector(lanes int) {
	if lanes < 2 || lanes > maxLanes || bits.OnesCount(uint(lanes)) != 1 {
		v.fail("got %d lanes, want a power of two from 2 to %d", lanes, maxLanes)
	}
}

// use returns the buffer that b's name stands for, which must be like b.
func (v *verifier) use(b *Buffer) *Buffer {
	if b == nil {
		v.fail("got no buffer, want one")
	}
	d, ok := v.names[b.Name].(*Buffer)
	if d == b {
		return d
	}
	if !ok {
		v.fail("got buffer %s, want one that is declared here", b.Name)
	}
	if d.Type != b.Type || d.Space != b.Space || d.Role != b.Role || max(d.Lanes, 1) != max(b.Lanes, 1) || !sameDims(d, b) || !sameSteps(d, b) {
		v.fail("got buffer %s %s, want the one declared here, %s %s", b.Name, bufferType(b), d.Name, bufferType(d))
	}
	return d
}

func sameDims(a, b *Buffer) bool {
	if len(a.Dims) != len(b.Dims) {
		return false
	}
	for i := range a.Dims {
		if !sameExtent(a.Dims[i], b.Dims[i]) {
			return false
		}
	}
	return true
}

// sameSteps reports whether two buffers of the same dimensions have the same gaps.
func sameSteps(a, b *Buffer) bool {
	if (a.Steps == nil) != (b.Steps == nil) {
		return false
	}
	for i, x := range a.Steps {
		if y := b.Steps[i]; (x == nil) != (y == nil) || x != nil && !sameExtent(x, y) {
			return false
		}
	}
	return true
}

// sameExtent reports whether two extents are equal for all values of their variables. Long ones must be written alike: the
// normal form of a product of sums can be far longer than itself.
func sameExtent(x, y Index) bool {
	const most = 60
	s, t := FormatIndex(x), FormatIndex(y)
	return s == t || len(s) <= most && len(t) <= most && Same(x, y)
}

// element checks the subscripts of buffer b and returns its declaration.
func (v *verifier) element(b *Buffer, at []Index) *Buffer {
	d := v.use(b)
	if len(at) != len(d.Dims) {
		v.fail("got %d subscripts of %s, want its %d dimensions", len(at), d.Name, len(d.Dims))
	}
	for i, x := range at {
		v.index(x)
		if v.scheduled && d.Space == Register {
			v.registerSubscript(d, i, x)
		}
	}
	return d
}

// registerSubscript checks that subscript i of a register buffer is a constant that lies inside.
func (v *verifier) registerSubscript(b *Buffer, i int, x Index) {
	k, ok := x.(Int)
	if !ok {
		v.fail("subscript %d of register buffer %s: got %s, want a constant; unroll the loop", i, b.Name, FormatIndex(x))
	}
	if n, ok := b.Dims[i].(Int); ok && (k < 0 || k >= n) {
		v.fail("subscript %d of register buffer %s: got %d, want 0 to %d", i, b.Name, k, n-1)
	}
}

// masked checks the mask of an access to width lanes of b.
func (v *verifier) masked(b *Buffer, mask string, width int) {
	if mask == "" {
		return
	}
	m, ok := v.names[mask].(*LetMask)
	switch {
	case !ok:
		v.fail("got mask %s of %s, want one that is defined here", mask, b.Name)
	case b.Space == Register:
		v.fail("got mask %s of register buffer %s, want none; masks are for memory", mask, b.Name)
	case m.Lanes != width:
		v.fail("got mask %s of %d lanes, want the %d of the access to %s", mask, m.Lanes, width, b.Name)
	case m.Type != b.Type && m.Type != b.Type.Arith():
		v.fail("got mask %s for elements of %s, want %s, as %s has", mask, m.Type, b.Type, b.Name)
	}
}
