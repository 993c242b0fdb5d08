package ir

// Index is an integer expression: a subscript, a loop bound or a size.
type Index interface{ index() }

// Int is an integer constant.
type Int int64

// Var is a loop variable, a let or a run-time size.
type Var string

// ArithOp is the operator of an [Arith].
type ArithOp uint8

// The integer operators. Div rounds towards minus infinity and, like Mod, wants a positive divisor.
const (
	Add ArithOp = iota + 1
	Sub
	Mul
	Div
	Mod
	Min
	Max
)

// Arith applies an integer operator.
type Arith struct {
	Op   ArithOp
	X, Y Index
}

// Fn names an index map of the graph.
type Fn uint8

// The index maps. nbr, rev and revslot are -1 where the slot is empty; the others describe one level of a pyramid.
const (
	Nbr     Fn = iota + 1 // nbr(i, j): the node in slot j of node i
	Rev                   // rev(i, j): the j-th node that has i in one of its slots
	RevSlot               // revslot(i, j): the slot of i in the row of rev(i, j); the index matrix M
	LevelN                // n(l): nodes of level l, 0 beyond the top
	LevelAt               // off(l): id of the first node of level l
	StrideC               // C(l): children of a node of level l+1
)

// Apply applies an index map.
type Apply struct {
	Fn   Fn
	Args []Index
}

// Gather reads an element of an I32 buffer as an index.
type Gather struct {
	Table *Buffer
	At    []Index
}

// Pick is X where Cond holds and Y elsewhere.
type Pick struct {
	Cond Cond
	X, Y Index
}

func (Int) index()     {}
func (Var) index()     {}
func (*Arith) index()  {}
func (*Apply) index()  {}
func (*Gather) index() {}
func (*Pick) index()   {}

// Cond is a condition.
type Cond interface{ cond() }

// CmpOp is a comparison operator.
type CmpOp uint8

// The comparisons.
const (
	LT CmpOp = iota + 1
	LE
	EQ
	NE
	GE
	GT
)

// Compare compares two integers.
type Compare struct {
	Op   CmpOp
	X, Y Index
}

// CompareValue compares two scalar values; any comparison with NaN but NE is false.
type CompareValue struct {
	Op   CmpOp
	X, Y Expr
}

// Aligned holds where element 0 of a memory buffer lies at a multiple of Bytes. Which way it goes never changes a result; the
// interpreter, which has no addresses, takes it to hold.
type Aligned struct {
	Buf   *Buffer
	Bytes int64 // a power of two
}

// Uncached holds where so many bytes are more than a program should expect to stay in the last-level cache of the machine that it runs
// on. Which way it goes never changes a result; the interpreter takes it to be more than [CachedBytes].
type Uncached struct{ Bytes Index }

// CachedBytes is half of a common last-level cache, of 32 MiB. The other half is for what else there is.
const CachedBytes = 16 << 20

// And holds where both hold.
type And struct{ X, Y Cond }

func (*Compare) cond()      {}
func (*CompareValue) cond() {}
func (*Aligned) cond()      {}
func (*Uncached) cond()     {}
func (*And) cond()          {}

// Plus returns x + y.
func Plus(x, y Index) Index { return &Arith{Add, x, y} }

// Minus returns x - y.
func Minus(x, y Index) Index { return &Arith{Sub, x, y} }

// Times returns x * y.
func Times(x, y Index) Index { return &Arith{Mul, x, y} }

// Quo returns x / y, rounded towards minus infinity.
func Quo(x, y Index) Index { return &Arith{Div, x, y} }

// Rem returns x mod y, in [0, y).
func Rem(x, y Index) Index { return &Arith{Mod, x, y} }

// Least returns the smaller of x and y.
func Least(x, y Index) Index { return &Arith{Min, x, y} }

// Most returns the larger of x and y.
func Most(x, y Index) Index { return &Arith{Max, x, y} }
