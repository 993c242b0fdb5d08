package schedule

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/pyragen/pyragen/ir"
)

var outlinePass = Pass{
	Name: "outline",
	Doc: `make functions of the other loops that the driver holds, as a rule the interiors of levels. Batch and node become one
subscript, the row, and every invariant sum an integer argument, so that equal parts of different levels become one function.

	parallel for b in 0..batch {
	  for i in first0*25..last0*25 { // level 0, interior
	    z[b, i, 0, 0] = x[b, i + 1, 0, 0]
	  }
	}
->
	parallel for b in 0..batch {
	  call leaves(last0*25 - first0*25, heads, b*nodes + first0*25)
	}

	func leaves(iHi, heads, row) {
	  for i in 0..iHi {
	    z[i + row, 0, 0] = x[i + row + 1, 0, 0]
	  }
	}`,
	Run: func(n *Nest, _ Schedule) error {
		n.Body = n.withScratch(n.driver(n.Body, n.texts()))
		if err := n.strayError(); err != nil {
			return &Error{Describe(n.Program), Action{Step: "outline"}, err}
		}
		return nil
	},
}

// withScratch allocates what the functions have in memory for themselves in the driver: once a task of a parallel loop, so that
// tasks do not share it. Functions whose arrays have one name and shape share one.
func (n *Nest) withScratch(body []ir.Stmt) []ir.Stmt {
	var allocs []ir.Stmt
	arrays, taken := map[string]*ir.Buffer{}, map[string]bool{}
	for _, f := range n.Funcs {
		own := map[*ir.Buffer]*ir.Buffer{}
		for i, b := range f.Buffers {
			if b.Role != ir.Temp || n.hasBuffer(b.Name) || slices.Contains(n.tile, b) {
				continue
			}
			shape := ir.FormatStmts([]ir.Stmt{&ir.Alloc{Buf: b}})
			if arrays[shape] == nil {
				c := *b
				for k := 2; taken[c.Name]; k++ {
					c.Name = fmt.Sprint(b.Name, "_", k) // registers are numbered without
				}
				taken[c.Name] = true
				arrays[shape] = &c
				allocs = append(allocs, &ir.Alloc{Buf: &c})
			}
			own[b], f.Buffers[i] = arrays[shape], arrays[shape]
		}
		if len(own) == 0 {
			continue
		}
		f.Body = ir.Rewrite{Buffer: func(b *ir.Buffer) *ir.Buffer {
			if c := own[b]; c != nil {
				return c
			}
			return b
		}}.OfStmts(f.Body)
	}
	if len(allocs) == 0 {
		return body
	}
	for _, f := range n.Funcs { // every function has its buffers in the order of the program's
		slices.SortStableFunc(f.Buffers, func(a, b *ir.Buffer) int { return cmp.Compare(place(allocs, a), place(allocs, b)) })
		f.Buffers = slices.Compact(f.Buffers) // loops side by side in one function share them, too
	}
	var out, others []ir.Stmt
	for _, s := range body {
		if loop, ok := s.(*ir.For); ok && loop.Parallel {
			c := *loop
			c.Body = behindAllocs(loop.Body, wantedBy(loop.Body, allocs))
			s = &c
		} else {
			others = append(others, s)
		}
		out = append(out, s)
	}
	return behindAllocs(out, wantedBy(others, allocs))
}

// behindAllocs puts allocs behind those that a block begins with: those of arrays that functions share come first.
func behindAllocs(block, allocs []ir.Stmt) []ir.Stmt {
	k := 0
	for k < len(block) && isAlloc(block[k]) {
		k++
	}
	return slices.Concat(block[:k], allocs, block[k:])
}

func isAlloc(s ir.Stmt) bool {
	_, ok := s.(*ir.Alloc)
	return ok
}

