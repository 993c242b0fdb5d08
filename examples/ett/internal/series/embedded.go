package series

import (
	_ "embed"
	"strings"
)

//go:generate go run ../makeseries -out embedded.csv

//go:embed embedded.csv
var embedded string

// Embedded is the series that the example uses without a file.
func Embedded() (Series, error) {
	return Read(strings.NewReader(embedded), "embedded series", EmbeddedRows)
}
