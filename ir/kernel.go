package ir

// GraphKind says how a kernel finds the neighbours of a node.
type GraphKind uint8

// The graph kinds.
const (
	Pyramid GraphKind = iota + 1 // closed form, from a window and strides
	Table                        // run-time tables: qk, and for the reverse kq and m
)

// Graph is the graph that a kernel's index maps refer to (design section 1). The zero values of what comes after Strides are those of
// the pyramid in which all is seen.
type Graph struct {
	Kind    GraphKind
	Window  int   // slots of the window: nodes of its own level that a node sees, from i - Window/2
	Strides []int // children of a node of level 1, 2, ...

	Windows  []int  // windows by level, leaves first, the largest of them Window; nil: Window on all levels
	Dilation int    // nodes from one of the window to the next; 0 is 1
	Causal   Causal // what is cut because it comes later
	Links    Links  // which ends of an edge between child and parent see the other

	Ancestors int // levels above that a node sees one node of each, the parent first; 0 is 1
}

// Role says who owns a buffer.
type Role uint8

// The roles of a buffer.
const (
	In   Role = iota + 1 // argument, read only
	Out                  // argument, written
	Temp                 // internal to the kernel
)

// Space says where a buffer lives.
type Space uint8

// The spaces of a buffer.
const (
	Memory   Space = iota + 1 // row-major array
	Register                  // registers: every subscript must be a constant once scheduled
)

// Buffer is a named tensor, row-major, the last dimension contiguous. A buffer without dimensions is a scalar; as an
// argument it is passed by value.
type Buffer struct {
	Name  string
	Type  Type
	Role  Role
	Space Space
	Dims  []Index
	Steps []Index // of an argument that has gaps, see [Buffer.Step]; nil in one that has none
	Lanes int     // register buffers: lanes of each element, 0 or 1 for scalars
}

// Step returns the number of elements from one subscript of dimension d to the next: Steps[d] or, where that is nil, what a subscript of
// the dimension holds without gaps. It is the one place that says where elements lie.
func (b *Buffer) Step(d int) Index {
	if b.Steps != nil && b.Steps[d] != nil {
		return b.Steps[d]
	}
	if d+1 == len(b.Dims) {
		return Int(1)
	}
	return Times(b.Dims[d+1], b.Step(d+1))
}

// Offset is how many elements the one with subscript x in dimension d lies behind that with 0; the sum over the dimensions is the number of
// an element, of which the first is 0.
func (b *Buffer) Offset(d int, x Index) Poly {
	var s sum
	if c, ok := b.Step(d).(Int); ok {
		s = sumOf(termsOf(x))
		s.addMultiple(x, c, 1)
	} else {
		s.add(Times(x, b.Step(d)), 1)
	}
	return s.Poly
}

// Axis is one loop of a stage.
type Axis struct {
	Name   string
	Extent Index
}

// Stage defines every element of one buffer: Out[axes] = Value. With Where, only the elements where it holds are defined
// (the others are never read).
type Stage struct {
	Out   *Buffer
	Axes  []Axis
	Where Cond
	Value Expr
}

// Kernel is what is computed: a pipeline of stages over a graph.
//
// Sizes names its run-time sizes (for example batch, len, heads); nodes and slots follow from len and the graph (for a
// table graph they are run-time sizes themselves). Consts are sizes fixed at generation, such as dim.
type Kernel struct {
	Name    string
	Type    Type // arithmetic type
	Graph   Graph
	Sizes   []string
	Consts  []ConstSize
	Buffers []*Buffer
	Stages  []*Stage
}

// ConstSize is a size that is fixed at generation.
type ConstSize struct {
	Name  string
	Value int64
}

// Buffer returns the buffer of that name, or nil.
func (k *Kernel) Buffer(name string) *Buffer {
	for _, b := range k.Buffers {
		if b.Name == name {
			return b
		}
	}
	return nil
}
