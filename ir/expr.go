package ir

// Expr is a value: a scalar, or a vector of lanes.
type Expr interface {
	// Lanes is the number of lanes, 1 for a scalar.
	Lanes() int
	expr()
}

// Const is a floating-point constant of type Type, rounded to it.
type Const struct {
	Type  Type
	Value float64
}

// Load reads one element, or Width consecutive elements along the last dimension (Width > 1). From a register buffer
// (Space Register) it reads one element, which is a vector where the buffer's elements are. With a mask only the active lanes
// are read, the others are +0.
type Load struct {
	Buf   *Buffer
	At    []Index
	Width int    // lanes read from memory; 1 for a scalar and for register buffers
	Mask  string // name of a LetMask, or ""
}

// BinOp is an operator on two values.
type BinOp uint8

// The operators on two values, lane by lane, each rounded once. FMax(x, y) is x if x > y and y otherwise (also for NaN
// and for zeros of either sign), FMin accordingly with <, as MAXPS and MINPS have it.
//
// Scale is X * 2^Y, rounded once, of an integral Y from -254 to 160 in f32, from -2046 to 1100 in f64, where X is 0, NaN or, in
// magnitude, between 2^-40 and 2^40 in f32, 2^-400 and 2^400 in f64. Beyond that targets differ in what they give, except that
// it is NaN where X is.
const (
	FAdd BinOp = iota + 1
	FSub
	FMul
	FDiv
	FMax
	FMin
	Scale
)

// Binary applies a BinOp; both operands have the same type and lanes.
type Binary struct {
	Op   BinOp
	X, Y Expr
}

// UnOp is an operator on one value.
type UnOp uint8

// The operators on one value. In unscheduled expressions Exp, Log and Recip are the correctly rounded functions as far as
// float64 evaluation gives them; scheduling replaces Exp and Log by polynomials.
//
// Exponent and Mantissa take a positive normal X apart: X = Mantissa * 2^Exponent, where the mantissa is at least c, the float
// nearest to sqrt(1/2), and less than 2c. They are operations on the bits of X, so that they are the same for any other X, too:
// of b = bits(X) + bits(1) - bits(c), without carry, the upper bits down to the exponent's lowest one, less the bias of exponents,
// are the Exponent; the bits below, plus bits(c), are those of the Mantissa.
const (
	Neg UnOp = iota + 1
	Exp
	Log
	Recip
	Exponent
	Mantissa
)

// Unary applies a UnOp.
type Unary struct {
	Op UnOp
	X  Expr
}

// FMA is X*Y + Z, rounded once.
type FMA struct{ X, Y, Z Expr }

// Broadcast is a vector with the scalar X in each of Width lanes.
type Broadcast struct {
	X     Expr
	Width int
}

// HSum is the sum of the lanes of X: the upper half is added to the lower half (lower + upper) until one lane is left.
type HSum struct{ X Expr }

// Tree is the vector of the sums of several vectors: lane k is the sum of the lanes of Xs[k]. There are 4 vectors (8-lane and
// wider f32) or 4 (4-lane and wider f64), and the result has 4 lanes. Sums are in the order of a tree of horizontal adds: while
// there are more than 8 (f64: 4) lanes the upper half is added to the lower half; then adjacent lanes are added,
// (0+1), (2+3), ..., and, f32 only, adjacent sums again; last the sum of the lower 128-bit half plus that of the upper half.
type Tree struct{ Xs []Expr }

// Every is every other lane of the vector X: the lanes 0, 2, 4, ..., or with Odd 1, 3, 5, ...
type Every struct {
	X   Expr
	Odd bool
}

// Zip is the vector of the lanes of X and Y in turn: X0, Y0, X1, Y1, ...
type Zip struct{ X, Y Expr }

// Lane is lane K of the vector X.
type Lane struct {
	X Expr
	K int
}

// Select is X where Cond holds and Y elsewhere; only the chosen one is evaluated.
type Select struct {
	Cond Cond
	X, Y Expr
}

// Choose is, in each lane, X where A Op B holds there and Y elsewhere; all four have as many lanes, and all are evaluated.
type Choose struct {
	Op         CmpOp
	A, B, X, Y Expr
}

// ReduceOp is the combine of a reduction.
type ReduceOp uint8

// The reductions: Sum starts at +0, MaxOf at -inf.
const (
	Sum ReduceOp = iota + 1
	MaxOf
)

// Reduce combines Body over Axis = 0..Extent-1, in ascending order, where Where holds (nil: everywhere). Only in unscheduled
// expressions.
type Reduce struct {
	Op     ReduceOp
	Axis   string
	Extent Index
	Where  Cond
	Body   Expr
}

func (*Const) expr()     {}
func (*Load) expr()      {}
func (*Binary) expr()    {}
func (*Unary) expr()     {}
func (*FMA) expr()       {}
func (*Broadcast) expr() {}
func (*HSum) expr()      {}
func (*Tree) expr()      {}
func (*Every) expr()     {}
func (*Zip) expr()       {}
func (*Lane) expr()      {}
func (*Select) expr()    {}
func (*Choose) expr()    {}
func (*Reduce) expr()    {}

// Lanes implements Expr.
func (*Const) Lanes() int { return 1 }

// Lanes implements Expr.
func (e *Load) Lanes() int {
	if e.Buf.Space == Register {
		return max(e.Buf.Lanes, 1)
	}
	return max(e.Width, 1)
}

// Lanes implements Expr.
func (e *Binary) Lanes() int { return e.X.Lanes() }

// Lanes implements Expr.
func (e *Unary) Lanes() int { return e.X.Lanes() }

// Lanes implements Expr.
func (e *FMA) Lanes() int { return e.X.Lanes() }

// Lanes implements Expr.
func (e *Broadcast) Lanes() int { return e.Width }

// Lanes implements Expr.
func (*HSum) Lanes() int { return 1 }

// Lanes implements Expr.
func (e *Tree) Lanes() int { return len(e.Xs) }

// Lanes implements Expr.
func (e *Every) Lanes() int { return max(e.X.Lanes()/2, 1) }

// Lanes implements Expr.
func (e *Zip) Lanes() int { return 2 * e.X.Lanes() }

// Lanes implements Expr.
func (*Lane) Lanes() int { return 1 }

// Lanes implements Expr.
func (e *Select) Lanes() int { return e.X.Lanes() }

// Lanes implements Expr.
func (e *Choose) Lanes() int { return e.X.Lanes() }

// Lanes implements Expr.
func (*Reduce) Lanes() int { return 1 }
