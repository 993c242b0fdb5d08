package goasm

import (
	"errors"
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	avo "github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/schedule"
)

// thrift is how many pointers a loop keeps in registers, in the order in which it is tried: of the 12 general registers one is the
// loop's variable, others hold arguments that are indices and what is loaded when it is used. What does not stay in a register is on
// the stack. frugal is the last resort.
var thrift = []struct {
	pointers int
	frugal   bool
}{{8, false}, {6, false}, {4, false}, {4, true}, {2, true}, {0, true}}

// function writes a function and gives its values registers, with as many pointers in registers as there are registers for.
func function(p *ir.Program, f *ir.Func, target schedule.Target, stub Stub, consts *pool) (*avo.Function, error) {
	if err := checkNames(f); err != nil {
		return nil, err
	}
	var fn *avo.Function
	var err error
	for _, t := range thrift {
		e := &emitter{
			ctx: build.NewContext(), prog: p, fn: f, target: target, pointers: t.pointers, frugal: t.frugal,
			scopes: map[*ir.For]*scope{}, vars: map[string]operand.Op{}, amounts: map[string]operand.Mem{},
			loaded: map[any]reg.GPVirtual{}, vectors: map[string][]reg.VecVirtual{}, masks: map[string]mask{},
			pool: consts,
		}
		if fn, err = e.write(stub); err != nil {
			return nil, err
		}
		// The allocation takes time that grows with the square of the code, so that it is refused before.
		if n := len(fn.Instructions()); n*maxInstruction > maxCode {
			return nil, fmt.Errorf("%d instructions may take %d bytes, at most %d are allowed; jam or unroll less", n, n*maxInstruction, maxCode)
		}
		var out *outOfRegisters
		if err = assign(fn, target); !errors.As(err, &out) || out.kind != reg.KindGP {
			break
		}
	}
	switch {
	case err != nil:
		return nil, err
	case fn.FrameBytes() > maxFrame:
		return nil, fmt.Errorf("%d bytes of pointers and bounds on the stack, at most %d are there; jam or unroll less", fn.FrameBytes(), maxFrame)
	}
	return fn, nil
}

// write writes the function with virtual registers.
func (e *emitter) write(stub Stub) (fn *avo.Function, err error) {
	defer func() {
		if r := recover(); r != nil {
			text, ok := r.(failure)
			if !ok {
				panic(r)
			}
			err = errors.New(string(text))
		}
	}()
	e.ctx.Function(stub.Name)
	e.ctx.Attributes(attr.NOSPLIT)
	e.ctx.SignatureExpr("func" + stub.Signature)
	if stub.Doc != "" {
		e.ctx.Comment(oneLine(stub.Doc))
	}
	e.body()
	file, err := e.ctx.Result()
	if err != nil {
		return nil, fmt.Errorf("internal error: %w", err)
	}
	return file.Functions()[0], nil
}
