package emulate

import (
	"encoding/binary"
	"fmt"
	"math"
)

// Frame lays out arguments as ABI0 does: uint64 (a pointer, what Place returns), int, float32 and float64, each aligned to its
// size. Another type panics.
func Frame(args ...any) []byte {
	var b []byte
	for _, a := range args {
		if f, ok := a.(float32); ok {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(f))
			continue
		}
		for len(b)%8 != 0 {
			b = append(b, 0)
		}
		switch v := a.(type) {
		case uint64:
			b = binary.LittleEndian.AppendUint64(b, v)
		case int:
			b = binary.LittleEndian.AppendUint64(b, uint64(v))
		case float64:
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		default:
			panic(fmt.Sprintf("emulate: Frame: argument of type %T, want uint64, int, float32 or float64", a))
		}
	}
	return b
}
