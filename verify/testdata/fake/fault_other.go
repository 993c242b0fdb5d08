//go:build !amd64

package fake

import "unsafe"

func breakState()         {}
func breakDirection()     {}
func soil()               {}
func load(unsafe.Pointer) {}