// wantedBy are the allocs of the arrays that the functions called in a block use.
func wantedBy(block, allocs []ir.Stmt) (list []ir.Stmt) {
	used := map[*ir.Buffer]bool{}
	ir.Each(block, func(s ir.Stmt) {
		if call, ok := s.(*ir.Call); ok {
			for _, b := range call.Func.Buffers {
				used[b] = true
			}
		}
	})
	for _, s := range allocs {
		if used[s.(*ir.Alloc).Buf] {
			list = append(list, s)
		}
	}
	return list
}

// place returns where a buffer of that name is allocated, -1 if it is not.
func place(allocs []ir.Stmt, b *ir.Buffer) int {
	return slices.IndexFunc(allocs, func(s ir.Stmt) bool { return s.(*ir.Alloc).Buf.Name == b.Name })
}

// hasBuffer reports whether a buffer of that name is the program's.
func (n *Nest) hasBuffer(name string) bool {
	for _, b := range n.Buffers {
		if b.Name == name {
			return true
		}
	}
	return false
}

// driver returns the block with everything but its lets, parallel loops and calls outlined.
func (n *Nest) driver(body []ir.Stmt, known *texts) []ir.Stmt {
	var out []ir.Stmt
	for i, s := range body {
		switch e := s.(type) {
		case *ir.Fence:
			continue // went into the function of the loop before it
		case *ir.For:
			// What was outlined in part already, or chooses between stores past the cache and others, is the driver's.
			if e.Parallel || holds[*ir.Call](e.Body) || holds[*ir.Fence](e.Body) {
				c := *e
				c.Body = n.driver(e.Body, known)
				s = &c
			} else {
				name, doc := funcName(n.Name, e)
				part := []ir.Stmt{fromZero(e, strings.TrimRight(e.Var, "0123456789"))}
				if i+1 < len(body) {
					if fence, ok := body[i+1].(*ir.Fence); ok {
						name, doc = name+"Stream", doc+", results stored past the cache"
						part = append(part, fence)
					}
				}
				s = n.outline(name, doc, part, known)
			}
		case *ir.If:
			s = &ir.If{Cond: e.Cond, Then: n.driver(e.Then, known), Else: n.driver(e.Else, known), Note: e.Note}
		}
		out = append(out, s)
	}
	return out
}

// holds reports whether a block has a statement of a kind, wherever it stands.
func holds[S ir.Stmt](body []ir.Stmt) bool {
	found := false
	ir.Each(body, func(s ir.Stmt) {
		_, ok := s.(S)
		found = found || ok
	})
	return found
}

// renamedLoop is the loop over another variable.
func renamedLoop(loop *ir.For, v string) *ir.For {
	c := *loop
	c.Var = v
	c.Body = ir.Substitute(map[ir.Var]ir.Index{ir.Var(loop.Var): ir.Var(v)}).OfStmts(loop.Body)
	return &c
}

// fromZero is the loop over another variable, counted from 0, simplified.
func fromZero(loop *ir.For, v string) ir.Stmt {
	if loop.Step != 1 {
		return renamedLoop(loop, v)
	}
	c := *loop
	c.Var, c.Lo, c.Hi = v, ir.Int(0), ir.Facts(nil).Simplify(ir.Minus(loop.Hi, loop.Lo))
	c.Body = ir.Substitute(map[ir.Var]ir.Index{ir.Var(loop.Var): ir.Plus(loop.Lo, ir.Var(v))}).OfStmts(loop.Body)
	return &c
}

func funcName(kernel string, loop *ir.For) (name, doc string) {
	switch l := levelOf(loop); {
	case l == 0:
		return "leaves", "the interior of the leaves: whole windows"
	case l > 0:
		return fmt.Sprintf("level%d", l), fmt.Sprintf("the interior of level %d and of levels alike: whole windows and families", l)
	}
	if loop.Note == chunkNote {
		return "chunk", "the nodes of a chunk"
	}
	return "all", "all of " + kernel
}

