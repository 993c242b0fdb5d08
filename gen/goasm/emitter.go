package goasm

import (
	"fmt"
	"maps"
	"math"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/schedule"
)

// emitter writes the instructions of one function.
type emitter struct {
	ctx      *build.Context
	prog     *ir.Program
	fn       *ir.Func
	target   schedule.Target
	pointers int       // that stay in registers through a loop without loops in it
	lets     bool      // what lets name stays in a register there, too
	recent   int       // pointers that do not, and are there until others are loaded
	frugal   bool      // nothing stays in a register elsewhere
	spared   sparing   // what is not kept on the stack
	normal   []ir.Stmt // the body in normal form, nil until it is wanted

	root      *scope                 // the function's own, around all loops
	scope     *scope                 // the innermost loop that is being written
	scopes    map[*ir.For]*scope     // of all loops
	vars      map[string]operand.Op  // integers: registers, stack slots, arguments
	amounts   map[string]operand.Mem // bytes that pointers move and lie apart, by polynomial
	order     []ir.Poly              // of amounts
	multiples map[string]multiple    // amounts that are not kept
	places    map[access]place       // of the accesses
	none      *element               // without subscripts
	known     map[subscript]*element // those that are accessed
	loaded    map[any]reg.GPVirtual  // streams and arguments that are in registers here
	passed    []*stream              // those of them that do not stay

	vectors map[string][]reg.VecVirtual // register buffers
	masks   map[string]mask

	rounded *roundedWords // of the statement before, nil if it was none that [keepsRounded]

	vectorMasks map[string]bool               // masks that AVX2 wants as vectors
	raw         map[string]bool               // registers that hold what is not arithmetic, nil until that is wanted
	halvesMask  reg.VecVirtual                // the upper halves of 32 bits, nil where no register holds them
	loopNeeds   map[*ir.For]schedule.Pressure // vector registers, nil where no bfloat16 comes in pairs

	pool   *pool
	labels int
	free   []operand.Mem // stack slots of loops that are done
}

// failure is the text of an error on its way out of the emitter.
type failure string

func fail(format string, args ...any) { panic(failure(fmt.Sprintf(format, args...))) }

// body writes the whole function: what pointers move by, then the statements.
func (e *emitter) body() {
	for _, n := range e.fn.Ints {
		e.vars[n] = e.argument(n)
	}
	for _, b := range e.fn.Buffers {
		switch b.Type {
		case ir.I32, ir.U64: // a table, a seed
		default:
			e.check(b)
		}
	}
	if e.normal == nil {
		e.normal = normal(e.prog, e.fn)
	}
	body := e.normal
	e.vectorMasks = vectorMasks(body)
	e.root = &scope{}
	e.scope = e.root
	e.plan(body, e.root)
	e.settle(e.root)
	e.writeAmounts()
	if hasPairs(body) {
		var needs schedule.Pressure
		needs, e.loopNeeds = schedule.LoopRegisters(body)
		e.holdUpperHalf(body, needs)
	}
	e.block(body)
	e.ctx.VZEROUPPER()
	e.ctx.RET()
}

// argument is the place of an argument in the caller's frame.
func (e *emitter) argument(name string) operand.Mem {
	c, err := e.ctx.Param(name).Resolve()
	if err != nil {
		fail("argument %s: %v", name, err)
	}
	return c.Addr
}

func (e *emitter) block(body []ir.Stmt) {
	for _, s := range body {
		e.stmt(s)
	}
	e.rounded = nil // another way may lead to what comes next
	for _, s := range body {
		if let, ok := s.(*ir.Let); ok {
			e.release(e.vars[let.Var])
		}
	}
}

// writeOffsets computes the offsets that are known now and were not before.
func (e *emitter) writeOffsets() {
	for _, o := range e.scope.apart {
		if e.vars[o.name] == nil && o.known(e.scope, e.vars) {
			e.vars[o.name] = e.keep(e.bytesOf(o))
		}
	}
}

