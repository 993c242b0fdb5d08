package emulate

import (
	"errors"
	"fmt"
	"strings"
)

// A DecodeError is code that is not an instruction of the tables.
type DecodeError struct {
	Func   string // name of the function, if known
	Addr   uint64
	Code   []byte // the bytes there, at most 15
	Reason string
}

func (e *DecodeError) Error() string {
	where := fmt.Sprintf("%#x", e.Addr)
	if e.Func != "" {
		where = e.Func + " at " + where
	}
	return fmt.Sprintf("emulate: %s: bytes % x: %s", where, e.Code, e.Reason)
}

var errTruncated = errors.New("the code ends inside an instruction")

// Decode decodes the instruction at the start of code, whose address is addr. The error is a *DecodeError.
func Decode(code []byte, addr uint64) (Inst, error) {
	d := decoder{code: code, in: Inst{Addr: addr, Mem: Mem{Base: -1, Index: -1}}}
	if err := d.decode(); err != nil {
		return Inst{}, &DecodeError{Addr: addr, Code: code[:min(len(code), 15)], Reason: err.Error()}
	}
	return d.in, nil
}

// A decoder holds the fields of the prefixes, not inverted: r, x, b, v extend register numbers.
type decoder struct {
	code []byte
	pos  int
	in   Inst

	key          opcodeKey
	rex          bool
	data16       bool // prefix 66 of an integer instruction
	w            byte
	r, x, b      byte // bits 3 of modrm.reg, index and modrm.rm or base
	r4, x4       byte // bits 4 of modrm.reg and a vector in modrm.rm (EVEX)
	v            byte // vvvv with bit 4
	l            byte // vector length
	evexB        bool // broadcast or embedded rounding
	aaa          byte // mask register
	z            bool // zeroing
	mod, reg, rm byte // of the ModRM byte
	disp8        bool // one byte of displacement, which EVEX scales
	candidates   []*form
}

func (d *decoder) next() (byte, error) {
	if d.pos >= len(d.code) {
		return 0, errTruncated
	}
	d.pos++
	return d.code[d.pos-1], nil
}

// number reads a little-endian number of n bytes, sign-extended.
func (d *decoder) number(n int) (int64, error) {
	if d.pos+n > len(d.code) {
		return 0, errTruncated
	}
	var v uint64
	for i := range n {
		v |= uint64(d.code[d.pos+i]) << (8 * i)
	}
	d.pos += n
	return int64(v<<(64-8*n)) >> (64 - 8*n), nil
}

func (d *decoder) decode() error {
	if err := d.prefixes(); err != nil {
		return err
	}
	d.candidates = forms()[d.key]
	if len(d.candidates) == 0 {
		return fmt.Errorf("unknown opcode %#02x (map %d, prefix %#02x, encoding %c)", d.key.opcode, d.key.mm, d.key.pp, d.key.enc)
	}
	if d.candidates[0].modrm {
		if err := d.modRM(); err != nil {
			return err
		}
	}
	f, err := d.choose()
	if err != nil {
		return err
	}
	return d.finish(f)
}

// choose picks the form whose W, vector length, opcode digit and kind of modrm.rm are those of the code.
func (d *decoder) choose() (*form, error) {
	for _, f := range d.candidates {
		if f.w >= 0 && byte(f.w) != d.w || f.digit >= 0 && byte(f.digit) != d.reg {
			continue
		}
		if d.key.enc != 'L' && f.lengths != 0 && f.lengths>>d.l&1 == 0 {
			continue
		}
		if f.modrm && (d.mod == 3 && !f.rmReg && f.rmMem || d.mod != 3 && !f.rmMem) {
			continue
		}
		return f, nil
	}
	return nil, fmt.Errorf("%s: no form with W=%d L=%d mod=%d reg=%d", d.candidates[0].op, d.w, d.l, d.mod, d.reg)
}

// finish fills in everything that needs the form: sizes, operands, immediate, features.
func (d *decoder) finish(f *form) error {
	in := &d.in
	in.form, in.Op, in.Mask, in.Zeroing, in.Features = f, f.op, d.aaa, d.z, f.feat
	for _, k := range f.kinds {
		if k[0] == 'V' || k[0] == 'H' || k[0] == 'W' || k[0] == 'U' {
			in.Vector = 16 << d.l
		}
	}
	if f.lengths == anyLength && in.Vector != 0 {
		in.Vector = 16
	}
	switch d.key.enc {
	case 'V':
		if f.feat == 0 {
			in.Features = AVX
		}
	case 'E':
		in.Features |= AVX512F
		single := f.unmasked && f.lengths == lengthBits["128"] // moves of one element, which AVX512F has itself
		if f.lengths != anyLength && d.l < 2 && !single {
			in.Features |= AVX512VL
		}
	}
	in.osize = 4
	if d.w == 1 {
		in.osize = 8
	} else if d.data16 {
		in.osize = 2
	}
	if strings.Contains(f.op, "/") {
		in.Op = strings.Split(f.op, "/")[in.osize/4]
	}
	if err := d.evex(f); err != nil {
		return err
	}
	return d.operands(f)
}

// evex checks and applies what only EVEX has: broadcast, masks, scaled displacements.
func (d *decoder) evex(f *form) error {
	if d.key.enc != 'E' {
		return nil
	}
	in := &d.in
	if d.evexB {
		if d.mod == 3 {
			return fmt.Errorf("%s: embedded rounding and {sae} are not interpreted", f.op)
		}
		if f.mem.bcast == 0 {
			return fmt.Errorf("%s has no broadcast operand", f.op)
		}
		in.Bcast = true
	}
	if d.z && d.aaa == 0 {
		return fmt.Errorf("%s: zeroing without a mask", f.op)
	}
	if d.aaa != 0 && f.unmasked {
		return fmt.Errorf("%s takes no mask", f.op)
	}
	if d.z && f.kinds[0] == "K" {
		return fmt.Errorf("%s: a mask register cannot be zeroing", f.op)
	}
	if d.z && d.mod != 3 && (f.kinds[0] == "M" || f.kinds[0][0] == 'W') {
		return fmt.Errorf("%s: a store cannot be zeroing", f.op)
	}
	if d.disp8 {
		in.Mem.Disp *= int64(f.mem.size(in.Vector, in.Bcast))
	}
	return nil
}
