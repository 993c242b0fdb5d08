package schedule

import (
	"fmt"
	"slices"

	"github.com/pyragen/pyragen/ir"
)

var budgetPass = Pass{
	Name: "budget",
	Doc:  "count the vector registers that every function needs at once, before the back end is asked; refuse what does not fit",
	Run: func(n *Nest, _ Schedule) error {
		if n.Target.VectorRegs == 0 {
			return nil
		}
		for _, f := range n.Funcs {
			if r := Registers(f); r.Total() > n.Target.VectorRegs {
				return &Error{Describe(n.Program), Action{Step: "budget"}, fmt.Errorf("%s needs %d values + %d masks + %d temporaries = %d vector registers, %s has %d; jam or unroll less",
					f.Name, r.Values, r.Masks, r.Temps, r.Total(), n.Target.Name, n.Target.VectorRegs)}
			}
		}
		return nil
	},
}

// Pressure is the largest number of vector registers that a function needs at once.
type Pressure struct {
	Values int // register buffers that are live
	Masks  int // mask vectors
	Temps  int // intermediate results of one statement
}

// Total is the sum.
func (p Pressure) Total() int { return p.Values + p.Masks + p.Temps }

// Registers returns the pressure of a function's worst statement. Scalars take a vector register too, where they are read.
func Registers(f *ir.Func) Pressure {
	all, _ := LoopRegisters(f.Body)
	return all
}

// LoopRegisters returns the pressure of a function's body, and that of each of its loops.
func LoopRegisters(body []ir.Stmt) (all Pressure, loops map[*ir.For]Pressure) {
	loops = map[*ir.For]Pressure{}
	return pressure(body, 0, 0, loops), loops
}

// pressure walks a block with some values and masks live around it, and notes what loops need. A register or mask lives from where it is made to
// its last use in the block.
func pressure(block []ir.Stmt, values, masks int, loops map[*ir.For]Pressure) Pressure {
	last, lastMask := map[*ir.Buffer]int{}, map[string]int{}
	for i := range block {
		part := block[i : i+1]
		ir.Each(part, func(s ir.Stmt) {
			if e, ok := s.(*ir.Store); ok {
				last[e.Buf], lastMask[e.Mask] = i, i
			}
		})
		ir.EachValue(part, func(x ir.Expr) {
			if l, ok := x.(*ir.Load); ok {
				last[l.Buf], lastMask[l.Mask] = i, i
			}
		})
	}
	ends := map[int][]*ir.Buffer{}
	for b, i := range last {
		ends[i] = append(ends[i], b)
	}
	worst := Pressure{Values: values, Masks: masks}
	live, liveMasks := map[*ir.Buffer]bool{}, map[string]bool{}
	around := masks
	for i, s := range block {
		masks = around + len(liveMasks)
		var here Pressure
		switch e := s.(type) {
		case *ir.Alloc:
			if last[e.Buf] > i && !live[e.Buf] {
				live[e.Buf] = true
				values += registersOf(e.Buf)
			}
			continue
		case *ir.LetMask:
			liveMasks[e.Name] = true
			here = Pressure{values, masks + 1, 0}
		case *ir.For:
			here = pressure(e.Body, values, masks, loops)
			loops[e] = here
		case *ir.If:
			here = pressure(e.Then, values, masks, loops)
			if p := pressure(e.Else, values, masks, loops); p.Total() > here.Total() {
				here = p
			}
		case *ir.Store:
			here = Pressure{values + scalarsIn(e.Value), masks, temporaries(e.Value)}
			if t, ok := e.Value.(*ir.Tree); ok && dying(t, last, i) {
				here.Temps = 1 // its first sum; the vectors make room for the next
			}
			here.Temps = max(here.Temps, rounding(e))
		}
		if here.Total() > worst.Total() {
			worst = here
		}
		for _, b := range ends[i] {
			if live[b] {
				values -= registersOf(b)
			}
		}
		for m := range liveMasks {
			if lastMask[m] <= i {
				delete(liveMasks, m)
			}
		}
	}
	return worst
}