// bytesOf computes an offset.
func (e *emitter) bytesOf(o offset) reg.GPVirtual {
	if o.let == "" {
		return e.poly(o.bytes)
	}
	r := e.ctx.GP64()
	e.ctx.MOVQ(e.vars[o.let], r)
	if o.by.IsConst() {
		e.scale(r, o.by.Const)
	} else {
		e.ctx.IMULQ(e.amount(o.by), r)
	}
	return r
}

// keep is a value that the rest of the block uses: in its register where no loop is inside, else on the stack.
func (e *emitter) keep(r reg.GPVirtual) operand.Op {
	if e.scope.loop != nil && e.scope.innermost && e.lets {
		return r
	}
	slot := e.slot()
	e.ctx.MOVQ(r, slot)
	return slot
}

func (e *emitter) stmt(s ir.Stmt) {
	if !keepsRounded(s) {
		e.rounded = nil
	}
	switch s := s.(type) {
	case *ir.For:
		e.loop(s)
	case *ir.If:
		e.branch(s)
	case *ir.Let:
		e.vars[s.Var] = e.keep(e.integer(s.Value))
		e.writeOffsets()
	case *ir.LetMask:
		e.mask(s)
	case *ir.Alloc:
		e.alloc(s.Buf)
	case *ir.Store:
		e.store(s)
	case *ir.Prefetch:
		if s.Far {
			e.ctx.PREFETCHT1(e.lineAddress(s.Buf, s.At))
		} else {
			e.ctx.PREFETCHT0(e.lineAddress(s.Buf, s.At))
		}
	case *ir.Fence:
		e.ctx.SFENCE()
	default:
		fail("cannot write a %T in a function", s)
	}
}

// alloc gives a register buffer its registers, one an element.
func (e *emitter) alloc(b *ir.Buffer) {
	if b.Space != ir.Register {
		fail("temporary %s: memory in a function is not supported yet; use registers", b.Name)
	}
	e.check(b)
	n := 1
	for _, d := range b.Dims {
		k, ok := d.(ir.Int)
		if !ok || k < 1 || int64(k) > math.MaxInt16/int64(n) {
			fail("register buffer %s: extent %s, want a small positive constant", b.Name, ir.FormatIndex(d))
		}
		n *= int(k)
	}
	regs := make([]reg.VecVirtual, n)
	for k := range regs {
		regs[k] = e.register(b.Type, max(b.Lanes, 1))
	}
	e.vectors[b.Name] = regs
}

// element is the register that holds an element of a register buffer.
func (e *emitter) element(b *ir.Buffer, at []ir.Index) reg.VecVirtual {
	regs, ok := e.vectors[b.Name]
	if !ok || len(at) != len(b.Dims) {
		fail("register buffer %s was not allocated with %d dimensions", b.Name, len(at))
	}
	n := 0
	for d, x := range at {
		k, ok := x.(ir.Int)
		extent := b.Dims[d].(ir.Int)
		if !ok || k < 0 || k >= extent {
			fail("register buffer %s: subscript %s, want a constant below %d; unroll the loop", b.Name, ir.FormatIndex(x), extent)
		}
		n = n*int(extent) + int(k)
	}
	return regs[n]
}

// branch writes an if. Pointers that it loads are not there on the other path, so they are forgotten.
func (e *emitter) branch(s *ir.If) {
	before := maps.Clone(e.loaded)
	no := e.label("else")
	if s.Note != "" {
		e.ctx.Comment(oneLine(s.Note))
	}
	e.unless(s.Cond, no)
	e.block(s.Then)
	if len(s.Else) > 0 {
		end := e.label("endif")
		e.ctx.JMP(operand.LabelRef(end))
		e.ctx.Label(no)
		e.loaded = maps.Clone(before)
		e.block(s.Else)
		no = end
	}
	e.ctx.Label(no)
	e.loaded = before
	if hasLoop(s.Then) || hasLoop(s.Else) {
		e.unload() // so that they do not take registers from the loops
	}
}

func hasLoop(body []ir.Stmt) bool {
	found := false
	ir.Each(body, func(s ir.Stmt) {
		_, ok := s.(*ir.For)
		found = found || ok
	})
	return found
}

func (e *emitter) label(base string) string {
	e.labels++
	return fmt.Sprintf("%s_%d", base, e.labels)
}
