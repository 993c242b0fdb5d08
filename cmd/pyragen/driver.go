package main

import (
	"fmt"
	"maps"

	"github.com/pyragen/pyragen/ir"
)

// driver walks the driver of a scheduled program and makes its calls. Parallel loops run in order, which gives the same bits.
type driver struct {
	aligned func(*ir.Aligned) bool
	call    func(f *ir.Func, ints []int64) error
	alloc   func(b *ir.Buffer, elements int64) // zeros, for the functions

	lists map[string][]int32 // of a table graph, by buffer

	skip, of int64 // of so many batches the first are left out: that part of each parallel loop
}

// run executes statements. Names are known to the end of their block.
func (d driver) run(body []ir.Stmt, env map[ir.Var]int64) error {
	env = maps.Clone(env)
	for _, s := range body {
		if err := d.statement(s, env); err != nil {
			return err
		}
	}
	return nil
}

func (d driver) statement(s ir.Stmt, env map[ir.Var]int64) error {
	switch s := s.(type) {
	case *ir.Let:
		v, err := d.index(s.Value, env)
		if err != nil {
			return err
		}
		env[ir.Var(s.Var)] = v
		return nil
	case *ir.For:
		lo, err := d.index(s.Lo, env)
		if err != nil {
			return err
		}
		hi, err := d.index(s.Hi, env)
		if err != nil {
			return err
		}
		if s.Parallel && d.skip > 0 {
			lo += (hi - lo) / d.of * d.skip
		}
		for v := lo; v < hi; v += s.Step {
			env[ir.Var(s.Var)] = v
			if err := d.run(s.Body, env); err != nil {
				return err
			}
		}
		return nil
	case *ir.If:
		holds, err := d.holds(s.Cond, env)
		if err != nil {
			return err
		}
		if holds {
			return d.run(s.Then, env)
		}
		return d.run(s.Else, env)
	case *ir.Call:
		ints := make([]int64, len(s.Args))
		for i, x := range s.Args {
			var err error
			if ints[i], err = d.index(x, env); err != nil {
				return err
			}
		}
		return d.call(s.Func, ints)
	case *ir.Alloc:
		elements, err := d.elements(s.Buf, env)
		if err != nil {
			return err
		}
		d.alloc(s.Buf, elements)
		return nil
	case *ir.Assume, *ir.Fence, *ir.Prefetch:
		return nil
	}
	return fmt.Errorf("driver: cannot walk %v", s)
}

// elements is how many a buffer has.
func (d driver) elements(b *ir.Buffer, env map[ir.Var]int64) (int64, error) {
	elements := int64(1)
	for _, x := range b.Dims {
		n, err := d.index(x, env)
		if err != nil {
			return 0, err
		}
		elements *= n
	}
	return elements, nil
}

func (d driver) index(x ir.Index, env map[ir.Var]int64) (int64, error) {
	switch x := x.(type) {
	case ir.Int:
		return int64(x), nil
	case ir.Var:
		v, ok := env[x]
		if !ok {
			return 0, fmt.Errorf("driver: %s is not known", x)
		}
		return v, nil
	case *ir.Pick:
		holds, err := d.holds(x.Cond, env)
		if err != nil {
			return 0, err
		}
		if holds {
			return d.index(x.X, env)
		}
		return d.index(x.Y, env)
	case *ir.Gather:
		at := int64(0) // in row-major order
		for n, subscript := range x.At {
			extent, err := d.index(x.Table.Dims[n], env)
			if err != nil {
				return 0, err
			}
			i, err := d.index(subscript, env)
			if err != nil {
				return 0, err
			}
			at = at*extent + i
		}
		list := d.lists[x.Table.Name]
		if at < 0 || at >= int64(len(list)) {
			return 0, fmt.Errorf("driver: %s[%d] is outside of its %d elements", x.Table.Name, at, len(list))
		}
		return int64(list[at]), nil
	case *ir.Arith:
		a, err := d.index(x.X, env)
		if err != nil {
			return 0, err
		}
		b, err := d.index(x.Y, env)
		if err != nil {
			return 0, err
		}
		return arith(x.Op, a, b)
	}
	return 0, fmt.Errorf("driver: cannot evaluate %v", x)
}

// arith applies an operator; division rounds towards minus infinity.
func arith(op ir.ArithOp, a, b int64) (int64, error) {
	switch op {
	case ir.Add:
		return a + b, nil
	case ir.Sub:
		return a - b, nil
	case ir.Mul:
		return a * b, nil
	case ir.Min:
		return min(a, b), nil
	case ir.Max:
		return max(a, b), nil
	}
	if b <= 0 {
		return 0, fmt.Errorf("driver: division by %d", b)
	}
	rest := (a%b + b) % b
	if op == ir.Mod {
		return rest, nil
	}
	return (a - rest) / b, nil
}

func (d driver) holds(c ir.Cond, env map[ir.Var]int64) (bool, error) {
	switch c := c.(type) {
	case *ir.Aligned:
		return d.aligned(c), nil
	case *ir.Uncached:
		bytes, err := d.index(c.Bytes, env)
		return bytes > ir.CachedBytes, err
	case *ir.And:
		if holds, err := d.holds(c.X, env); !holds || err != nil {
			return false, err
		}
		return d.holds(c.Y, env)
	case *ir.Compare:
		a, err := d.index(c.X, env)
		if err != nil {
			return false, err
		}
		b, err := d.index(c.Y, env)
		if err != nil {
			return false, err
		}
		return map[ir.CmpOp]bool{ir.LT: a < b, ir.LE: a <= b, ir.EQ: a == b, ir.NE: a != b, ir.GE: a >= b, ir.GT: a > b}[c.Op], nil
	}
	return false, fmt.Errorf("driver: cannot decide %v", c)
}
