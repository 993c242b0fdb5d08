package main

import (
	"bytes"
	"fmt"
)

// spacing says where the rows of operand i lie.
func (q Request) spacing(i int) Spacing {
	if len(q.Spacing) == 0 {
		return Spacing{}
	}
	return q.Spacing[i]
}

// owner is the operand in whose memory operand i lies.
func (q Request) owner(i int) int {
	if with := q.spacing(i).With; with > 0 {
		return with - 1
	}
	return i
}

// bytes is the size of operand i without gaps.
func (q Request) bytes(i int) int {
	if i < len(q.OutputBytes) {
		return q.OutputBytes[i]
	}
	return len(q.Inputs[i-len(q.OutputBytes)])
}

// memoryOf is the size of the memory of operand i and of those that lie in it: up to the end of the last row.
func (q Request) memoryOf(i int) int {
	size := 0
	for k := range q.names() {
		if s := q.spacing(k); q.owner(k) == i {
			size = max(size, s.At+s.span(q.bytes(k)))
		}
	}
	return size
}

// span is how far rows of so many bytes reach.
func (s Spacing) span(size int) int {
	if s.Stride == 0 {
		return size
	}
	return (size/s.Row-1)*s.Stride + s.Row
}

// each calls do with every row: where it is with gaps, and without.
func (s Spacing) each(size int, do func(at, from, row int)) {
	if s.Stride == 0 {
		do(0, 0, size)
		return
	}
	for r := range size / s.Row {
		do(r*s.Stride, r*s.Row, s.Row)
	}
}

// spread copies rows to where they lie.
func (s Spacing) spread(memory, rows []byte) {
	s.each(len(rows), func(at, from, row int) { copy(memory[at:at+row], rows[from:]) })
}

// gather returns the rows of so many bytes, without gaps.
func (s Spacing) gather(memory []byte, size int) []byte {
	rows := make([]byte, size)
	s.each(size, func(at, from, row int) { copy(rows[from:from+row], memory[at:]) })
	return rows
}

// gaps says where something was written between the rows of operands.
func (q Request) gaps(tensors [][]byte, elements []element) string {
	for i, name := range q.names() {
		if len(q.Spacing) == 0 || q.owner(i) != i {
			continue
		}
		memory := bytes.Clone(tensors[i])
		for k, s := range q.Spacing {
			if q.owner(k) == i {
				s.each(q.bytes(k), func(at, _, row int) { fillGaps(memory[s.At+at:][:row], elements[k]) })
			}
		}
		want := make([]byte, len(memory))
		fillGaps(want, elements[i])
		if at := firstDifference(memory, want, elements[i].size); at >= 0 {
			return fmt.Sprintf("wrote between the rows of %s, element %d from its first on", name, at)
		}
	}
	return ""
}
