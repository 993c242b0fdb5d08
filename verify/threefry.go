package verify

import "math/bits"

// threefry is the block cipher Threefish on two words of 32 bits, cut down to 13 rounds, as Salmon and others made a generator of it
// (Parallel random numbers: as easy as 1, 2, 3, SC 2011). It is written from that description, apart from the compiler's.
//
// A round is MIX: the first word takes the second on, the second is rotated and takes the first on. Before the first round and after
// every fourth a subkey is added: number s is word s and word s+1 of the key, modulo 3, with s added to the latter; the third word of
// the key is the parity of the others.
func threefry(key, counter [2]uint32) (block [2]uint32) {
	words := [3]uint32{key[0], key[1], 0x1bd11bda ^ key[0] ^ key[1]}
	addSubkey := func(s uint32) {
		block[0] += words[s%3]
		block[1] += words[(s+1)%3] + s
	}
	block = counter
	addSubkey(0)
	for round := range 13 {
		rotation := []int{13, 15, 26, 6, 17, 29, 16, 24}[round%8]
		block[0] += block[1]
		block[1] = bits.RotateLeft32(block[1], rotation)
		block[1] ^= block[0]
		if round%4 == 3 {
			addSubkey(uint32(round/4 + 1))
		}
	}
	return block
}

// Dropout is the rate and the seed of a call.
type Dropout struct {
	Rate float64
	Seed uint64
}

// draw is the number of [0, 1) that belongs to slot j of node i, batch b and head h: 24 bits.
func (d Dropout) draw(g *Graph, n Sizes, b, i, h, j int) float64 {
	row, column := uint64(b)*uint64(g.Nodes())+uint64(i), uint64(j)*uint64(n.Heads)+uint64(h)
	block := threefry([2]uint32{uint32(d.Seed), uint32(d.Seed >> 32)}, [2]uint32{uint32(row), uint32(column)})
	return float64(block[0]>>8) / (1 << 24)
}
