package main

import (
	"bytes"
	"strings"
	"testing"
)

// packed is a request with two outputs of three rows of two float32 in one memory, with a gap of one behind each pair, and an input of
// four without gaps.
func packed() Request {
	return Request{
		OutputNames: []string{"dq", "dk"}, OutputBytes: []int{24, 24}, InputNames: []string{"x"}, Inputs: [][]byte{make([]byte, 16)},
		Spacing: []Spacing{{Row: 8, Stride: 20}, {With: 1, At: 8, Row: 8, Stride: 20}, {}},
	}
}

func TestSpacing(t *testing.T) {
	q := packed()
	if got := q.memoryOf(0); got != 56 {
		t.Errorf("memory of %d bytes, want that to the end of the last row, 56", got)
	}
	if got := q.memoryOf(2); got != 16 {
		t.Errorf("memory of %d bytes for what has no gaps, want 16", got)
	}
	memory, rows := make([]byte, 48), make([]byte, 24)
	for i := range rows {
		rows[i] = byte(i + 1)
	}
	s := q.Spacing[1]
	s.spread(memory, rows)
	if memory[0] != 1 || memory[8] != 0 || memory[20] != 9 || memory[47] != 24 {
		t.Errorf("got %v, want rows 20 bytes apart", memory)
	}
	if got := s.gather(memory, 24); !bytes.Equal(got, rows) {
		t.Errorf("got %v back, want %v", got, rows)
	}
}

// TestGaps writes one element: in a row it is well, between rows it is found.
func TestGaps(t *testing.T) {
	for at := range 14 {
		q := packed()
		memory, x := make([]byte, 56), make([]byte, 16)
		fillGaps(memory, f32)
		fillGaps(x, f32)
		memory[4*at+1] ^= 1
		want := ""
		if at%5 == 4 {
			want = "wrote between the rows of dq, element "
		}
		if got := q.gaps([][]byte{memory, memory[8:], x}, []element{f32, f32, f32}); (got == "") != (want == "") || !strings.HasPrefix(got, want) {
			t.Errorf("element %d: got %q, want %q", at, got, want)
		}
	}
}
