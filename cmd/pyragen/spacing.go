package main

import (
	"fmt"

	"github.com/pyragen/pyragen/verify"
)

// spacing is where the rows of an operand lie, in elements.
type spacing struct{ row, stride int }

// newSpacing returns where the rows of an operand of a call lie; one without gaps is a single row.
func newSpacing(c verify.Call, o verify.Operand) spacing {
	return spacing{c.Case.Sizes.Heads * c.Case.Sizes.Dim, c.Case.Stride(c.Op, o)}
}

// span is how far so many elements reach.
func (s spacing) span(elements int) int {
	if s.stride == 0 {
		return elements
	}
	return (elements/s.row-1)*s.stride + s.row
}

// distance is how far the next element lies behind whole rows of so many elements.
func (s spacing) distance(elements int) int {
	if s.stride == 0 {
		return elements
	}
	return elements / s.row * s.stride
}

// spread puts rows where they lie, with zeros between them.
func (s spacing) spread(rows []float64) []float64 {
	if s.stride == 0 {
		return rows
	}
	values := make([]float64, s.span(len(rows)))
	for r := range len(rows) / s.row {
		copy(values[r*s.stride:], rows[r*s.row:(r+1)*s.row])
	}
	return values
}

// gather takes so many elements from where their rows lie.
func (s spacing) gather(values []float64, elements int) []float64 {
	if s.stride == 0 {
		return values
	}
	rows := make([]float64, 0, elements)
	for r := range elements / s.row {
		rows = append(rows, values[r*s.stride:r*s.stride+s.row]...)
	}
	return rows
}

// written returns an error if there is anything but zeros between the rows of an operand.
func (s spacing) written(name string, values []float64) error {
	for i, v := range values {
		if s.stride > 0 && i%s.stride >= s.row && v != 0 {
			return fmt.Errorf("wrote %v between the rows of %s, element %d from its first on", v, name, i)
		}
	}
	return nil
}
