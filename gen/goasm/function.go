package goasm

import (
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	avo "github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/schedule"
)

// thrift is how many pointers a loop keeps in registers, in the order in which it is tried: of the 12 general registers one is the
// loop's variable, others hold arguments that are indices and what is loaded when it is used, some of it until as many others are. What does not stay in a
// register is on the stack. frugal is the last resort.
var thrift = []struct {
	pointers int
	lets     bool // what lets name is in registers, too, in such a loop
	recent   int
	frugal   bool
}{{8, true, 2, false}, {8, false, 2, false}, {8, false, 0, false}, {6, false, 2, false}, {4, false, 2, false}, {4, false, 0, true}, {2, false, 0, true}, {0, false, 0, true}}

// writing is a function on its way to instructions. Beginning it puts its constants into the pool, which is done in the order of the
// functions; giving its values registers changes nothing but the function, and is done side by side, beside the beginning of others, and so is printing it.
type writing struct {
	prog   *ir.Program
	fn     *ir.Func
	target schedule.Target
	stub   Stub
	consts *pool
	normal []ir.Stmt     // the body in normal form
	spared sparing       // with which it was begun
	out    *avo.Function // until it is printed
	err    error

	text     []byte
	features map[string]bool // fields of golang.org/x/sys/cpu.X86 that it needs
}

// begin writes the function with virtual registers, with as many pointers in registers as are tried first, and with what fits the stack.
func (w *writing) begin() error {
	if err := checkNames(w.fn); err != nil {
		return err
	}
	err := w.write(0, nothing)
	for errors.Is(err, errStack) {
		w.spared++
		err = w.write(0, w.spared)
	}
	return err
}

// errStack says that a function takes more than maxFrame of the stack, while more can be spared.
var errStack = errors.New("internal error: more of the stack must be spared")

// write writes the function, with the k-th way to save registers, and sparing that much of the stack.
func (w *writing) write(k int, spared sparing) (err error) {
	e := &emitter{
		ctx: build.NewContext(), prog: w.prog, fn: w.fn, target: w.target, pointers: thrift[k].pointers, lets: thrift[k].lets, recent: thrift[k].recent, frugal: thrift[k].frugal,
		spared: spared, multiples: map[string]multiple{}, scopes: map[*ir.For]*scope{}, vars: map[string]operand.Op{}, amounts: map[string]operand.Mem{},
		places: map[access]place{}, none: &element{}, known: map[subscript]*element{}, loaded: map[any]reg.GPVirtual{}, vectors: map[string][]reg.VecVirtual{}, masks: map[string]mask{},
		pool: w.consts, normal: w.normal,
	}
	w.out, err = e.write(w.stub)
	w.normal = e.normal
	if err != nil {
		return err
	}
	// The allocation takes time that grows with the square of the code, so that it is refused before.
	code := instructions(w.out)
	if n := codeBytes(code, w.target.VectorBytes); n > maxCode {
		return fmt.Errorf("%d instructions may take %d bytes, at most %d are allowed; jam or unroll less", len(code), n, maxCode)
	}
	return nil
}

// assign gives the values of the function registers; where they do not suffice it is written again with fewer pointers in them, and
// where the stack does not, with less on it. Its constants are in the pool by then.
func (w *writing) assign() error {
	spared := w.spared
	err := w.assignRegisters(spared)
	for errors.Is(err, errStack) {
		spared++
		err = w.assignRegisters(spared)
	}
	return err
}

// sparing says what is not kept on the stack but computed where it is wanted, each with what is before it.
type sparing int

const (
	nothing   sparing = iota
	multiples         // of amounts
	pointers          // that move with a loop around all others
	offsets           // that follow from lets
)

func (w *writing) assignRegisters(spared sparing) error {
	for k := range thrift {
		if k > 0 || spared > w.spared {
			if err := w.write(k, spared); err != nil {
				return err
			}
		}
		if n := w.out.FrameBytes(); n > maxFrame {
			return fmt.Errorf("%d bytes of pointers and bounds on the stack, at most %d are there; jam or unroll less", n, maxFrame)
		}
		err := assign(w.out, w.target)
		if out := (*outOfRegisters)(nil); !errors.As(err, &out) || out.kind != reg.KindGP || k == len(thrift)-1 {
			return err
		}
	}
	return nil
}

// print makes text of the function, and takes down what its instructions need.
func (w *writing) print() (err error) {
	code := instructions(w.out)
	w.stub.Instructions, w.stub.Bytes = len(code), codeBytes(code, w.target.VectorBytes)
	w.features = map[string]bool{}
	if err := features(w.out, w.features); err != nil {
		return err
	}
	w.text, err = printedSection(w.out)
	w.out = nil
	return err
}

// writeAll writes all functions, on all processors. The error is that of the first function that has one.
func writeAll(work []*writing) error {
	var group sync.WaitGroup
	begun := make(chan *writing, len(work))
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for w := range begun {
				if w.err = w.assign(); w.err == nil {
					w.err = w.print()
				}
			}
		})
	}
	for _, w := range work {
		if w.err = w.begin(); w.err != nil {
			break
		}
		begun <- w
	}
	close(begun)
	group.Wait()
	for _, w := range work {
		if w.err != nil {
			return fmt.Errorf("%s: %s: %w", schedule.Describe(w.prog), w.fn.Name, w.err)
		}
	}
	return nil
}

// write writes the function with virtual registers.
func (e *emitter) write(stub Stub) (fn *avo.Function, err error) {
	defer func() {
		r := recover()
		text, failed := r.(failure)
		switch {
		case failed:
			err = errors.New(string(text))
		case r == any(errStack):
			err = errStack
		case r != nil:
			panic(r)
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
