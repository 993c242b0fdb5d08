package emulate_test

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
)

var special32 = []uint32{0, 1 << 31, 0x7f800000, 0xff800000, 0x7fc00000, 0xffc00001, 0x7f800001, 0xffa00123, 1, 0x80000001,
	0x007fffff, 0x00800000, 0x80800000, 0x7f7fffff, 0xff7fffff, 0x3f800000, 0xbf800000, 0x3f000000, 0xbf000000, 0x3fc00000,
	0x40200000, 0xc0200000, 0x3f7fffff, 0x33800000, 0x4b000000, 0x4b000001, 0x4f000000, 0xcf000000, 0x4effffff, 0x477fe000,
	0x477ff000, 0x33000000, 0x33000001, 0x387fc000, 0x38801000}

var special64 = []uint64{0, 1 << 63, 0x7ff0000000000000, 0xfff0000000000000, 0x7ff8000000000000, 0xfff8000000000001,
	0x7ff0000000000001, 0xfff4000000000123, 1, 0x8000000000000001, 0x000fffffffffffff, 0x0010000000000000, 0x7fefffffffffffff,
	0xffefffffffffffff, 0x3ff0000000000000, 0xbff0000000000000, 0x3fe0000000000000, 0xbfe0000000000000, 0x3ff8000000000000,
	0x4004000000000000, 0x4330000000000001, 0x41e0000000000000, 0xc1e0000000000000, 0x47efffffefffffff, 0x47f0000000000000,
	0x3690000000000000, 0x36a0000000000000, 0x380fffffffffffff, 0x3810000000000000}

// randomBlock makes a state; style picks what kinds of numbers vectors and memory hold.
func randomBlock(rng *rand.Rand, style int) []byte {
	b := make([]byte, blockSize)
	for at := 0; at < generalAt; at += 64 {
		fill(rng, b[at:at+64], style)
	}
	if style%5 == 4 { // the third operand nearly cancels the product of the first two
		cancel(rng, b[64:128], b[128:192], b[192:256], style%2 == 0)
		cancel(rng, b[64:128], b[192:256], b[memoryAt+192:memoryAt+256], style%2 == 0)
	}
	for g := range generals {
		v := rng.Uint64()
		switch rng.IntN(4) {
		case 0:
			v = special64[rng.IntN(len(special64))]
		case 1:
			v = uint64(int64(rng.IntN(64) - 32))
		}
		if generals[g] == "R11" { // an index
			v = uint64(int64(rng.IntN(8) - 4))
		}
		binary.LittleEndian.PutUint64(b[generalAt+8*g:], v)
	}
	for at := masksAt; at < blockSize; at += 8 {
		binary.LittleEndian.PutUint64(b[at:], rng.Uint64())
		if rng.IntN(8) == 0 {
			binary.LittleEndian.PutUint64(b[at:], uint64(-rng.IntN(2)))
		}
	}
	return b
}

// fill writes a vector of one kind of numbers.
func fill(rng *rand.Rand, v []byte, style int) {
	for i := 0; i < 64; i += 8 {
		x := rng.Uint64()
		switch style % 5 {
		case 0:
			x = uint64(special32[rng.IntN(len(special32))])<<32 | uint64(special32[rng.IntN(len(special32))])
		case 1:
			x = special64[rng.IntN(len(special64))]
		case 2:
			x = uint64(math.Float32bits(float32(rng.NormFloat64()*100)))<<32 | uint64(math.Float32bits(float32(rng.IntN(40)-20)/4))
		case 3:
			x = math.Float64bits(rng.NormFloat64() * math.Ldexp(1, rng.IntN(300)-150))
			if rng.IntN(2) == 0 {
				x = math.Float64bits(float64(rng.IntN(40)-20) / 4)
			}
		}
		binary.LittleEndian.PutUint64(v[i:], x)
	}
}

// cancel makes c = -(a*b) up to a few units of the last place, of moderate a and b.
func cancel(rng *rand.Rand, a, b, c []byte, single bool) {
	le := binary.LittleEndian
	for i := 0; i < 64; i += 8 {
		if !single {
			x, y := rng.NormFloat64(), rng.NormFloat64()
			le.PutUint64(a[i:], math.Float64bits(x))
			le.PutUint64(b[i:], math.Float64bits(y))
			le.PutUint64(c[i:], math.Float64bits(-x*y)+uint64(rng.IntN(3)-1))
			continue
		}
		for j := i; j < i+8; j += 4 {
			x, y := float32(rng.NormFloat64()), float32(rng.NormFloat64())
			if rng.IntN(3) == 0 { // the result is subnormal
				x, y = x*0x1p-70, y*0x1p-72
			}
			le.PutUint32(a[j:], math.Float32bits(x))
			le.PutUint32(b[j:], math.Float32bits(y))
			le.PutUint32(c[j:], math.Float32bits(-x*y)+uint32(rng.IntN(3)-1))
		}
	}
}
