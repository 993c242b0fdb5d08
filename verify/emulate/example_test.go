package emulate_test

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/pyragen/pyragen/verify/emulate"
)

// A function func(p *float32) that adds p[0] to p[0:4] is interpreted once with four elements and once with three.
func Example() {
	code := []byte{
		0x48, 0x8b, 0x74, 0x24, 0x08, // MOVQ 8(SP), SI
		0xc4, 0xe2, 0x79, 0x18, 0x06, // VBROADCASTSS (SI), X0
		0xc5, 0xf8, 0x58, 0x06, // VADDPS (SI), X0, X0
		0xc5, 0xf8, 0x11, 0x06, // VMOVUPS X0, (SI)
		0xc3, // RET
	}
	fn, err := emulate.DecodeFunc("addFirst", 0x400000, code)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, n := range []int{4, 3} {
		p := make([]byte, 4*n)
		for i := range n {
			binary.LittleEndian.PutUint32(p[4*i:], math.Float32bits(float32(i+1)))
		}
		m := emulate.NewMachine(nil)
		if err := m.Call(fn, emulate.Frame(m.Place("p", p, false))); err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(math.Float32frombits(binary.LittleEndian.Uint32(p[12:])), "after", m.Steps, "steps of", fn.Features())
	}
	// Output:
	// 5 after 5 steps of AVX
	// emulate: addFirst: VADDPS X0, X0, [SI] at 0x40000a reads 16 bytes at 0x400001008: outside every region; byte 0 of p, which has 12
}
