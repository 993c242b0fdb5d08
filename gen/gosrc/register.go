package gosrc

import (
	"fmt"
	"strings"

	"github.com/dave/jennifer/jen"
	"github.com/pyragen/pyragen/ir"
)

// register returns the Go name of an element of a register buffer: each is a variable of its own.
func (e *emitter) register(b *ir.Buffer, at []ir.Index) string {
	return e.names.get(registerName(b, at))
}

func registerName(b *ir.Buffer, at []ir.Index) string {
	parts := make([]string, len(at))
	for k, x := range at {
		n, ok := x.(ir.Int)
		if !ok {
			fail("subscript %d of register buffer %s: got %s, want a constant; unroll the loop", k, b.Name, ir.FormatIndex(x))
		}
		parts[k] = fmt.Sprint(int64(n))
	}
	return b.Name + strings.Join(parts, "_")
}

// registerType is the Go type of an element of a register buffer.
func registerType(b *ir.Buffer) *jen.Statement {
	if b.Lanes > 1 {
		return arrayType(int64(b.Lanes), b.Type)
	}
	return goType(b.Type)
}

// alloc declares the elements of a register buffer that cannot be declared where they are first written, because that is not right
// in the rest of the block or needs the value before. Those that the rest does not mention are left out.
func (e *emitter) alloc(b *ir.Buffer, rest []ir.Stmt) {
	if b.Space != ir.Register {
		e.allocMemory(b)
		return
	}
	var before []jen.Code
	for _, name := range registersOf(b, rest) {
		if !writtenFirst(b, name, rest) {
			g := e.names.get(name)
			before = append(before, jen.Id(g))
			e.scope.opened[g] = true
		}
	}
	if len(before) > 0 {
		e.put(zero, jen.Var().List(before...).Add(registerType(b)))
	}
}

// allocMemory declares a temporary array.
func (e *emitter) allocMemory(b *ir.Buffer) {
	g, size := e.names.get(b.Name), elements(b)
	e.declare(define, g, func() *jen.Statement { return jen.Make(jen.Index().Add(goType(b.Type)), e.index(size).code) })
}

// elements is how many a buffer has.
func elements(b *ir.Buffer) ir.Index {
	size := ir.Index(ir.Int(1))
	for _, d := range b.Dims {
		size = ir.Facts(nil).Simplify(times(size, d))
	}
	return size
}

// registersOf returns the elements of b that the statements write, in order.
func registersOf(b *ir.Buffer, body []ir.Stmt) []string {
	var list []string
	seen := map[string]bool{}
	ir.Each(body, func(s ir.Stmt) {
		if w, ok := s.(*ir.Store); ok && w.Buf.Name == b.Name {
			if name := registerName(w.Buf, w.At); !seen[name] {
				seen[name] = true
				list = append(list, name)
			}
		}
	})
	return list
}

// writtenFirst reports whether the first statement of the block that mentions the element is a store to it, not in a loop or
// if, of a value without it.
func writtenFirst(b *ir.Buffer, name string, body []ir.Stmt) bool {
	for _, s := range body {
		if w, ok := s.(*ir.Store); ok && w.Buf.Name == b.Name && registerName(w.Buf, w.At) == name {
			return !reads(w, b, name)
		}
		if mentioned(s, b, name) {
			return false
		}
	}
	return false
}

// mentioned reports whether the element is read or written in s.
func mentioned(s ir.Stmt, b *ir.Buffer, name string) bool {
	found := reads(s, b, name)
	ir.Each([]ir.Stmt{s}, func(s ir.Stmt) {
		w, ok := s.(*ir.Store)
		found = found || ok && w.Buf.Name == b.Name && registerName(w.Buf, w.At) == name
	})
	return found
}

// reads reports whether the element is loaded in s.
func reads(s ir.Stmt, b *ir.Buffer, name string) bool {
	found := false
	ir.EachValue([]ir.Stmt{s}, func(x ir.Expr) {
		l, ok := x.(*ir.Load)
		found = found || ok && l.Buf.Name == b.Name && l.Buf.Space == ir.Register && registerName(l.Buf, l.At) == name
	})
	return found
}

// storeRegister writes a register; the first store declares it where [emitter.alloc] left that open. A run of stores of zero
// that declare becomes one declaration, since Go's variables start at 0. It returns how many statements of the block it wrote.
func (e *emitter) storeRegister(s *ir.Store, rest []ir.Stmt) int {
	g := e.register(s.Buf, s.At)
	if e.scope.opened[g] {
		e.assign(g, s)
		return 1
	}
	e.scope.opened[g] = true
	if !e.isZero(s.Value) {
		value := e.value(s.Value)
		if c := e.fold(s.Value); c != nil {
			value = e.typed(c.Value)
		}
		e.put(define, jen.Id(g).Op(":=").Add(value.code))
		return 1
	}
	zeros := []jen.Code{jen.Id(g)}
	n := 1
	for _, next := range rest {
		w, ok := next.(*ir.Store)
		if !ok || w.Buf.Space != ir.Register || w.Buf.Lanes != s.Buf.Lanes || !e.isZero(w.Value) {
			break
		}
		g := e.register(w.Buf, w.At)
		if e.scope.opened[g] {
			break
		}
		e.scope.opened[g] = true
		zeros = append(zeros, jen.Id(g))
		n++
	}
	e.put(zero, jen.Var().List(zeros...).Add(registerType(s.Buf)))
	return n
}

// assign writes g = value, as g += x where the value is g + x.
func (e *emitter) assign(g string, s *ir.Store) {
	if sum, ok := s.Value.(*ir.Binary); ok && sum.Op == ir.FAdd && sum.Lanes() == 1 && e.fold(sum) == nil {
		if l, ok := sum.X.(*ir.Load); ok && l.Buf.Space == ir.Register && e.register(l.Buf, l.At) == g {
			e.put(plain, jen.Id(g).Op("+=").Add(e.scalar(sum.Y).code))
			return
		}
	}
	e.put(plain, jen.Id(g).Op("=").Add(e.value(s.Value).code))
}

// value writes a value of any number of lanes.
func (e *emitter) value(x ir.Expr) operand {
	if x.Lanes() > 1 {
		return e.vector(x)
	}
	return e.scalar(x)
}

// isZero reports whether x is +0 in every lane.
func (e *emitter) isZero(x ir.Expr) bool {
	if b, ok := x.(*ir.Broadcast); ok {
		x = b.X
	}
	c := e.fold(x)
	return c != nil && c.Value == 0 && 1/c.Value > 0
}
