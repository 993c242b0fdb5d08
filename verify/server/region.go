package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"unsafe"
)

// canary is what fills the readable memory beside an operand, as far as slack bytes away.
const (
	canary = 0xa5
	slack  = 4096
)

var canaries = bytes.Repeat([]byte{canary}, slack)

// region is memory for one operand between two guards, as system memory allows (see pages_linux.go).
type region struct {
	pages  pages
	data   []byte // the operand within pages.usable
	beside []byte // the canaries next to it, on the side that has no guard
	atEnd  bool
}

// place makes room for size bytes at the end or the start of the usable memory, with canaries on the other side.
func (r *region) place(size int, atEnd bool) ([]byte, error) {
	if len(r.pages.usable) < size+slack {
		if err := r.pages.grow(size + slack); err != nil {
			return nil, fmt.Errorf("no memory for %d bytes: %w", size, err)
		}
	}
	u := r.pages.usable
	r.atEnd = atEnd
	if atEnd {
		start := len(u) - size
		r.data, r.beside = u[start:len(u):len(u)], u[start-slack:start]
	} else {
		r.data, r.beside = u[:size:size], u[size:size+slack]
	}
	copy(r.beside, canaries)
	return r.data, nil
}

func (r *region) lock() error   { return r.pages.lock() }
func (r *region) unlock() error { return r.pages.unlock() }

// overwritten says where a canary is gone.
func (r *region) overwritten() string {
	if bytes.Equal(r.beside, canaries) {
		return ""
	}
	first, last := -1, -1
	for i, b := range r.beside {
		if b != canary {
			last = i
			if first < 0 {
				first = i
			}
		}
	}
	switch {
	case r.atEnd:
		return fmt.Sprintf("byte %d before the start", len(r.beside)-last)
	}
	return fmt.Sprintf("byte %d past the end", first+1)
}

// locate describes an address relative to the operand; empty when it lies outside the region and its guards.
func (r *region) locate(addr uintptr) string {
	lo, hi := r.pages.span()
	if addr < lo || addr >= hi || len(r.data) == 0 {
		return ""
	}
	start := uintptr(unsafe.Pointer(unsafe.SliceData(r.data)))
	end := start + uintptr(len(r.data))
	switch {
	case addr < start:
		return fmt.Sprintf("byte %d before the start", start-addr)
	case addr >= end:
		return fmt.Sprintf("byte %d past the end", addr-end+1)
	}
	return fmt.Sprintf("byte %d, which is read-only,", addr-start) // only inputs fault inside
}

func fillMarks(b []byte, e element) { fill(b, e.size, e.mark) }
func fillGaps(b []byte, e element)  { fill(b, e.size, e.gap) }

func fill(b []byte, size int, bits uint64) {
	b = b[:len(b)-len(b)%size]
	for done := copy(b, pattern(size, bits)); done < len(b); done *= 2 {
		copy(b[done:], b[:done])
	}
}

// pattern is an element in memory.
func pattern(size int, bits uint64) []byte {
	switch size {
	case 2:
		return binary.NativeEndian.AppendUint16(nil, uint16(bits))
	case 4:
		return binary.NativeEndian.AppendUint32(nil, uint32(bits))
	}
	return binary.NativeEndian.AppendUint64(nil, bits)
}

// findMarks returns the first marked element and how many there are.
func findMarks(b []byte, e element) (first, n int) {
	mark := pattern(e.size, e.mark)
	if !bytes.Contains(b, mark) { // as it should be
		return 0, 0
	}
	for i := 0; i+e.size <= len(b); i += e.size {
		if !bytes.Equal(b[i:i+e.size], mark) {
			continue
		}
		if n == 0 {
			first = i / e.size
		}
		n++
	}
	return first, n
}

// firstDifference is the first element whose bytes differ, or -1.
func firstDifference(a, b []byte, size int) int {
	if bytes.Equal(a, b) {
		return -1
	}
	for i := 0; i < len(a) && i < len(b); i++ {
		if a[i] != b[i] {
			return i / size
		}
	}
	return min(len(a), len(b)) / size
}
