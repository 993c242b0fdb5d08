package fake

import "unsafe"

func breakState()
func breakDirection()
func soil()

//go:noescape
func load(p unsafe.Pointer)