// scalarsIn counts the scalar arguments that a value reads.
func scalarsIn(x ir.Expr) int {
	var read []*ir.Buffer
	ir.EachPart(x, func(x ir.Expr) {
		if l, ok := x.(*ir.Load); ok && l.Buf.Space == ir.Memory && len(l.Buf.Dims) == 0 && !slices.Contains(read, l.Buf) {
			read = append(read, l.Buf)
		}
	})
	return len(read)
}

// dying reports whether a tree is the last use of the registers that it sums.
func dying(t *ir.Tree, last map[*ir.Buffer]int, i int) bool {
	for _, x := range t.Xs {
		if l, ok := x.(*ir.Load); !ok || l.Buf.Space != ir.Register || last[l.Buf] > i {
			return false
		}
	}
	return true
}

// registersOf counts registers, every element of an array.
func registersOf(b *ir.Buffer) int {
	size := 1
	for _, d := range b.Dims {
		if c, ok := d.(ir.Int); ok {
			size *= int(c)
		}
	}
	return size
}

// rounding is how many registers a store takes that rounds to elements of 16 bits: the value where it is in none yet, and what it becomes on
// the way. 0 for other stores.
func rounding(s *ir.Store) int {
	if s.Buf.Space != ir.Memory || !s.Buf.Type.Narrow() {
		return 0
	}
	n := 1
	if z, ok := s.Value.(*ir.Zip); ok { // of two vectors what is kept, and what is lost
		n++
		for _, x := range []ir.Expr{z.X, z.Y} {
			if l, ok := x.(*ir.Load); !ok || l.Buf.Space != ir.Register {
				return n + 2
			}
		}
		return n + 1
	}
	if s.Buf.Type == ir.BF16 { // rounded as integers: with which lanes are NaN
		n = 2
	}
	if l, ok := s.Value.(*ir.Load); !ok || l.Buf.Space != ir.Register {
		n++
	}
	return n
}

// converts reports whether a value is loaded from elements that are stored in 16 bits: arithmetic cannot read it from memory.
func converts(x ir.Expr) bool {
	if e, ok := x.(*ir.Every); ok {
		x = e.X
	}
	l, ok := x.(*ir.Load)
	return ok && l.Buf.Space == ir.Memory && l.Buf.Type.Narrow()
}

// temporaries is how many registers the parts of a value take while it is computed.
func temporaries(x ir.Expr) int {
	switch e := x.(type) {
	case *ir.Load:
		if e.Buf.Space == ir.Register {
			return 0
		}
		return 1
	case *ir.FMA:
		x, y := temporaries(e.X), temporaries(e.Y)
		if converts(e.X) && converts(e.Y) { // neither is an operand in memory
			return x + y
		}
		return max(x, y)
	case *ir.Binary:
		if e.Op == ir.Scale { // two powers of two
			return max(temporaries(e.X), temporaries(e.Y)+1) + 2
		}
		x, y := temporaries(e.X), temporaries(e.Y)
		if l, ok := e.Y.(*ir.Load); ok && l.Mask == "" && !l.Buf.Type.Narrow() {
			y = 0 // an operand in memory
		}
		return max(x, y+min(x, 1))
	case *ir.Choose: // its value, what is compared, and the outcome
		return max(temporaries(e.Y), 1+temporaries(e.A), 2+temporaries(e.B), 2+temporaries(e.X))
	case *ir.Broadcast:
		return 1
	case *ir.HSum:
		return 2
	case *ir.Tree:
		return 3
	case *ir.Lane:
		return 1 + temporaries(e.X)
	case *ir.Unary:
		return 1 + temporaries(e.X)
	case *ir.Random: // the words of the counter and of the key, and a rotation
		return 6
	}
	return 1
}
