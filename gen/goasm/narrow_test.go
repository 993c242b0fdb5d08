package goasm_test

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/gen/goasm"
	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/schedule"
)

// narrow uses elements of 16 bits, of type H, in every way: vectors, scalars, lanes, under masks of a number that is known at run time
// alone and of each that is constant, as operands of each kind.
const narrow = `program narrow f32 TARGET {
  size n
  in x: H[n]
  in y: H[n]
  in a: f32
  out z: H[7, n]
  out w: f32[n]
  out c: H[CONSTANTS, W]
  call narrow(n)
}

func narrow(n) {
  in x: H[n]
  in y: H[n]
  in a: f32
  out z: H[7, n]
  out w: f32[n]
  out c: H[CONSTANTS, W]
  for d in 0..n/W*W step W {
    alloc v: V
    z[0, d:W] = x[d:W] + y[d:W]
    z[1, d:W] = fma(x[d:W], y[d:W], x[d:W])
    z[2, d:W] = broadcast(x[d], W) * y[d:W]
    w[d:W] = x[d:W]
    v = fma(broadcast(a, W), y[d:W], x[d:W])
LANES
  }
  if n%W > 0 { // tail
    mask k: V = n%W
    z[0, n/W*W:W if k] = x[n/W*W:W if k] + y[n/W*W:W if k]
    z[1, n/W*W:W if k] = x[n/W*W:W if k] * broadcast(a, W)
    w[n/W*W:W if k] = x[n/W*W:W if k]
  }
  for d in 0..n step W { // the last one is whole or a tail
    mask m: V = min(n - d, W)
    z[3, d:W if m] = x[d:W if m] * x[d:W if m]
  }
  for d in 0..n {
    z[4, d] = x[d] * y[d] + a
    z[5, d] = x[d] > y[d] ? x[d] : y[d]
  }
CONSTANT
}`

// TestNarrow runs it at the end of memory and at its start. Every number of active lanes is among the sizes.
func TestNarrow(t *testing.T) {
	var jobs []job
	for _, f := range forms(t) {
		if f.typ != ir.F32 {
			continue
		}
		for _, typ := range []ir.Type{ir.F16, ir.BF16} {
			var lanes, constants strings.Builder
			for k := range f.lanes {
				fmt.Fprintf(&lanes, "    z[6, d + %d] = lane(v, %d)\n", k, k)
			}
			for k := 1; k <= f.lanes; k++ {
				fmt.Fprintf(&constants, "  mask k%d: V = %d\n  c[%[3]d, 0:W if k%[1]d] = x[0:W if k%[1]d] + y[0:W if k%[1]d]\n", k, k, k-1)
			}
			text := strings.NewReplacer("LANES\n", lanes.String(), "CONSTANTS", fmt.Sprint(f.lanes), "CONSTANT\n", constants.String(),
				"H", typ.String()).Replace(narrow)
			p := f.parse(t, "narrow"+typ.String(), text)
			for n := f.lanes; n <= 3*f.lanes+1; n++ {
				sizes := map[string]int64{"n": int64(n)}
				args := arguments(p, sizes)
				jobs = append(jobs, job{p, sizes, args, n%2 == 0})
			}
		}
	}
	scratch(t, jobs)
}

// conversions load and store every kind of number.
const conversions = `program conversions f32 TARGET {
  size n
  in x: H[n]
  in f: f32[n]
  out w: f32[2, n]
  out z: H[2, n]
  call conversions(n)
}

func conversions(n) {
  in x: H[n]
  in f: f32[n]
  out w: f32[2, n]
  out z: H[2, n]
  for d in 0..n step W {
    w[0, d:W] = x[d:W]
    z[0, d:W] = f[d:W]
  }
  for d in 0..n {
    w[1, d] = x[d]
    z[1, d] = f[d]
  }
}`

// TestConversions has each of the 65536 elements loaded, and what lies half way between two neighbours, just below and just above,
// rounded.
func TestConversions(t *testing.T) {
	var jobs []job
	for _, f := range forms(t) {
		if f.typ != ir.F32 || f.lanes == 2 {
			continue
		}
		for _, typ := range []ir.Type{ir.F16, ir.BF16} {
			p := f.parse(t, "conversions"+typ.String(), strings.ReplaceAll(conversions, "H", typ.String()))
			const n = 3 << 16
			args := arguments(p, map[string]int64{"n": n})
			x := args["x"].U16
			for i := range x {
				x[i] = uint16(i)
			}
			for i := range args["f"].F32 {
				args["f"].F32[i] = around(typ, uint16(i), i>>16)
			}
			jobs = append(jobs, job{p, map[string]int64{"n": n}, args, false})
		}
	}
	scratch(t, jobs)
}

// pairs loads and stores every kind of bfloat16 as even and odd elements, values from memory and values that are computed.
const pairs = `program pairs f32 TARGET {
  size n
  in x: bf16[n]
  in f: f32[n]
  out w: f32[n]
  out y: bf16[n]
  out z: bf16[n]
  call pairs(n)
}

func pairs(n) {
  in x: bf16[n]
  in f: f32[n]
  out w: f32[n]
  out y: bf16[n]
  out z: bf16[n]
  for d in 0..n step 2W {
    w[d:W] = evens(x[d:2W])
    w[d + W:W] = odds(x[d:2W])
    y[d:2W] = zip(f[d:W], f[d + W:W])
    alloc acc: f32xW
    acc = f[d:W] * broadcast(1.0, W)
    z[d:2W] = zip(acc, f[d + W:W] + broadcast(-0.0, W))
  }
}`

