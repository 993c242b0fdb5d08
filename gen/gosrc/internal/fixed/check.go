package fixed

import "fmt"

// check returns what is wrong with the arguments of an op. Kernels rely on it: they check nothing.
func check(op string, n Sizes, tensors ...tensor) error {
	err := n.check()
	for i := 0; i < len(tensors) && err == nil; i++ {
		err = tensors[i].checkLength(n)
	}
	for i := 0; i < len(tensors) && err == nil; i++ {
		err = tensors[i].checkOverlap(n, tensors[:i])
	}
	if err != nil {
		return fmt.Errorf("%s.%s: %w", packageName, op, err)
	}
	return nil
}

// check returns what is wrong with the sizes.
func (n Sizes) check() error {
	for _, size := range []struct {
		name       string
		got, least int
	}{{"Batch", n.Batch, 1}, {"Heads", n.Heads, 1}, {"Dim", n.dim(), 1}, {"Workers", n.Workers, 0}} {
		if size.got < size.least {
			return fmt.Errorf("%s = %d, want >= %d", size.name, size.got, size.least)
		}
	}
	return n.checkGraph()
}

// apart is a field of the sizes that says how far rows lie apart, in full.
func (n Sizes) apart(stride int) int {
	if stride == 0 {
		return n.Heads * n.dim()
	}
	return stride
}

// extent returns the length of an axis.
func (n Sizes) extent(axis string) int {
	switch axis {
	case "batch":
		return n.Batch
	case "nodes":
		return n.nodes()
	case "heads":
		return n.Heads
	case "dim":
		return n.dim()
	case "slots":
		return n.slots()
	}
	panic(packageName + ": no axis " + axis)
}

// checkOverlap refuses an output that lies in part where another tensor does.
func (t *tensor) checkOverlap(n Sizes, others []tensor) error {
	for i := range others {
		u := &others[i]
		if !t.written && !u.written || !t.overlaps(u, n) {
			continue
		}
		if u.written {
			t, u = u, t
		}
		return fmt.Errorf("%s overlaps %s, want memory of its own for an output", t.name, u.name)
	}
	return nil
}
