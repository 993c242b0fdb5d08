package ir

import (
	"strconv"
	"strings"
)

// distinct renames what a block defines under a name that is visible there already, as happens when the bodies of two loops are
// put in the place of the loops. A block without such names comes back as it is.
//
//	let a = n
//	z[a] = 1.0
//	let a = m
//	z[a] = 2.0
//
// ->
//
//	let a = n
//	z[a] = 1.0
//	let a1 = m
//	z[a1] = 2.0
func distinct(body []Stmt) []Stmt {
	d := &distincter{body: body, visible: map[string]bool{}}
	return d.block(body)
}

type distincter struct {
	body    []Stmt          // all of it
	visible map[string]bool // names in scope
	taken   map[string]bool // names that occur in body; nil until the first is renamed
}

func (d *distincter) block(body []Stmt) []Stmt {
	var bound []string
	out := body
	for i := range body {
		if name := binds(out[i]); name != "" {
			if d.visible[name] {
				to := d.fresh(name)
				if _, loop := out[i].(*For); loop {
					out = replaced(out, i, renaming(name, to).OfStmts(out[i : i+1])[0])
				} else {
					out = append(out[:i:i], renaming(name, to).OfStmts(out[i:])...)
				}
				name = to
			}
			d.visible[name] = true
			bound = append(bound, name)
		}
		switch e := out[i].(type) {
		case *For:
			if inner := d.block(e.Body); !identical(inner, e.Body) {
				c := *e
				c.Body = inner
				out = replaced(out, i, &c)
			}
			delete(d.visible, e.Var)
		case *If:
			then, els := d.block(e.Then), d.block(e.Else)
			if !identical(then, e.Then) || !identical(els, e.Else) {
				out = replaced(out, i, &If{e.Cond, then, els, e.Note})
			}
		}
	}
	for _, name := range bound {
		delete(d.visible, name)
	}
	return out
}

// binds returns the name that a statement defines, "" if it defines none.
func binds(s Stmt) string {
	switch e := s.(type) {
	case *For:
		return e.Var
	case *Let:
		return e.Var
	case *LetMask:
		return e.Name
	case *Alloc:
		return e.Buf.Name
	}
	return ""
}

// replaced is a copy of a block with another statement in place of the i-th.
func replaced(body []Stmt, i int, s Stmt) []Stmt {
	out := append([]Stmt(nil), body...)
	out[i] = s
	return out
}

// fresh returns a name that does not occur: name with a number.
func (d *distincter) fresh(name string) string {
	if d.taken == nil {
		d.taken = map[string]bool{}
		note := func(s string) string { d.taken[s] = true; return s }
		Rewrite{
			Var:    note,
			Mask:   note,
			Buffer: func(b *Buffer) *Buffer { note(b.Name); return b },
			Index: func(x Index) Index {
				if v, ok := x.(Var); ok {
					note(string(v))
				}
				return x
			},
		}.OfStmts(d.body)
	}
	base, to := strings.TrimRight(name, "0123456789"), name
	for k := 1; d.taken[to]; k++ {
		to = base + strconv.Itoa(k)
	}
	d.taken[to] = true
	return to
}

// renaming gives what is called from the name to, whatever it is: a name stands for one thing where it is seen.
func renaming(from, to string) Rewrite {
	name := func(s string) string {
		if s == from {
			return to
		}
		return s
	}
	copies := map[*Buffer]*Buffer{}
	r := Rewrite{Var: name, Mask: name}
	r.Index = func(x Index) Index {
		if v, ok := x.(Var); ok {
			return Var(name(string(v)))
		}
		return x
	}
	r.Buffer = func(b *Buffer) *Buffer {
		if copies[b] == nil {
			copies[b] = b
			if c := *b; b.Name == from || usedIn(b.Dims, Var(from)) || usedIn(b.Steps, Var(from)) {
				c.Name, c.Dims, c.Steps = name(b.Name), r.Indices(b.Dims), r.Indices(b.Steps)
				copies[b] = &c
			}
		}
		return copies[b]
	}
	return r
}

// usedIn reports whether a variable occurs in one of the expressions.
func usedIn(xs []Index, v Var) bool {
	for _, x := range xs {
		if !FreeOf(x, map[Var]bool{v: true}) {
			return true
		}
	}
	return false
}
