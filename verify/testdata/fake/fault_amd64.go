package fake

import "unsafe"

func breakState()
func breakDirection()

//go:noescape
func load(p unsafe.Pointer)
