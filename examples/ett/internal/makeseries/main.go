// Makeseries writes the embedded series of this example; `go generate` runs it.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"

	"github.com/pyragen/pyragen/examples/ett/atomic"
	"github.com/pyragen/pyragen/examples/ett/series"
)

func main() {
	out := flag.String("out", "embedded.csv", "`file` to write")
	flag.Parse()
	var csv bytes.Buffer
	err := series.WriteEmbedded(&csv)
	if err == nil {
		err = atomic.WriteFile(*out, csv.Bytes())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "makeseries:", err)
		os.Exit(1)
	}
}
