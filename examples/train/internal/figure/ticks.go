package figure

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
)

// logTicks labels a logarithmic axis: 1, 2 and 5 of each power of ten, or powers of ten alone, at most so many, from the top down.
type logTicks struct{ most int }

// Ticks implements plot.Ticker.
func (t logTicks) Ticks(low, high float64) (ticks []plot.Tick) {
	const rounding = 1e-9 // of a power of ten
	first, last := int(math.Floor(math.Log10(low))), int(math.Ceil(math.Log10(high)))
	steps := []float64{1}
	if last-first <= 3 {
		steps = []float64{1, 2, 5}
	}
	every := max(1, (last-first+t.most-1)/t.most)
	for power := first; power <= last; power++ {
		for _, s := range steps {
			at := s * math.Pow(10, float64(power))
			if at < low*(1-rounding) || at > high*(1+rounding) {
				continue
			}
			label := ""
			if (last-power)%every == 0 {
				label = fmt.Sprintf("%.4g", at)
			}
			ticks = append(ticks, plot.Tick{Value: at, Label: label})
		}
	}
	return ticks
}
