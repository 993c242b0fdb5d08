package schedule

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
)

// maxStatements bounds a nest, so that a schedule that copies and copies again is refused before it fills the memory. The default
// schedules of the largest pyramids have a fifth of that.
const maxStatements = 1 << 17

// statements counts the statements of a block and of the blocks in it.
func statements(body []ir.Stmt) int {
	n := 0
	ir.Each(body, func(ir.Stmt) { n++ })
	return n
}

// fits returns an error if a nest has too many.
func fits(statements int) error {
	if statements > maxStatements {
		return fmt.Errorf("got a nest of %d statements, want at most %d; jam or unroll less", statements, maxStatements)
	}
	return nil
}
