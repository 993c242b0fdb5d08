//go:build !amd64

package fake

import "unsafe"

func breakState()         {}
func breakDirection()     {}
func load(unsafe.Pointer) {}
