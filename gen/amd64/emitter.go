package goasm

import (
	"fmt"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/schedule"
)

// emitter writes the instructions of one function.
type emitter struct {
	ctx    *build.Context
	prog   *ir.Program
	fn     *ir.Func
	target schedule.Target

	root    *scope                // the function's own, around all loops
	scope   *scope                // the innermost loop that is being written
	scopes  map[*ir.For]*scope    // of all loops
	vars    map[string]operand.Op // integers: registers, stack slots, arguments
	strides map[string]operand.Mem
	order   []ir.Poly             // of strides
	loaded  map[any]reg.GPVirtual // streams and arguments that are in registers here

	vectors map[*ir.Buffer]reg.VecVirtual
	masks   map[string]reg.Register
	labels  int
	free    []operand.Mem // stack slots of loops that are done
}

// failure is the text of an error on its way out of the emitter.
type failure string

func fail(format string, args ...any) { panic(failure(fmt.Sprintf(format, args...))) }

func newEmitter(ctx *build.Context, p *ir.Program, f *ir.Func, target schedule.Target) *emitter {
	return &emitter{
		ctx: ctx, prog: p, fn: f, target: target,
		scopes: map[*ir.For]*scope{}, vars: map[string]operand.Op{}, strides: map[string]operand.Mem{},
		loaded: map[any]reg.GPVirtual{}, vectors: map[*ir.Buffer]reg.VecVirtual{}, masks: map[string]reg.Register{},
	}
}

// body writes the whole function: arguments, strides, pointers, statements.
func (e *emitter) body() {
	for _, n := range e.fn.Ints {
		e.vars[n] = e.argument(argName(e.fn, n))
	}
	for _, b := range e.fn.Buffers {
		if len(b.Dims) == 0 {
			v := e.ctx.XMM()
			e.move(e.argument(b.Name), v, 1)
			e.vectors[b] = v
		}
	}
	e.root = &scope{}
	e.scope = e.root
	e.plan(e.fn.Body, e.root)
	e.writeStrides()
	e.block(e.fn.Body)
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
}

func (e *emitter) stmt(s ir.Stmt) {
	switch s := s.(type) {
	case *ir.For:
		e.loop(s)
	case *ir.If:
		e.branch(s)
	case *ir.Let:
		slot := e.slot()
		e.ctx.MOVQ(e.integer(s.Value), slot)
		e.vars[s.Var] = slot
	case *ir.LetMask:
		e.mask(s)
	case *ir.Alloc:
		if s.Buf.Space != ir.Register || len(s.Buf.Dims) > 0 {
			fail("temporary %s: only single registers can be allocated", s.Buf.Name)
		}
		e.vectors[s.Buf] = e.register(s.Buf.Type, max(s.Buf.Lanes, 1))
	case *ir.Store:
		e.store(s)
	case *ir.Assume:
	case *ir.Prefetch:
		e.ctx.PREFETCHT0(e.address(s.Buf, s.At))
	case *ir.Fence:
		e.ctx.SFENCE()
	default:
		fail("cannot write a %T", s)
	}
}

// branch writes an if. Pointers that it loads are not there on the other path, so they are forgotten.
func (e *emitter) branch(s *ir.If) {
	before := e.remember()
	no := e.label("else")
	e.unless(s.Cond, no)
	e.block(s.Then)
	if len(s.Else) > 0 {
		end := e.label("end")
		e.ctx.JMP(operand.LabelRef(end))
		e.ctx.Label(no)
		e.loaded = clone(before)
		e.block(s.Else)
		no = end
	}
	e.ctx.Label(no)
	e.loaded = before
}

// remember returns what pointers are in registers now.
func (e *emitter) remember() map[any]reg.GPVirtual { return clone(e.loaded) }

func clone(m map[any]reg.GPVirtual) map[any]reg.GPVirtual {
	c := make(map[any]reg.GPVirtual, len(m))
	for k, v := range m {
		c[k] = v
	}
	return c
}

func (e *emitter) label(base string) string {
	e.labels++
	return fmt.Sprintf("%s%d", base, e.labels)
}
