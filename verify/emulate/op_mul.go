package emulate

import "math/bits"

// mulForms are integer products and quotients.
func mulForms() []form {
	return []form{
		{op: "IMUL", enc: "LEG.0F AF", args: "Gv,Ev", run: imul(0, 1)},
		{op: "IMUL", enc: "LEG 69", args: "Gv,Ev,Iz", run: imul(1, 2)},
		{op: "IMUL", enc: "LEG 6B", args: "Gv,Ev,Ib", run: imul(1, 2)},
		{op: "MUL", enc: "LEG F7 /4", args: "Ev", run: wideMul(bits.Mul64, noSign)},
		{op: "IMUL", enc: "LEG F7 /5", args: "Ev", run: wideMul(signedMul, signOf)},
		{op: "DIV", enc: "LEG F7 /6", args: "Ev", run: divide(false)},
		{op: "IDIV", enc: "LEG F7 /7", args: "Ev", run: divide(true)},
		{op: "MULX", enc: "VEX.128.F2.0F38 F6", args: "Gy,By,Ey", feat: BMI2, run: mulx},
	}
}

// imul is operand 0 = operand a * operand b; CF and OF say whether the product was cut.
func imul(a, b int) exec {
	return func(m *Machine, in *Inst) error {
		x, err := m.integer(in, a)
		if err != nil {
			return err
		}
		y, err := m.integer(in, b)
		if err != nil {
			return err
		}
		size := in.osize
		hi, lo := signedMul(signExtend(x, size), signExtend(y, size))
		cut := signExtend(lo, size) != lo || hi != uint64(int64(lo)>>63)
		m.set(CF|OF, flag(cut, CF|OF))
		m.undefined |= ZF | SF | PF
		return m.setInteger(in, 0, lo)
	}
}

// signedMul is the 128-bit product of x and y as signed numbers.
func signedMul(x, y uint64) (hi, lo uint64) {
	hi, lo = bits.Mul64(x, y)
	hi -= uint64(int64(x)>>63)&y + uint64(int64(y)>>63)&x
	return hi, lo
}

// wideMul is DX:AX = AX * operand; CF and OF are set if DX is more than extend of AX.
func wideMul(mul func(x, y uint64) (hi, lo uint64), extend func(low uint64, size int) uint64) exec {
	return func(m *Machine, in *Inst) error {
		y, err := m.integer(in, 0)
		if err != nil {
			return err
		}
		size := in.osize
		x := m.R[regAX] & sizeMask(size)
		if size < 8 && in.Op == "IMUL" {
			x, y = signExtend(x, size), signExtend(y, size)
		}
		hi, lo := mul(x, y)
		if size < 8 {
			hi = lo >> (8 * size)
		}
		m.setDouble(size, hi, lo)
		cut := hi&sizeMask(size) != extend(lo, size)&sizeMask(size)
		m.set(CF|OF, flag(cut, CF|OF))
		m.undefined |= ZF | SF | PF
		return nil
	}
}

func noSign(uint64, int) uint64 { return 0 }

// signOf is all ones if the low size bytes of v are a negative number.
func signOf(v uint64, size int) uint64 { return uint64(int64(signExtend(v, size)) >> 63) }

// setDouble writes the low size bytes of hi to DX and of lo to AX.
func (m *Machine) setDouble(size int, hi, lo uint64) {
	for reg, v := range map[int]uint64{regAX: lo, regDX: hi} {
		if size == 2 {
			m.R[reg] = m.R[reg]&^0xffff | v&0xffff
		} else {
			m.R[reg] = v & sizeMask(size)
		}
	}
}

// divide is AX = DX:AX / operand, DX = the remainder, which has the dividend's sign. A zero divisor or a quotient that does not
// fit stops the machine, as the hardware's divide error does.
func divide(signed bool) exec {
	return func(m *Machine, in *Inst) error {
		d, err := m.integer(in, 0)
		if err != nil {
			return err
		}
		size := in.osize
		mask := sizeMask(size)
		hi, lo := m.R[regDX]&mask, m.R[regAX]&mask
		if size < 8 {
			hi, lo = 0, hi<<(8*size)|lo
		}
		var negDividend, negDivisor bool
		if signed {
			d = signExtend(d, size)
			if size < 8 {
				lo = signExtend(lo, 2*size)
				hi = uint64(int64(lo) >> 63)
			}
			negDividend, negDivisor = int64(hi) < 0, int64(d) < 0
			if negDividend {
				var b uint64
				lo, b = bits.Sub64(0, lo, 0)
				hi, _ = bits.Sub64(0, hi, b)
			}
			if negDivisor {
				d = -d
			}
		}
		if d == 0 || hi >= d {
			return m.stop(in, "divide error: %#x:%#x / %#x", m.R[regDX], m.R[regAX], d)
		}
		q, r := bits.Div64(hi, lo, d)
		limit := mask
		if signed {
			limit = mask >> 1
			if negDividend != negDivisor {
				limit++
			}
		}
		if q > limit {
			return m.stop(in, "divide error: the quotient %#x does not fit %d bytes", q, size)
		}
		if negDividend != negDivisor {
			q = -q
		}
		if negDividend {
			r = -r
		}
		m.setDouble(size, r, q)
		m.undefined |= CF | PF | ZF | SF | OF
		return nil
	}
}

// mulx is the unsigned product of DX and operand 2: its high part to operand 0, the low one to operand 1, no flags.
func mulx(m *Machine, in *Inst) error {
	y, err := m.integer(in, 2)
	if err != nil {
		return err
	}
	size := in.osize
	hi, lo := bits.Mul64(m.R[regDX]&sizeMask(size), y)
	if size == 4 {
		hi = lo >> 32
	}
	if err := m.setInteger(in, 1, lo); err != nil {
		return err
	}
	return m.setInteger(in, 0, hi)
}
