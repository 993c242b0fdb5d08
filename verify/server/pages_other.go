//go:build !linux

package main

import "unsafe"

// pages is plain memory where the system has no guard pages that we use: canaries still find writes, nothing finds reads.
type pages struct{ usable []byte }

func (p *pages) grow(size int) error {
	p.usable = make([]byte, size)
	return nil
}

func (p *pages) lock() error   { return nil }
func (p *pages) unlock() error { return nil }

func (p *pages) span() (lo, hi uintptr) {
	lo = uintptr(unsafe.Pointer(unsafe.SliceData(p.usable)))
	return lo, lo + uintptr(len(p.usable))
}