// TestPairs has them loaded and rounded as TestConversions has.
func TestPairs(t *testing.T) {
	var jobs []job
	for _, f := range forms(t) {
		if f.typ != ir.F32 || f.lanes == 2 {
			continue
		}
		p := f.parse(t, "pairs", pairs)
		const n = 3 << 16
		args := arguments(p, map[string]int64{"n": n})
		for i := range n {
			args["x"].U16[i] = uint16(i)
			args["f"].F32[i] = around(ir.BF16, uint16(i), i>>16)
		}
		jobs = append(jobs, job{p, map[string]int64{"n": n}, args, false})
	}
	scratch(t, jobs)
}

// crowded sums products of even and of odd elements in as many registers as there are.
const crowded = `program crowded f32 TARGET {
  in x: bf16[4, 2W]
  in y: bf16[4, 2W]
  out z: f32[SUMS, W]
  call crowded()
}

func crowded() {
  in x: bf16[4, 2W]
  in y: bf16[4, 2W]
  out z: f32[SUMS, W]
ALLOCS  for i in 0..4 {
ADDS  }
STORES}`

// masksFromMemory are instructions that take the mask of odd elements from memory.
var masksFromMemory = regexp.MustCompile(`VANDPS +pyragen|VPANDD\.BCST`)

// TestHalvesMask has pairs where a register is left to hold the mask of the odd ones, and where none is.
func TestHalvesMask(t *testing.T) {
	var jobs []job
	for _, f := range forms(t) {
		if f.typ != ir.F32 || f.lanes < 8 {
			continue
		}
		target, err := schedule.FindTarget(f.target)
		if err != nil {
			t.Fatal(err)
		}
		left := map[int]bool{} // registers
		for sums := target.VectorRegs - 6; sums <= target.VectorRegs; sums++ {
			var allocs, adds, stores strings.Builder
			for k := range sums {
				fmt.Fprintf(&allocs, "  alloc a%d: f32xW\n  a%[1]d = broadcast(%d.0, W)\n", k, k)
				fmt.Fprintf(&adds, "    a%d = fma(%s(x[i, 0:2W]), odds(y[i, 0:2W]), a%[1]d)\n", k, []string{"evens", "odds"}[k%2])
				fmt.Fprintf(&stores, "  z[%d, 0:W] = a%[1]d\n", k)
			}
			text := strings.NewReplacer("SUMS", fmt.Sprint(sums), "ALLOCS", allocs.String(), "ADDS", adds.String(), "STORES", stores.String()).Replace(crowded)
			p := f.parse(t, fmt.Sprint("crowded", sums), text)
			spare := target.VectorRegs - schedule.Registers(p.Funcs[0]).Total()
			if spare < 0 {
				continue
			}
			left[spare] = true
			a, err := goasm.Emit([]*ir.Program{p}, name)
			if err != nil {
				t.Fatal(err)
			}
			if held := !masksFromMemory.Match(a.Source); held != (spare > 0) {
				t.Errorf("%s, %d registers left: a register holds the mask: %t\n%s", f.target, spare, held, a.Source)
			}
			jobs = append(jobs, job{p, map[string]int64{}, arguments(p, map[string]int64{}), false})
		}
		if !left[0] || !left[1] {
			t.Errorf("%s: programs leave %v vector registers, want none and one", f.target, left)
		}
	}
	scratch(t, jobs)
}

// around is, of an element and the next one of larger magnitude, half way between them or the float32 beside that.
func around(typ ir.Type, h uint16, which int) float32 {
	half := uint32(1 << 12) // in units of the last place of float32, of normal numbers
	wide := ir.F16ToF32
	if typ == ir.BF16 {
		half, wide = 1<<15, ir.BF16ToF32
	}
	v := wide(h)
	if typ == ir.F16 && h&0x7c00 == 0 { // subnormal
		middle := v + float32(math.Copysign(0x1p-25, float64(v)))
		return []float32{middle, math.Nextafter32(middle, 0), math.Nextafter32(middle, middle*2)}[which]
	}
	return math.Float32frombits(math.Float32bits(v) + half + uint32(which) - 1)
}

// TestNarrowFeatures: what needs F16C says so, what does not does not.
func TestNarrowFeatures(t *testing.T) {
	for _, c := range []struct {
		typ, target string
		features    string
		tables      string // constants of the rounding
	}{
		{"f16", "avx2", "[HasAVX HasAVX2 HasF16C]", "[]"}, {"bf16", "avx2", "[HasAVX HasAVX2]", "[pyragenF32s pyragenF64s]"},
	} {
		f := form{c.target, ir.F32, 8}
		p := f.parse(t, "conversions", strings.ReplaceAll(conversions, "H", c.typ))
		a, err := goasm.Emit([]*ir.Program{p}, name)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(a.Features[c.target]); got != c.features {
			t.Errorf("%s %s: got %s, want %s", c.typ, c.target, got, c.features)
		}
		if got := fmt.Sprint(a.Tables); got != c.tables {
			t.Errorf("%s %s: tables %s, want %s", c.typ, c.target, got, c.tables)
		}
	}
}
