package emulate

import (
	"math"
	"slices"
)

// convertForms change the type of numbers.
func convertForms() []form {
	return slices.Concat(
		conversions("VCVTPS2PD", "NP", "W0", "5A", "V,Wh", half32, convert(widen)),
		conversions("VCVTPD2PS", "66", "W1", "5A", "Vh,W", full64, convert(narrow)),
		conversions("VCVTDQ2PS", "NP", "W0", "5B", "V,W", full32, convert(intToSingle)),
		conversions("VCVTPS2DQ", "66", "W0", "5B", "V,W", full32, convert(toInt32[uint32](math.RoundToEven))),
		conversions("VCVTTPS2DQ", "F3", "W0", "5B", "V,W", full32, convert(toInt32[uint32](math.Trunc))),
		conversions("VCVTDQ2PD", "F3", "W0", "E6", "V,Wh", half32, convert(intToDouble)),
		conversions("VCVTPD2DQ", "F2", "W1", "E6", "Vh,W", full64, convert(toInt32[uint64](math.RoundToEven))),
		conversions("VCVTTPD2DQ", "66", "W1", "E6", "Vh,W", full64, convert(toInt32[uint64](math.Trunc))),
		scalarConversions("VEX.LIG.", ".WIG", ".WIG"), scalarConversions("EVEX.LIG.", ".W0", ".W1"))
}

func conversions(op, pp, w, opcode, args string, mem tuple, run exec) []form {
	vex := mem
	vex.bcast = 0
	return []form{
		{op: op, enc: "VEX.128.256." + pp + ".0F.WIG " + opcode, args: args, mem: vex, run: run},
		{op: op, enc: "EVEX.128.256.512." + pp + ".0F." + w + " " + opcode, args: args, mem: mem, run: run},
	}
}

func scalarConversions(enc, w0, w1 string) []form {
	return append([]form{
		{op: "VCVTSS2SD", enc: enc + "F3.0F" + w0 + " 5A", args: "V,H,W", mem: mem4, run: convertScalar(widen)},
		{op: "VCVTSD2SS", enc: enc + "F2.0F" + w1 + " 5A", args: "V,H,W", mem: mem8, run: convertScalar(narrow)},
	}, unmasked([]form{
		{op: "VCVTSI2SS", enc: enc + "F3.0F.W0 2A", args: "V,H,Ed", mem: mem4, run: fromInteger(single32)},
		{op: "VCVTSI2SS", enc: enc + "F3.0F.W1 2A", args: "V,H,Eq", mem: mem8, run: fromInteger(single64)},
		{op: "VCVTSI2SD", enc: enc + "F2.0F.W0 2A", args: "V,H,Ed", mem: mem4, run: fromInteger(double32)},
		{op: "VCVTSI2SD", enc: enc + "F2.0F.W1 2A", args: "V,H,Eq", mem: mem8, run: fromInteger(double64)},
		{op: "VCVTTSS2SI", enc: enc + "F3.0F.W0 2C", args: "Gd,W", mem: mem4, run: toInteger[uint32](math.Trunc)},
		{op: "VCVTTSS2SI", enc: enc + "F3.0F.W1 2C", args: "Gq,W", mem: mem4, run: toInteger[uint32](math.Trunc)},
		{op: "VCVTTSD2SI", enc: enc + "F2.0F.W0 2C", args: "Gd,W", mem: mem8, run: toInteger[uint64](math.Trunc)},
		{op: "VCVTTSD2SI", enc: enc + "F2.0F.W1 2C", args: "Gq,W", mem: mem8, run: toInteger[uint64](math.Trunc)},
		{op: "VCVTSS2SI", enc: enc + "F3.0F.W0 2D", args: "Gd,W", mem: mem4, run: toInteger[uint32](math.RoundToEven)},
		{op: "VCVTSS2SI", enc: enc + "F3.0F.W1 2D", args: "Gq,W", mem: mem4, run: toInteger[uint32](math.RoundToEven)},
		{op: "VCVTSD2SI", enc: enc + "F2.0F.W0 2D", args: "Gd,W", mem: mem8, run: toInteger[uint64](math.RoundToEven)},
		{op: "VCVTSD2SI", enc: enc + "F2.0F.W1 2D", args: "Gq,W", mem: mem8, run: toInteger[uint64](math.RoundToEven)},
	}...)...)
}

