package emulate_test

import (
	"testing"

	"github.com/pyragen/pyragen/verify/emulate"
)

// BenchmarkFMA runs 100,000 steps, half of them FMAs of 512 bits with and without memory operands.
func BenchmarkFMA(b *testing.B) {
	image := loadFaulty(b)
	fn, err := image.Func("main.fma")
	if err != nil {
		b.Fatal(err)
	}
	m := emulate.NewMachine(image)
	frame := emulate.Frame(m.Place("p", make([]byte, 128), true), uint64(0), 100_000/6)
	for b.Loop() {
		if err := m.Call(fn, frame); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*m.Steps), "ns/step")
}
