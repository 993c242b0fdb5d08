package series

import (
	_ "embed"
	"fmt"
	"os"
	"strings"
)

//go:generate go run ../internal/makeseries -out embedded.csv

//go:embed embedded.csv
var embedded string

// Embedded is the series that the examples use without a file.
func Embedded() (Series, error) {
	return Read(strings.NewReader(embedded), "embedded series", EmbeddedRows)
}

// Open reads the series of a file as [Read] does, and the embedded one where the name is "".
func Open(file string, minRows int) (Series, error) {
	if file == "" {
		return Embedded()
	}
	f, err := os.Open(file)
	if err != nil {
		return Series{}, err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return Series{}, fmt.Errorf("%s: is a folder, want a CSV file", file)
	}
	return Read(f, file, minRows)
}