// widen is float32 to float64; a NaN is quieted and keeps its payload at the top.
func widen(x uint32) uint64 {
	if isNaN(x) {
		return uint64(x>>31)<<63 | 0x7ff8<<48 | uint64(x&0x7fffff)<<29
	}
	return math.Float64bits(number(x))
}

// narrow is float64 to float32; a NaN is quieted and keeps the top of its payload.
func narrow(x uint64) uint32 {
	if isNaN(x) {
		return uint32(x>>63)<<31 | 0x7fc00000 | uint32(x>>29)&0x7fffff
	}
	return math.Float32bits(float32(math.Float64frombits(x)))
}

// The numbers in general registers, of 32 and of 64 bits, as floats.
func single32(v int64) uint32 { return math.Float32bits(float32(int32(v))) }
func single64(v int64) uint32 { return math.Float32bits(float32(v)) }
func double32(v int64) uint64 { return math.Float64bits(float64(int32(v))) }
func double64(v int64) uint64 { return math.Float64bits(float64(v)) }

// The numbers in lanes of 32 bits as floats.
func intToSingle(x uint32) uint32 { return math.Float32bits(float32(int32(x))) }
func intToDouble(x uint32) uint64 { return math.Float64bits(float64(int32(x))) }

// toInt32 rounds to an integer; NaNs and what does not fit become the smallest one.
func toInt32[T element](round func(float64) float64) func(x T) uint32 {
	return func(x T) uint32 {
		v := round(number(x))
		if !(v >= math.MinInt32 && v <= math.MaxInt32) {
			return 1 << 31
		}
		return uint32(int32(v))
	}
}

// convert is dst[i] = f(src[i]) for types of any widths; there are as many lanes as the wider one has.
func convert[S, D element](f func(S) D) exec {
	wide := max(sizeof[S](), sizeof[D]())
	return func(m *Machine, in *Inst) error {
		n := in.Vector / wide
		active := m.active(in, in.Vector, wide)
		var buf, out Vec
		a, err := m.source(in, &in.Args[1], &buf, sizeof[S](), active)
		if err != nil {
			return err
		}
		for i := range n {
			if active>>i&1 != 0 {
				setLane(&out, i, f(lane[S](a, i)))
			}
		}
		m.write(in, &out, n*sizeof[D](), sizeof[D](), active)
		return nil
	}
}

// convertScalar is lane 0 = f(b[0]) in a copy of a's low 16 bytes.
func convertScalar[S, D element](f func(S) D) exec {
	return func(m *Machine, in *Inst) error {
		active := m.active(in, sizeof[S](), sizeof[S]())
		var buf Vec
		b, err := m.source(in, &in.Args[2], &buf, sizeof[S](), active)
		if err != nil {
			return err
		}
		out := m.V[in.Args[1].Reg]
		setLane(&out, 0, f(lane[S](b, 0)))
		m.writeScalar(in, &out, sizeof[D](), active)
		return nil
	}
}

func fromInteger[D element](f func(v int64) D) exec {
	return func(m *Machine, in *Inst) error {
		v, err := m.integer(in, 2)
		if err != nil {
			return err
		}
		out := m.V[in.Args[1].Reg]
		setLane(&out, 0, f(int64(v)))
		m.writeScalar(in, &out, sizeof[D](), 1)
		return nil
	}
}

func toInteger[S element](round func(float64) float64) exec {
	return func(m *Machine, in *Inst) error {
		var buf Vec
		a, err := m.source(in, &in.Args[1], &buf, 0, 1)
		if err != nil {
			return err
		}
		v := round(number(lane[S](a, 0)))
		size := in.Args[0].Size
		limit := math.Ldexp(1, 8*size-1)
		if !(v >= -limit && v < limit) {
			return m.setInteger(in, 0, 1<<(8*size-1))
		}
		return m.setInteger(in, 0, uint64(int64(v)))
	}
}
