package ir

import "math/bits"

// Words are operations on 32-bit words, modulo 2^32: numbers, or what stands for them in a back end. The first operand of an
// operation is not used again, so that its place may be taken.
type Words[W any] interface {
	Const(c uint32) W
	Add(x, y W) W
	AddConst(x W, c uint32) W
	Xor(x, y W) W
	RotateXor(x W, left int, y W) W // x rotated to the left, xor y
}

// Threefry returns the first word that Threefry-2x32 of 13 rounds makes of a key and a counter (Salmon, Moraes, Dror and Shaw, Parallel
// random numbers: as easy as 1, 2, 3, SC 2011; 13 rounds are the shortest form of which they publish known answers). Key and counter
// are all that a number depends on, so that any one can be drawn by itself, in any order.
//
//	k2 = k0 ^ k1 ^ 0x1bd11bda;  x0 = c0 + k0;  x1 = c1 + k1
//	round r = 0..12:  x0 += x1;  x1 = rotl(x1, R[r%8]) ^ x0,  R = 13 15 26 6 17 29 16 24
//	after every fourth, the s-th:  x0 += k(s%3);  x1 += k((s+1)%3) + s
//
// The words of the key are read to the end; those of the counter may be overwritten.
func Threefry[W any](w Words[W], key, counter [2]W) W {
	const rounds = 13
	rotations := [...]int{13, 15, 26, 6, 17, 29, 16, 24}
	keys := [...]W{key[0], key[1], w.Xor(w.Xor(w.Const(0x1bd11bda), key[0]), key[1])}
	x0, x1 := w.Add(counter[0], keys[0]), w.Add(counter[1], keys[1])
	for r := range rounds {
		x0 = w.Add(x0, x1)
		x1 = w.RotateXor(x1, rotations[r%len(rotations)], x0)
		if s := (r + 1) / 4; (r+1)%4 == 0 {
			x0 = w.Add(x0, keys[s%3])
			x1 = w.AddConst(w.Add(x1, keys[(s+1)%3]), uint32(s))
		}
	}
	return x0
}

// numbers are words that are numbers.
type numbers struct{}

func (numbers) Const(c uint32) uint32                         { return c }
func (numbers) Add(x, y uint32) uint32                        { return x + y }
func (numbers) AddConst(x, c uint32) uint32                   { return x + c }
func (numbers) Xor(x, y uint32) uint32                        { return x ^ y }
func (numbers) RotateXor(x uint32, left int, y uint32) uint32 { return bits.RotateLeft32(x, left) ^ y }
