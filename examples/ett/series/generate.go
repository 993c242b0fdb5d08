package series

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"time"
)

// EmbeddedRows is the length of the embedded series: twelve weeks of hours.
const EmbeddedRows = 12 * 7 * 24

// hour is what the embedded series has of one hour: the load of a transformer in percent and its oil temperature in °C.
type hour struct{ load, temperature float64 }

// generate makes the embedded series: daily and weekly cycles, a slow trend and noise that lasts some hours. It depends on nothing
// but n. Products are rounded before they are added, so that no compiler fuses them and the bytes are the same on every machine.
func generate(n int) []hour {
	r := rand.New(rand.NewPCG(2016, 7))
	hours := make([]hour, n)
	noise, warmth := 0.0, 45.0
	for t := range hours {
		daily := math.Sin(2 * math.Pi * float64(t%24-9) / 24)
		evening := math.Sin(4 * math.Pi * float64(t%24-15) / 24)
		weekday := 1.0
		if t/24%7 >= 5 {
			weekday = 0.4
		}
		load := 45 + float64(weekday*float64(18*daily)) + float64(6*evening) + float64(12*weekday) + float64(3*bell(r))

		// Oil follows the load slowly: by an eighth of the distance an hour.
		warmth += float64((load - warmth) / 8)
		noise = float64(0.9*noise) + float64(0.5*bell(r))
		trend := 8 + float64(10*float64(t)/EmbeddedRows)
		hours[t] = hour{load, trend + float64(0.3*warmth) + float64(2*daily) + noise}
	}
	return hours
}

// bell is about normal with variance 1: the sum of twelve uniform numbers, without functions that differ between machines.
func bell(r *rand.Rand) float64 {
	sum := -6.0
	for range 12 {
		sum += r.Float64()
	}
	return sum
}

// WriteEmbedded writes the embedded series as CSV.
func WriteEmbedded(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "date,load,%s\n", Target)
	start := time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC) // a Monday, as generate has it
	for t, h := range generate(EmbeddedRows) {
		fmt.Fprintf(b, "%s,%.2f,%.3f\n", start.Add(time.Duration(t)*time.Hour).Format(Layout), h.load, h.temperature)
	}
	return b.Flush()
}
