package ir

import (
	"math"
	"testing"
)

// The known answers of Random123's kat_vectors: counter, key, first word of the result.
var threefryAnswers = []struct {
	counter, key [2]uint32
	want         uint32
}{
	{[2]uint32{0, 0}, [2]uint32{0, 0}, 0x9d1c5ec6},
	{[2]uint32{0xffffffff, 0xffffffff}, [2]uint32{0xffffffff, 0xffffffff}, 0xfd36d048},
	{[2]uint32{0x243f6a88, 0x85a308d3}, [2]uint32{0x13198a2e, 0x03707344}, 0xba3e4725},
}

func TestThreefry(t *testing.T) {
	for _, c := range threefryAnswers {
		if got := Threefry(numbers{}, c.key, c.counter); got != c.want {
			t.Errorf("key %08x, counter %08x: got %08x, want %08x", c.key, c.counter, got, c.want)
		}
	}
}

// A number is the upper 24 bits, whatever the type, and lane k is the number of Col + k, also where that passes 32 bits.
func TestRandom(t *testing.T) {
	for _, c := range threefryAnswers {
		seed := uint64(c.key[1])<<32 | uint64(c.key[0])
		want := float64(c.want>>8) / (1 << 24)
		for _, beyond := range []int64{0, 1 << 32, -1 << 32} {
			row, col := int64(c.counter[0])+beyond, int64(c.counter[1])+beyond
			if got := draw[float32](seed, row, col); float64(got) != want {
				t.Errorf("f32, counter %x, %x: got %v, want %v", row, col, got, want)
			}
			if got := draw[float64](seed, row, col); got != want {
				t.Errorf("f64, counter %x, %x: got %v, want %v", row, col, got, want)
			}
		}
	}
	p, err := ParseProgram("program p f64 avx2 {\n  in seed: u64\n  out z: f64[3, 4]\n  for i in 0..3 {\n    z[i, 0:4] = random(seed, 7, 4*i - 6, 4)\n  }\n}\n")
	if err != nil {
		t.Fatal(err)
	}
	z := NewArray(F64, 12)
	if err := RunProgram(p, nil, Args{"seed": {Type: U64, U64: []uint64{99}}, "z": z}); err != nil {
		t.Fatal(err)
	}
	for k, got := range z.F64 {
		if want := draw[float64](99, 7, int64(k)-6); got != want {
			t.Errorf("z[%d] = %v, want %v", k, got, want)
		}
	}
}

// tally is what a stream of numbers comes to.
type tally struct {
	n, sum, squares float64
	buckets         [64]float64
	lag, last       float64
}

func (s *tally) add(x float64) {
	if s.n > 0 {
		s.lag += (x - 0.5) * (s.last - 0.5)
	}
	s.n, s.sum, s.squares, s.last = s.n+1, s.sum+x, s.squares+(x-0.5)*(x-0.5), x
	s.buckets[int(x*64)]++
}

// deviations are those of mean, variance, lag correlation and chi-square from what uniform independent numbers have, in standard
// deviations.
func (s *tally) deviations() [4]float64 {
	chi := 0.0
	for _, b := range s.buckets {
		chi += (b - s.n/64) * (b - s.n/64) / (s.n / 64)
	}
	return [4]float64{
		(s.sum/s.n - 0.5) * math.Sqrt(12*s.n),
		(s.squares/s.n - 1.0/12) * math.Sqrt(180*s.n), // the variance of (x-1/2)^2 is 1/180
		s.lag / math.Sqrt(s.n) * 12,
		(chi - 63) / math.Sqrt(2*63),
	}
}

// Along every axis of the counter and of the seed the numbers are uniform and each is independent of the one before: next to each other
// in rows, columns, seeds and upper halves of seeds, and with a stride.
func TestRandomIsUniform(t *testing.T) {
	const n = 1 << 17
	for name, at := range map[string]func(k int) float64{
		"columns":        func(k int) float64 { return draw[float64](5, 0, int64(k)) },
		"rows":           func(k int) float64 { return draw[float64](5, int64(k), 0) },
		"columns by 256": func(k int) float64 { return draw[float64](5, 3, 256*int64(k)) },
		"heads of a row": func(k int) float64 { return draw[float64](5, int64(k/32), int64(k%32)) },
		"rows of a head": func(k int) float64 { return draw[float64](5, int64(k%4096), int64(k/4096)) },
		"seeds":          func(k int) float64 { return draw[float64](uint64(k), 3, 4) },
		"upper seeds":    func(k int) float64 { return draw[float64](uint64(k)<<32, 3, 4) },
		"single bits":    func(k int) float64 { return draw[float64](1<<(k%64), int64(k/64), 1) },
	} {
		var s tally
		for k := range n {
			s.add(at(k))
		}
		for k, d := range s.deviations() {
			if math.Abs(d) > 4.5 {
				t.Errorf("%s: %s is off by %.1f standard deviations", name, [...]string{"mean", "variance", "lag correlation", "chi-square"}[k], d)
			}
		}
	}
}

// Streams that differ in one bit of row, column or seed are not correlated.
func TestRandomStreamsDiffer(t *testing.T) {
	const n = 1 << 14
	for bit := range 32 {
		for name, pair := range map[string]func(k int64) (x, y float64){
			"row":        func(k int64) (x, y float64) { return draw[float64](1, 0, k), draw[float64](1, 1<<bit, k) },
			"column":     func(k int64) (x, y float64) { return draw[float64](1, k, 0), draw[float64](1, k, 1<<bit) },
			"seed":       func(k int64) (x, y float64) { return draw[float64](1, k, 0), draw[float64](1^1<<bit, k, 0) },
			"upper seed": func(k int64) (x, y float64) { return draw[float64](1, k, 0), draw[float64](1^1<<(32+bit), k, 0) },
		} {
			sum := 0.0
			for k := range int64(n) {
				x, y := pair(k)
				sum += (x - 0.5) * (y - 0.5)
			}
			if d := sum / math.Sqrt(n) * 12; math.Abs(d) > 5 {
				t.Errorf("bit %d of the %s: correlation of %.1f standard deviations", bit, name, d)
			}
		}
	}
}
