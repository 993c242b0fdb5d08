package ir

// Stmt is a statement of a loop nest.
type Stmt interface{ stmt() }

// For runs Body with Var = Lo, Lo+Step, ... below Hi. A parallel loop's iterations are independent and may run in any order.
type For struct {
	Var      string
	Lo, Hi   Index
	Step     int64
	Parallel bool
	Body     []Stmt
	Note     string // for the reader: level, edge case
	Stage    string // stage of the kernel that the loop came from, by which a schedule names it; not in the text form
}

// If runs Then where Cond holds and Else elsewhere.
type If struct {
	Cond Cond
	Then []Stmt
	Else []Stmt
	Note string
}

// Let names an index value for the rest of the block.
type Let struct {
	Var   string
	Value Index
}

// LetMask names a mask for the rest of the block: of Lanes lanes the first Count (0 <= Count <= Lanes) are active.
type LetMask struct {
	Name  string
	Type  Type // of the elements it masks
	Lanes int
	Count Index
}

// Alloc brings a register or temporary buffer into scope for the rest of the block; its elements are undefined, but
// zeros in memory that a driver allocates for its functions.
type Alloc struct{ Buf *Buffer }

// Store writes Value to one element, or Value.Lanes() consecutive elements of a memory buffer; with a mask, only to the
// active lanes. Stream asks for a store that bypasses the cache, in pieces of so many bytes, at multiples of them; 0 asks for none.
type Store struct {
	Buf    *Buffer
	At     []Index
	Mask   string
	Value  Expr
	Stream int
}

// Bytes is how many bytes of memory the store covers, those of lanes that are masked off too.
func (s *Store) Bytes() int { return s.Value.Lanes() * s.Buf.Type.Size() }

// Assume states what scheduling has proved; the interpreter checks it and back ends ignore it.
type Assume struct{ Cond Cond }

// Prefetch brings the cache line of an element near; it may lie outside the buffer.
type Prefetch struct {
	Buf *Buffer
	At  []Index
	Far bool // not into the first-level cache
}

// Fence orders streaming stores before whatever follows.
type Fence struct{}

// Call runs a function of the program with the given integers.
type Call struct {
	Func *Func
	Args []Index
}

func (*For) stmt()      {}
func (*If) stmt()       {}
func (*Let) stmt()      {}
func (*LetMask) stmt()  {}
func (*Alloc) stmt()    {}
func (*Store) stmt()    {}
func (*Assume) stmt()   {}
func (*Prefetch) stmt() {}
func (*Fence) stmt()    {}
func (*Call) stmt()     {}
