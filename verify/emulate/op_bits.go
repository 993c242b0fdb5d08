package emulate

import "math/bits"

// bitForms are the instructions that count, find and cut bits.
func bitForms() []form {
	return []form{
		{op: "POPCNT", enc: "LEG.F3.0F B8", args: "Gv,Ev", feat: POPCNT, run: count(func(v uint64, size int) uint64 {
			return uint64(bits.OnesCount64(v))
		}, true)},
		{op: "TZCNT", enc: "LEG.F3.0F BC", args: "Gv,Ev", feat: BMI1, run: count(func(v uint64, size int) uint64 {
			return uint64(min(bits.TrailingZeros64(v), 8*size))
		}, false)},
		{op: "LZCNT", enc: "LEG.F3.0F BD", args: "Gv,Ev", feat: LZCNT, run: count(func(v uint64, size int) uint64 {
			return uint64(bits.LeadingZeros64(v) - (64 - 8*size))
		}, false)},
		{op: "BZHI", enc: "VEX.128.NP.0F38 F5", args: "Gy,Ey,By", feat: BMI2, run: bzhi},
		{op: "ANDN", enc: "VEX.128.NP.0F38 F2", args: "Gy,By,Ey", feat: BMI1, run: andn},
		{op: "BLSR", enc: "VEX.128.NP.0F38 F3 /1", args: "By,Ey", feat: BMI1, run: blsr},
	}
}

// count is dst = f(src). ZF tells a zero result and CF a zero source, except for POPCNT, which clears all but ZF.
func count(f func(v uint64, size int) uint64, popcnt bool) exec {
	return func(m *Machine, in *Inst) error {
		v, err := m.integer(in, 1)
		if err != nil {
			return err
		}
		r := f(v, in.osize)
		if popcnt {
			m.set(CF|PF|ZF|SF|OF, flag(v == 0, ZF))
		} else {
			m.set(CF|ZF, flag(v == 0, CF)|flag(r == 0, ZF))
			m.undefined |= PF | SF | OF
		}
		return m.setInteger(in, 0, r)
	}
}

// bzhi clears the bits of the source from the given position on; CF tells a position beyond the last bit.
func bzhi(m *Machine, in *Inst) error {
	v, err := m.integer(in, 1)
	if err != nil {
		return err
	}
	n, size := int(m.R[in.Args[2].Reg]&0xff), in.osize
	r := v & (uint64(1)<<n - 1)
	m.result(r, size)
	m.set(CF|OF, flag(n >= 8*size, CF))
	m.undefined |= PF
	return m.setInteger(in, 0, r)
}

func andn(m *Machine, in *Inst) error {
	v, err := m.integer(in, 2)
	if err != nil {
		return err
	}
	r := m.logic(^m.R[in.Args[1].Reg]&v, in.osize)
	m.undefined |= PF
	return m.setInteger(in, 0, r)
}

func blsr(m *Machine, in *Inst) error {
	v, err := m.integer(in, 1)
	if err != nil {
		return err
	}
	r := v & (v - 1)
	m.result(r, in.osize)
	m.set(CF|OF, flag(v == 0, CF))
	m.undefined |= PF
	return m.setInteger(in, 0, r)
}
