package schedule

import (
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"sync"
	"testing"

	"github.com/pyragen/pyragen/ir"
)

// precision of the truth, in bits.
const precision = 140

func wide(v float64) *big.Float { return new(big.Float).SetPrec(precision).SetFloat64(v) }

// bigLn2 is ln 2 = -ln(1 - 1/2), as a series.
var bigLn2 = sync.OnceValue(func() *big.Float {
	total, half := wide(0), wide(1)
	for k := 1; k < precision+10; k++ {
		half.Quo(half, wide(2))
		total.Add(total, wide(0).Quo(half, wide(float64(k))))
	}
	return total
})

// bigExp is e^x: the argument is reduced by a multiple of ln 2 and divided by 2^8, and the series squared as often.
func bigExp(x *big.Float) *big.Float {
	v, _ := x.Float64()
	n := math.Round(v / math.Ln2)
	r := wide(0).Sub(x, wide(0).Mul(wide(n), bigLn2()))
	r.SetMantExp(r, -8)
	y, term := wide(1), wide(1)
	for k := 1.0; k < 16; k++ {
		term.Quo(term.Mul(term, r), wide(k))
		y.Add(y, term)
	}
	for range 8 {
		y.Mul(y, y)
	}
	return y.SetMantExp(y, int(n))
}

// bigLog is ln x. That of the mantissa is from the float64 nearest to it by a step of Newton's method, whose error is cubic.
func bigLog(x float64) *big.Float {
	m, n := math.Frexp(x)
	if m < math.Sqrt2/2 { // about 1, where the two terms would cancel
		m, n = 2*m, n-1
	}
	near := math.Log(m)
	e := wide(0).Mul(wide(m), bigExp(wide(-near)))
	e.Sub(e, wide(1))
	square := wide(0).Mul(e, e)
	e.Add(wide(near), e.Sub(e, square.Quo(square, wide(2))))
	return e.Add(e, square.Mul(wide(float64(n)), bigLn2()))
}

// sample is an argument with its exact result: (upper + lower) * 2^power.
type sample struct {
	x, upper, lower float64
	power           int
}

// sampleOf finds the exact result.
func sampleOf(name string, typ ir.Type, x float64) sample {
	if typ == ir.F32 { // float64 has bits enough
		upper, power := math.Frexp(map[string]func(float64) float64{"exp": math.Exp, "log": math.Log}[name](x))
		return sample{x, upper, 0, power}
	}
	var y *big.Float
	if name == "exp" {
		y = bigExp(wide(x))
	} else {
		y = bigLog(x)
	}
	power := y.MantExp(y)
	upper, _ := y.Float64()
	lower, _ := y.Sub(y, wide(upper)).Float64()
	return sample{x, upper, lower, power}
}

// ulps is the distance of a result from the truth, in units of the last place that the truth has in the type.
func (s sample) ulps(typ ir.Type, got float64) float64 {
	digits, least, beyond := 53, -1074, 1024
	if typ == ir.F32 {
		digits, least, beyond = 24, -149, 128
	}
	if largest := 1 - math.Ldexp(0.5, -digits); math.IsInf(got, 1) && (s.power > beyond || s.power == beyond && s.upper >= largest) {
		return 0
	}
	return math.Abs(math.Ldexp(got, -s.power)-s.upper-s.lower) / math.Ldexp(1, max(s.power-digits, least)-s.power)
}

// samplings is how many parts the samples have: one in a quick run, else as many as bring one of every 64 bit patterns of float32.
func samplings(name string) int {
	if os.Getenv("PYRAGEN_LONG") == "" {
		return 1
	}
	return int(distances[name] / 64)
}

// distances are those of samples of float32, in bit patterns.
var distances = map[string]uint32{"exp": 2048, "log": 4096}

// samplesOf is a part of the arguments of a function: of float32, bit patterns at equal distances, over the range in which the result
// is not 1, 0 or infinite; of float64 random ones, some of them where intervals meet and where results are subnormal.
func samplesOf(name string, typ ir.Type, part int) []sample {
	var out []sample
	add := func(x float64) { out = append(out, sampleOf(name, typ, x)) }
	first := uint32(part)*64 + 1
	r := rand.New(rand.NewPCG(3, uint64(part)))
	count := 30000
	switch {
	case typ == ir.F32 && name == "log":
		for b := first; b < 0x7f800000; b += distances[name] {
			add(float64(math.Float32frombits(b)))
		}
	case typ == ir.F32:
		for b := 0x32000000 + first; b < 0x42d00000; b += distances[name] { // 2^-27 to 104
			add(float64(math.Float32frombits(b)))
			add(-float64(math.Float32frombits(b)))
		}
	case name == "log":
		for range count {
			add(math.Float64frombits(r.Uint64N(0x7ff0000000000000)))
			add(1 + (r.Float64()-0.5)*math.Ldexp(1, -r.IntN(50)))
			add(math.Ldexp(math.Sqrt2, r.IntN(60)-30) * (1 + (r.Float64()-0.5)*0x1p-20))
		}
	default:
		for range count {
			add(-745.14 + r.Float64()*(745.14+709.78))
			add((r.Float64() - 0.5) * math.Ldexp(1, -r.IntN(40)))
			add((float64(r.IntN(2000)) - 1000 + 0.5) * math.Ln2 * (1 + (r.Float64()-0.5)*0x1p-20))
			add(-708 - 37*r.Float64()) // subnormal results
		}
	}
	return out
}

// TestTruth compares the truth with itself: e^ln(x) = x, and with e as it is printed in books.
func TestTruth(t *testing.T) {
	if e, _ := bigExp(wide(1)).Float64(); e != math.E {
		t.Errorf("e = %v, want %v", e, math.E)
	}
	if text := bigExp(wide(1)).Text('g', 30); text != "2.71828182845904523536028747135" {
		t.Errorf("e = %s, want 2.71828182845904523536028747135", text)
	}
	for _, x := range []float64{0x1p-1074, 1e-300, 0.1, 0.7, 1, 1.5, 2, 1e10, 1e300} {
		back := bigExp(bigLog(x))
		if d, _ := back.Sub(back.Quo(back, wide(x)), wide(1)).Float64(); math.Abs(d) > 0x1p-100 {
			t.Errorf("e^ln(%v) is off by %v", x, d)
		}
	}
}
