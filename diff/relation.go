package diff

import "github.com/pyragen/pyragen/ir"

// relation is the graph in both directions: nbr(i, j) for slots j, rev(i, j) and revslot(i, j) for in-slots j.
type relation struct {
	tables                map[ir.Fn]*ir.Buffer // empty on a pyramid
	nodes, slots, inSlots ir.Index
}

// relate returns the relation of the kernel's graph; on a table graph with the tables that the kernel lacks added. It is nil
// where nothing is known of the graph's tables.
func relate(k *ir.Kernel, t Tables) *relation {
	switch {
	case k.Graph.Kind == ir.Pyramid && k.Graph.Up() > 1:
		return &relation{nodes: ir.Var("nodes"), slots: ir.Var("slots"), inSlots: ir.Var("in_slots")}
	case k.Graph.Kind == ir.Pyramid:
		return &relation{nodes: ir.Var("nodes"), slots: ir.Var("slots"), inSlots: ir.Var("slots")}
	case k.Graph.Kind != ir.Table || t == Tables{}:
		return nil
	}
	r := &relation{tables: map[ir.Fn]*ir.Buffer{}, nodes: ir.Var(t.Nodes), slots: ir.Var(t.Slots), inSlots: ir.Var(t.InSlots)}
	for _, x := range []struct {
		fn   ir.Fn
		name string
		wide ir.Index
	}{{ir.Nbr, t.Nbr, r.slots}, {ir.Rev, t.Rev, r.inSlots}, {ir.RevSlot, t.RevSlot, r.inSlots}} {
		b := k.Buffer(x.name)
		if b == nil {
			b = &ir.Buffer{Name: x.name, Type: ir.I32, Role: ir.In, Space: ir.Memory, Dims: []ir.Index{r.nodes, x.wide}}
		}
		if b.Type != ir.I32 || b.Role != ir.In || len(b.Dims) != 2 || !ir.Same(b.Dims[0], r.nodes) || !ir.Same(b.Dims[1], x.wide) {
			refuse("tables: got %s with other type, role or dimensions, want an input i32[%s, %s]", x.name, t.Nodes, ir.FormatIndex(x.wide))
		}
		r.tables[x.fn] = b
	}
	return r
}

// call is an index map of the relation.
func (r *relation) call(fn ir.Fn, i, j ir.Index) ir.Index {
	if b := r.tables[fn]; b != nil {
		return &ir.Gather{Table: b, At: []ir.Index{i, j}}
	}
	return &ir.Apply{Fn: fn, Args: []ir.Index{i, j}}
}

// match takes an index map of the relation apart; fn is 0 for any other index.
func (r *relation) match(x ir.Index) (fn ir.Fn, i, j ir.Index) {
	if r == nil {
		return 0, nil, nil
	}
	switch x := x.(type) {
	case *ir.Apply:
		if len(r.tables) == 0 && (x.Fn == ir.Nbr || x.Fn == ir.Rev || x.Fn == ir.RevSlot) {
			return x.Fn, x.Args[0], x.Args[1]
		}
	case *ir.Gather:
		for fn, b := range r.tables {
			if b == x.Table {
				return fn, x.At[0], x.At[1]
			}
		}
	}
	return 0, nil, nil
}

// laws simplifies indices by N(R(i, j), M(i, j)) = i.
func (r *relation) laws() ir.Rewrite {
	return ir.Rewrite{Index: func(x ir.Index) ir.Index {
		if fn, q, s := r.match(x); fn == ir.Nbr {
			qfn, i, j := r.match(q)
			sfn, k, l := r.match(s)
			if qfn == ir.Rev && sfn == ir.RevSlot && ir.Same(i, k) && ir.Same(j, l) {
				return i
			}
		}
		return x
	}}
}
