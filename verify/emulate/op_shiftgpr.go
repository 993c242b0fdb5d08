package emulate

import "fmt"

// shiftGPRForms are SHL, SHR, SAR, ROL, ROR of integers and the shifts of BMI2, which set no flags.
func shiftGPRForms() []form {
	var all []form
	for _, k := range []struct {
		op    string
		digit int
		run   exec
	}{{"ROL", 0, shift(rol)}, {"ROR", 1, shift(ror)}, {"SHL", 4, shift(shl)}, {"SHR", 5, shift(shr)}, {"SAR", 7, shift(sar)}} {
		for _, g := range []struct{ opcode, args string }{{"C0", "Eb,Ib"}, {"C1", "Ev,Ib"}, {"D0", "Eb,1"}, {"D1", "Ev,1"},
			{"D2", "Eb,Cb"}, {"D3", "Ev,Cb"}} {
			all = append(all, form{op: k.op, enc: fmt.Sprintf("LEG %s /%d", g.opcode, k.digit), args: g.args, run: k.run})
		}
	}
	return append(all,
		form{op: "SHLX", enc: "VEX.128.66.0F38 F7", args: "Gy,Ey,By", feat: BMI2, run: shiftx(shlx)},
		form{op: "SHRX", enc: "VEX.128.F2.0F38 F7", args: "Gy,Ey,By", feat: BMI2, run: shiftx(shrx)},
		form{op: "SARX", enc: "VEX.128.F3.0F38 F7", args: "Gy,Ey,By", feat: BMI2, run: shiftx(sarx)},
		form{op: "RORX", enc: "VEX.128.F2.0F3A F0", args: "Gy,Ey,Ib", feat: BMI2, run: shiftx(rorx)})
}

// A shifted is the result of a shift and the flags that it sets.
type shifted struct {
	v           uint64
	carry, over bool // over: OF, defined for shifts by one only
	keepsResult bool // ZF, SF and PF stay as they were (rotations)
}

// shift is dst = f(dst, count); the count is taken modulo 32 (64 for 64-bit operands), and zero sets no flags.
func shift(f func(v uint64, n, width int) shifted) exec {
	return func(m *Machine, in *Inst) error {
		v, err := m.integer(in, 0)
		if err != nil {
			return err
		}
		c, err := m.integer(in, 1)
		if err != nil {
			return err
		}
		size := in.Args[0].Size
		n := int(c & 31)
		if size == 8 {
			n = int(c & 63)
		}
		if n == 0 {
			return m.setInteger(in, 0, v)
		}
		s := f(v, n, 8*size)
		if !s.keepsResult {
			m.result(s.v, size)
		}
		m.set(CF|OF, flag(s.carry, CF)|flag(s.over, OF))
		if n != 1 {
			m.undefined |= OF
		}
		if n >= 8*size {
			m.undefined |= CF
		}
		return m.setInteger(in, 0, s.v)
	}
}

func shl(v uint64, n, width int) shifted {
	r := v << n
	carry := n <= width && v>>(width-n)&1 == 1
	return shifted{v: r, carry: carry, over: carry != (r>>(width-1)&1 == 1)}
}

func shr(v uint64, n, width int) shifted {
	return shifted{v: v >> n, carry: v>>(n-1)&1 == 1, over: v>>(width-1) == 1}
}

func sar(v uint64, n, width int) shifted {
	s := int64(signExtend(v, width/8))
	return shifted{v: uint64(s >> n), carry: s>>(n-1)&1 == 1}
}

func rol(v uint64, n, width int) shifted {
	n %= width
	r := v<<n | v>>(width-n)
	return shifted{v: r, carry: r&1 == 1, over: (r>>(width-1)&1 == 1) != (r&1 == 1), keepsResult: true}
}

func ror(v uint64, n, width int) shifted {
	n %= width
	r := v>>n | v<<(width-n)
	top := r>>(width-1)&1 == 1
	return shifted{v: r, carry: top, over: top != (r>>(width-2)&1 == 1), keepsResult: true}
}

func shlx(v uint64, n, _ int) uint64    { return v << n }
func shrx(v uint64, n, _ int) uint64    { return v >> n }
func sarx(v uint64, n, size int) uint64 { return uint64(int64(signExtend(v, size)) >> n) }
func rorx(v uint64, n, size int) uint64 { return v>>n | v<<(8*size-n) }

func shiftx(f func(v uint64, n, size int) uint64) exec {
	return func(m *Machine, in *Inst) error {
		v, err := m.integer(in, 1)
		if err != nil {
			return err
		}
		c, err := m.integer(in, 2)
		if err != nil {
			return err
		}
		return m.setInteger(in, 0, f(v, int(c)&(8*in.osize-1), in.osize))
	}
}
