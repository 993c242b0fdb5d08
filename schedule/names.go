package schedule

import (
	"fmt"
	"strings"

	"github.com/pyragen/pyragen/ir"
)

var namesPass = Pass{
	Name: "names",
	Doc: `number registers and masks in the order in which a function brings them into scope

	call all()

	func all() {
	  alloc v17: f32x8
	  v17 = x[0, 0, 0:8]
	  alloc v304: f32x8
	  v304 = v17 + v17
	}
->
	call all()

	func all() {
	  alloc v1: f32x8
	  v1 = x[0, 0, 0:8]
	  alloc v2: f32x8
	  v2 = v1 + v1
	}`,
	Run: func(n *Nest, _ Schedule) error {
		for _, f := range n.Funcs {
			registers, masks := numbered(f.Body, argumentNames(f))
			f.Body = ir.Rewrite{
				Mask: func(m string) string { return masks[m] },
				Buffer: func(b *ir.Buffer) *ir.Buffer {
					if c := registers[b]; c != nil {
						return c
					}
					return b
				},
			}.OfStmts(f.Body)
		}
		return nil
	},
}

// argumentNames are the names that a function is given.
func argumentNames(f *ir.Func) map[string]bool {
	names := map[string]bool{}
	for _, v := range f.Ints {
		names[v] = true
	}
	for _, b := range f.Buffers {
		names[b.Name] = true
	}
	return names
}

// addDeclared adds the names that a block declares.
func addDeclared(names map[string]bool, body []ir.Stmt) {
	ir.Each(body, func(s ir.Stmt) {
		switch e := s.(type) {
		case *ir.For:
			names[e.Var] = true
		case *ir.Let:
			names[e.Var] = true
		case *ir.LetMask:
			names[e.Name] = true
		case *ir.Alloc:
			names[e.Buf.Name] = true
		}
	})
}

// unused returns base, or base with the first number with which it is not taken, and takes it.
func unused(taken map[string]bool, base string) string {
	name := base
	for k := 1; taken[name]; k++ {
		name = fmt.Sprint(base, k)
	}
	taken[name] = true
	return name
}

// numbered are the registers of a function's body, and the names of its masks, with names by their order; names that are taken are left out.
func numbered(body []ir.Stmt, taken map[string]bool) (registers map[*ir.Buffer]*ir.Buffer, masks map[string]string) {
	count := map[string]int{}
	name := func(old string) string {
		base := strings.TrimRight(old, "0123456789")
		for {
			count[base]++
			if next := fmt.Sprint(base, count[base]); !taken[next] {
				return next
			}
		}
	}
	registers, masks = map[*ir.Buffer]*ir.Buffer{}, map[string]string{}
	ir.Each(body, func(s ir.Stmt) {
		switch e := s.(type) {
		case *ir.Alloc:
			if e.Buf.Space == ir.Register && registers[e.Buf] == nil {
				c := *e.Buf
				c.Name = name(c.Name)
				registers[e.Buf] = &c
			}
		case *ir.LetMask:
			masks[e.Name] = name(e.Name)
		}
	})
	return registers, masks
}
