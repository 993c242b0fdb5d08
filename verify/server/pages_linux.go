package main

import (
	"syscall"
	"unsafe"
)

// guard is how much unreadable memory lies on each side of an operand: enough that a wrong stride does not jump over it.
const guard = 1 << 20

// pages is memory between two guards that no instruction may touch.
type pages struct {
	all    []byte
	usable []byte
	locked bool
}

// grow replaces the memory by one of at least size usable bytes.
func (p *pages) grow(size int) error {
	if p.all != nil {
		if err := syscall.Munmap(p.all); err != nil {
			return err
		}
		p.all, p.usable = nil, nil
	}
	page := syscall.Getpagesize()
	usable := page
	for usable < size {
		usable *= 2
	}
	all, err := syscall.Mmap(-1, 0, usable+2*guard, syscall.PROT_NONE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return err
	}
	p.all, p.usable = all, all[guard:guard+usable]
	return syscall.Mprotect(p.usable, syscall.PROT_READ|syscall.PROT_WRITE)
}

// lock makes the memory read-only until unlock.
func (p *pages) lock() error {
	p.locked = true
	return syscall.Mprotect(p.usable, syscall.PROT_READ)
}

func (p *pages) unlock() error {
	if !p.locked {
		return nil
	}
	p.locked = false
	return syscall.Mprotect(p.usable, syscall.PROT_READ|syscall.PROT_WRITE)
}

// span is the memory with its guards.
func (p *pages) span() (lo, hi uintptr) {
	lo = uintptr(unsafe.Pointer(unsafe.SliceData(p.all)))
	return lo, lo + uintptr(len(p.all))
}