// letArgs names the arguments that occur in others, as a minimum or a choice, before the call.
func (n *Nest) letArgs(call *ir.Call) []ir.Stmt {
	args := append([]ir.Index(nil), call.Args...)
	var lets []ir.Stmt
	for i, x := range args {
		if !compound(x) {
			continue
		}
		name, key, uses := call.Func.Ints[i], ir.Key(x), 0
		replaced := ir.Rewrite{Index: func(y ir.Index) ir.Index {
			if compound(y) && ir.Key(y) == key {
				uses++
				return ir.Var(name)
			}
			return y
		}}.Indices(args)
		if uses > 1 && !n.used[name] {
			args = replaced
			lets = append(lets, &ir.Let{Var: name, Value: x})
		}
	}
	return append(lets, &ir.Call{Func: call.Func, Args: args})
}

// compound reports whether x is a minimum, a maximum or a choice.
func compound(x ir.Index) bool {
	switch e := x.(type) {
	case *ir.Arith:
		return e.Op == ir.Min || e.Op == ir.Max
	case *ir.Pick:
		return true
	}
	return false
}

// strayError is the error of a block that was outlined although it uses memory that is allocated outside of it, or index maps that are not in
// closed form.
func (n *Nest) strayError() error {
	if n.open != nil {
		return fmt.Errorf("got %s in a loop over nodes, want closed forms; use `levels` and `segments` before other steps change loops", ir.FormatIndex(n.open))
	}
	if n.stray == nil {
		return nil
	}
	return fmt.Errorf("a loop over nodes uses %s, which is allocated outside of it, want memory of one node; shrink it when the loops over nodes are fused",
		n.stray.Name)
}

// texts are the functions of a program by what they do, so that what is equal becomes one function.
type texts struct {
	funcs map[string]*ir.Func
	text  bytes.Buffer // of the function at hand but for its name and doc
}

func (n *Nest) texts() *texts {
	known := &texts{funcs: map[string]*ir.Func{}}
	for _, f := range n.Funcs {
		known.add(f)
	}
	return known
}

// add returns the function that does what f does, which is f if there is none yet.
func (t *texts) add(f *ir.Func) *ir.Func {
	t.text.Reset()
	fmt.Fprintln(&t.text, f.Ints)
	for _, b := range f.Buffers {
		fmt.Fprintln(&t.text, b.Name)
	}
	ir.WriteStmts(&t.text, f.Body)
	if g := t.funcs[string(t.text.Bytes())]; g != nil {
		return g
	}
	t.funcs[t.text.String()] = f
	return f
}

// outline makes a function of a block, unless there is one like it, and returns the call that stands in its place.
func (n *Nest) outline(name, doc string, body []ir.Stmt, known *texts) *ir.Call {
	o := &outliner{nest: n, inside: bound(body), params: map[string]string{}, values: map[string]ir.Index{}, known: map[ir.Index]ir.Index{}, rows: map[[2]ir.Index]ir.Index{},
		names: map[string]bool{}, buffers: map[*ir.Buffer]*ir.Buffer{}}
	o.registers, o.masks = numbered(body, nil)
	for v := range o.inside {
		o.names[string(v)] = true
	}
	f := &ir.Func{Doc: doc, Body: o.stmts(body)}
	f.Ints = o.ints
	for _, b := range n.Buffers {
		if c := o.buffers[b]; c != nil {
			f.Buffers = append(f.Buffers, c)
		}
	}
	for _, b := range n.tile {
		if o.buffers[b] != nil {
			f.Buffers = append(f.Buffers, b)
		}
	}
	f.Buffers = append(f.Buffers, o.scratch...)
	for b := range o.buffers {
		if b.Role == ir.Temp && !n.hasBuffer(b.Name) && !slices.Contains(n.tile, b) && !slices.Contains(o.scratch, b) && (n.stray == nil || b.Name < n.stray.Name) {
			n.stray = b
		}
	}
	if g := known.add(f); g != f {
		return &ir.Call{Func: g, Args: o.args}
	}
	f.Name = name
	for k := 2; n.Func(f.Name) != nil; k++ {
		f.Name = fmt.Sprint(name, k)
	}
	n.Funcs = append(n.Funcs, f)
	return &ir.Call{Func: f, Args: o.args}
}
