package main

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/pyragen/pyragen/gen/gosrc"
	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/verify"
	"github.com/pyragen/pyragen/verify/emulate"
)

// emulator computes calls with instruction sets that this CPU lacks: it walks the driver of the scheduled program here and gives
// each function that the driver calls, in machine code as it was linked, to the interpreter of instructions.
type emulator struct {
	image    *emulate.Image
	packages []verify.Package // in the order of the scratch module's folders p0, p1, ...
	programs *interpreter

	// before is how many batches lie before those of a call. Kernels are not run on them, and there is no memory for them: what they
	// take moves the offsets of the others, beyond what 32 bits hold for instance.
	before int64

	aligned bool // operands begin at multiples of 64 bytes: kernels may store past the cache only there

	mu    sync.Mutex
	funcs map[string]*emulate.Func
}

// newEmulator reads the functions of a kernel server; programs schedules what calls them.
func newEmulator(server string, packages []verify.Package, programs *interpreter) (*emulator, error) {
	image, err := emulate.Load(server)
	return &emulator{image: image, packages: packages, programs: programs, funcs: map[string]*emulate.Func{}}, err
}

// call is a [verify.Oracle].
func (e *emulator) call(c verify.Call) ([][]float64, error) {
	p, err := e.programs.scheduled(c)
	if err != nil {
		return nil, err
	}
	m := emulate.NewMachine(e.image)
	tensors := map[string]*tensor{}
	for i, operand := range c.Op.Inputs {
		data := c.Type.Of(operand).Encode(newSpacing(c, operand).spread(c.Inputs[i]))
		tensors[operand.Name] = e.operand(m, c, operand, len(c.Inputs[i]), data, true)
	}
	for _, operand := range c.Op.Outputs {
		elements := outputLen(c, operand)
		data := make([]byte, newSpacing(c, operand).span(elements)*c.Type.Of(operand).Bytes)
		tensors[operand.Name] = e.operand(m, c, operand, elements, data, false)
	}
	lists := edgeLists(c)
	for _, b := range p.Buffers {
		if list := lists[b.Name]; list != nil {
			tensors[b.Name] = e.place(m, b.Name, encodeInts(list), true)
		}
	}
	scalars := map[string]float64{c.Op.Scalar: c.Scalar, "dropout": c.Op.Dropout.Rate}
	frames := frames{tensors: tensors, scalars: scalars, seed: c.Op.Dropout.Seed}
	d := driver{
		lists: lists,
		skip:  e.before, of: e.before + int64(c.Case.Sizes.Batch),
		aligned: func(a *ir.Aligned) bool { return tensors[a.Buf.Name].addr%uint64(a.Bytes) == 0 },
		call: func(f *ir.Func, ints []int64) error {
			fn, err := e.function(c, p, f)
			if err != nil {
				return err
			}
			return m.Call(fn, frames.of(f, ints))
		},
		alloc: func(b *ir.Buffer, elements int64) {
			if t := tensors[b.Name]; t != nil {
				clear(t.data)
				return
			}
			tensors[b.Name] = e.place(m, b.Name, make([]byte, elements*int64(b.Type.Size())), false)
		},
	}
	env := map[ir.Var]int64{}
	for name, v := range runSizes(c, p) {
		env[ir.Var(name)] = v
	}
	for _, known := range p.Consts {
		env[ir.Var(known.Name)] = known.Value
	}
	for _, b := range p.Buffers {
		if b.Role != ir.Temp {
			continue
		}
		elements, err := d.elements(b, env)
		if err != nil {
			return nil, err
		}
		size := int64(b.Type.Size())
		t := e.place(m, b.Name, make([]byte, elements*size), false)
		t.addr -= uint64(e.before * elements / int64(c.Case.Sizes.Batch) * size)
		tensors[b.Name] = t
	}
	env["batch"] += e.before
	if err := d.run(p.Body, env); err != nil {
		return nil, err
	}
	var outputs [][]float64
	for _, operand := range c.Op.Outputs {
		values, s := c.Type.Of(operand).Decode(tensors[operand.Name].data), newSpacing(c, operand)
		if err := s.written(operand.Name, values); err != nil {
			return nil, err
		}
		outputs = append(outputs, s.gather(values, outputLen(c, operand)))
	}
	return outputs, nil
}

// function decodes a function of a package, once.
func (e *emulator) function(c verify.Call, p *ir.Program, f *ir.Func) (*emulate.Func, error) {
	folder := slices.IndexFunc(e.packages, func(o verify.Package) bool { return o.Name == c.Package.Name && o.Key == c.Package.Key })
	name := fmt.Sprintf("scratch/p%d.%s", folder, gosrc.FuncName(p, f))
	e.mu.Lock()
	defer e.mu.Unlock()
	if fn := e.funcs[name]; fn != nil {
		return fn, nil
	}
	fn, err := e.image.Func(name)
	e.funcs[name] = fn
	return fn, err
}

// tensor is an operand in the machine's memory.
type tensor struct {
	data []byte
	addr uint64 // of element 0, which may lie before the data
}

// operand places an operand of so many elements, behind the batches before it.
func (e *emulator) operand(m *emulate.Machine, c verify.Call, o verify.Operand, elements int, data []byte, readOnly bool) *tensor {
	t := e.place(m, o.Name, data, readOnly)
	batch := newSpacing(c, o).distance(elements / c.Case.Sizes.Batch)
	t.addr -= uint64(e.before * int64(batch*c.Type.Of(o).Bytes))
	return t
}

func (e *emulator) place(m *emulate.Machine, name string, data []byte, readOnly bool) *tensor {
	if e.aligned {
		return &tensor{data, m.PlaceAligned(name, data, readOnly)}
	}
	return &tensor{data, m.Place(name, data, readOnly)}
}

// frames lays arguments out as Go does for assembly: pointers and scalars in the order of the function's buffers, then integers, each
// aligned to its size.
type frames struct {
	tensors map[string]*tensor
	scalars map[string]float64
	seed    uint64
}

func (fr frames) of(f *ir.Func, ints []int64) []byte {
	var frame []byte
	word := func(v uint64) {
		frame = append(frame, make([]byte, -len(frame)&7)...)
		frame = binary.LittleEndian.AppendUint64(frame, v)
	}
	for _, b := range f.Buffers {
		switch {
		case len(b.Dims) > 0:
			word(fr.tensors[b.Name].addr)
		case b.Type == ir.U64:
			word(fr.seed)
		case b.Type == ir.F64:
			word(math.Float64bits(fr.scalars[b.Name]))
		default:
			frame = binary.LittleEndian.AppendUint32(frame, math.Float32bits(float32(fr.scalars[b.Name])))
		}
	}
	for _, v := range ints {
		word(uint64(v))
	}
	return append(frame, make([]byte, -len(frame)&7)...)
}
