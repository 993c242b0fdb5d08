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
	for i := range r.beside {
		r.beside[i] = canary
	}
	return r.data, nil
}

func (r *region) lock() error   { return r.pages.lock() }
func (r *region) unlock() error { return r.pages.unlock() }

// overwritten says where a canary is gone.
func (r *region) overwritten() string {
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
	case first < 0:
		return ""
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

// Marks are NaNs that no kernel computes: an element that still holds one was not written. What lies between rows are others, which
// show where they are read into a result.
const (
	mark32 = 0x7fe5c3d1
	mark64 = 0x7ffc5c3dd15ea5e5
	gap32  = 0x7fdab0b5
	gap64  = 0x7ffdab0b5eed5eed
)

func fillMarks(b []byte, size int) { fill(b, size, mark32, mark64) }

func fillGaps(b []byte, size int) { fill(b, size, gap32, gap64) }

func fill(b []byte, size int, single uint32, double uint64) {
	for i := 0; i+size <= len(b); i += size {
		if size == 4 {
			binary.NativeEndian.PutUint32(b[i:], single)
		} else {
			binary.NativeEndian.PutUint64(b[i:], double)
		}
	}
}

// findMarks returns the first marked element and how many there are.
func findMarks(b []byte, size int) (first, n int) {
	for i := 0; i+size <= len(b); i += size {
		var marked bool
		if size == 4 {
			marked = binary.NativeEndian.Uint32(b[i:]) == mark32
		} else {
			marked = binary.NativeEndian.Uint64(b[i:]) == mark64
		}
		if marked && n == 0 {
			first = i / size
		}
		if marked {
			n++
		}
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
