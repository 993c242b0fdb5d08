package emulate

import (
	"fmt"
	"math/bits"
)

// integer is the value of integer operand i, zero-extended from its size; immediates are sign-extended to 64 bits.
func (m *Machine) integer(in *Inst, i int) (uint64, error) {
	o := &in.Args[i]
	switch o.Kind {
	case GPR:
		return m.R[o.Reg] & sizeMask(o.Size), nil
	case Memory:
		return m.load(in, m.address(in), o.Size)
	}
	return uint64(o.Imm), nil
}

// setInteger writes operand i. Writing 32 bits of a register clears the upper 32; writing fewer keeps the rest.
func (m *Machine) setInteger(in *Inst, i int, v uint64) error {
	o := &in.Args[i]
	if o.Kind == Memory {
		return m.storeInt(in, m.address(in), o.Size, v)
	}
	mask := sizeMask(o.Size)
	if o.Size >= 4 {
		m.R[o.Reg] = v & mask
		return nil
	}
	m.R[o.Reg] = m.R[o.Reg]&^mask | v&mask
	return nil
}

// sizeMask has the low size bytes set.
func sizeMask(size int) uint64 { return ^uint64(0) >> (64 - 8*size) }

// signExtend extends the low size bytes of v.
func signExtend(v uint64, size int) uint64 { return uint64(int64(v<<(64-8*size)) >> (64 - 8*size)) }

func hex(v uint64) string { return fmt.Sprintf("%#x", v) }

func flag(set bool, f Flags) Flags {
	if set {
		return f
	}
	return 0
}

// result sets ZF, SF and PF from r, of size bytes.
func (m *Machine) result(r uint64, size int) {
	r &= sizeMask(size)
	m.set(ZF|SF|PF, flag(r == 0, ZF)|flag(r>>(8*size-1) == 1, SF)|flag(bits.OnesCount8(uint8(r))%2 == 0, PF))
}

// addFlags is a + b + carry with the flags of ADD and ADC.
func (m *Machine) addFlags(a, b, carry uint64, size int) uint64 {
	mask, top := sizeMask(size), 8*size-1
	a, b = a&mask, b&mask
	r, out := bits.Add64(a, b, carry)
	if size < 8 {
		out = r >> (8 * size)
	}
	m.result(r, size)
	m.set(CF|OF, flag(out&1 == 1, CF)|flag((a^r)&(b^r)>>top&1 == 1, OF))
	return r & mask
}

// subFlags is a - b - borrow with the flags of SUB, SBB and CMP.
func (m *Machine) subFlags(a, b, borrow uint64, size int) uint64 {
	mask, top := sizeMask(size), 8*size-1
	a, b = a&mask, b&mask
	r, out := bits.Sub64(a, b, borrow)
	m.result(r, size)
	m.set(CF|OF, flag(out == 1, CF)|flag((a^b)&(a^r)>>top&1 == 1, OF))
	return r & mask
}

// condition evaluates the condition code cc (the low 4 bits of Jcc, SETcc, CMOVcc). Depending on a flag that the last
// instruction left undefined is a *Stop.
func (m *Machine) condition(in *Inst, cc byte) (bool, error) {
	reads := [8]Flags{OF, CF, ZF, CF | ZF, SF, PF, SF | OF, ZF | SF | OF}[cc>>1]
	if undefined := m.undefined & reads; undefined != 0 {
		return false, m.stop(in, "depends on flags %v, which are undefined since the last instruction that changed flags", undefined)
	}
	var hit bool
	less := (m.Flags&SF != 0) != (m.Flags&OF != 0)
	switch cc >> 1 {
	case 6:
		hit = less
	case 7:
		hit = less || m.Flags&ZF != 0
	default:
		hit = m.Flags&reads != 0
	}
	return hit != (cc&1 == 1), nil
}
