package emulate

import "slices"

// arithForms are + - * / min max sqrt on packed and scalar floats.
func arithForms() []form {
	return slices.Concat(
		arith("ADD", "58", arithmetic[uint32](add), arithmetic[uint64](add)),
		arith("MUL", "59", arithmetic[uint32](mul), arithmetic[uint64](mul)),
		arith("SUB", "5C", arithmetic[uint32](sub), arithmetic[uint64](sub)),
		arith("MIN", "5D", lesser[uint32], lesser[uint64]),
		arith("DIV", "5E", arithmetic[uint32](div), arithmetic[uint64](div)),
		arith("MAX", "5F", greater[uint32], greater[uint64]),
		[]form{
			{op: "VSQRTPS", enc: "VEX.128.256.NP.0F.WIG 51", args: "V,W", run: lanes1(squareRoot[uint32])},
			{op: "VSQRTPD", enc: "VEX.128.256.66.0F.WIG 51", args: "V,W", run: lanes1(squareRoot[uint64])},
			{op: "VSQRTSS", enc: "VEX.LIG.F3.0F.WIG 51", args: "V,H,W", mem: mem4, run: scalar(root[uint32])},
			{op: "VSQRTSD", enc: "VEX.LIG.F2.0F.WIG 51", args: "V,H,W", mem: mem8, run: scalar(root[uint64])},
			{op: "VSQRTPS", enc: "EVEX.128.256.512.NP.0F.W0 51", args: "V,W", mem: full32, run: lanes1(squareRoot[uint32])},
			{op: "VSQRTPD", enc: "EVEX.128.256.512.66.0F.W1 51", args: "V,W", mem: full64, run: lanes1(squareRoot[uint64])},
			{op: "VSQRTSS", enc: "EVEX.LIG.F3.0F.W0 51", args: "V,H,W", mem: mem4, run: scalar(root[uint32])},
			{op: "VSQRTSD", enc: "EVEX.LIG.F2.0F.W1 51", args: "V,H,W", mem: mem8, run: scalar(root[uint64])},
		})
}

func arith(name, opcode string, f32 func(a, b uint32) uint32, f64 func(a, b uint64) uint64) []form {
	ss := scalar(f32)
	sd := scalar(f64)
	return []form{
		{op: "V" + name + "PS", enc: "VEX.128.256.NP.0F.WIG " + opcode, args: "V,H,W", run: lanes2(f32)},
		{op: "V" + name + "PD", enc: "VEX.128.256.66.0F.WIG " + opcode, args: "V,H,W", run: lanes2(f64)},
		{op: "V" + name + "SS", enc: "VEX.LIG.F3.0F.WIG " + opcode, args: "V,H,W", mem: mem4, run: ss},
		{op: "V" + name + "SD", enc: "VEX.LIG.F2.0F.WIG " + opcode, args: "V,H,W", mem: mem8, run: sd},
		{op: "V" + name + "PS", enc: "EVEX.128.256.512.NP.0F.W0 " + opcode, args: "V,H,W", mem: full32, run: lanes2(f32)},
		{op: "V" + name + "PD", enc: "EVEX.128.256.512.66.0F.W1 " + opcode, args: "V,H,W", mem: full64, run: lanes2(f64)},
		{op: "V" + name + "SS", enc: "EVEX.LIG.F3.0F.W0 " + opcode, args: "V,H,W", mem: mem4, run: ss},
		{op: "V" + name + "SD", enc: "EVEX.LIG.F2.0F.W1 " + opcode, args: "V,H,W", mem: mem8, run: sd},
	}
}

func root[T element](_, b T) T { return squareRoot(b) }

func add(a, b float64) float64 { return a + b }
func sub(a, b float64) float64 { return a - b }
func mul(a, b float64) float64 { return a * b }
func div(a, b float64) float64 { return a / b }
