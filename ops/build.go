package ops

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
)

// The loop axes and sizes of every kernel. On a pyramid nodes and slots follow from len, and in_slots where nodes see ancestors; on a table they are sizes.
const (
	batch, nodes, heads = ir.Var("batch"), ir.Var("nodes"), ir.Var("heads")
	slots, inSlots, dim = ir.Var("slots"), ir.Var("in_slots"), ir.Var("dim")

	b, i, h, j, d = ir.Var("b"), ir.Var("i"), ir.Var("h"), ir.Var("j"), ir.Var("d")
)

// tables says which directions of the graph a kernel walks; on a table graph each costs its tables.
type tables uint8

const (
	toKeys    tables = 1 << iota // qk i32[nodes, slots]
	toQueries                    // kq and m i32[nodes, in_slots]
)

// builder collects the buffers and stages of one kernel.
type builder struct {
	*ir.Kernel
	storage   ir.Type
	qk, kq, m *ir.Buffer // nil on a pyramid, or where the direction is not walked
	features
}

// begin returns a builder with the sizes that kernels over o.Graph have.
func begin(name string, o Options, walk tables) *builder {
	if err := o.Validate(); err != nil {
		panic(fmt.Sprintf("%s: %v", name, err))
	}
	k := &ir.Kernel{Name: name, Type: o.Type.Arith(), Graph: o.Graph}
	if o.Graph.Kind == ir.Pyramid {
		k.Sizes = []string{"batch", "len", "heads"}
	} else {
		k.Sizes = []string{"batch", "nodes", "heads"}
		if o.Slots == 0 {
			k.Sizes = append(k.Sizes, "slots")
		} else {
			k.Consts = append(k.Consts, ir.ConstSize{Name: "slots", Value: int64(o.Slots)})
		}
		if walk&toQueries != 0 {
			k.Sizes = append(k.Sizes, "in_slots")
		}
	}
	if o.Dim == 0 {
		k.Sizes = append(k.Sizes, "dim")
	} else {
		k.Consts = append(k.Consts, ir.ConstSize{Name: "dim", Value: int64(o.Dim)})
	}
	return &builder{Kernel: k, storage: o.Type}
}

// buffer adds a buffer to the kernel.
func (k *builder) buffer(name string, t ir.Type, role ir.Role, dims ...ir.Index) *ir.Buffer {
	buf := &ir.Buffer{Name: name, Type: t, Role: role, Space: ir.Memory, Dims: dims}
	k.Buffers = append(k.Buffers, buf)
	return buf
}

// rows adds a tensor (batch, node, head, dim).
func (k *builder) rows(name string, role ir.Role) *ir.Buffer {
	return k.buffer(name, k.storage, role, batch, nodes, heads, dim)
}

// edges adds a tensor (batch, node, head, slot).
func (k *builder) edges(name string, role ir.Role) *ir.Buffer {
	t := k.storage
	if role == ir.Temp {
		t = k.Type
	}
	return k.buffer(name, t, role, batch, nodes, heads, slots)
}

// perRow adds a tensor (batch, node, head). It is in the arithmetic type also where tensors are stored in 16 bits.
func (k *builder) perRow(name string, role ir.Role) *ir.Buffer {
	return k.buffer(name, k.Type, role, batch, nodes, heads)
}

// graph adds the tables of a table graph: after the tensors, before the scalars.
func (k *builder) graph(walk tables) {
	if k.Graph.Kind != ir.Table {
		return
	}
	if walk&toKeys != 0 {
		k.qk = k.buffer("qk", ir.I32, ir.In, nodes, slots)
	}
	if walk&toQueries != 0 {
		k.kq = k.buffer("kq", ir.I32, ir.In, nodes, inSlots)
		k.m = k.buffer("m", ir.I32, ir.In, nodes, inSlots)
	}
}

// scalar adds a scalar argument.
func (k *builder) scalar(name string) *ir.Buffer { return k.buffer(name, k.Type, ir.In) }

// stage adds the definition of out over the given axes, where it holds.
func (k *builder) stage(out *ir.Buffer, where ir.Cond, value ir.Expr, axes ...ir.Var) {
	s := &ir.Stage{Out: out, Where: where, Value: value}
	for n, a := range axes {
		s.Axes = append(s.Axes, ir.Axis{Name: string(a), Extent: out.Dims[n]})
	}
	k.Stages = append(k.Stages, s)
}

// key is N(i, j), the node in slot j of node i, or -1.
func (k *builder) key() ir.Index { return k.indexMap(ir.Nbr, k.qk) }

// query is R(i, j), the j-th node that has i in one of its slots, or -1.
func (k *builder) query() ir.Index { return k.indexMap(ir.Rev, k.kq) }

// slotOfKey is M(i, j), the slot of i in the row of R(i, j).
func (k *builder) slotOfKey() ir.Index { return k.indexMap(ir.RevSlot, k.m) }

func (k *builder) indexMap(fn ir.Fn, table *ir.Buffer) ir.Index {
	if k.Graph.Kind == ir.Table {
		return &ir.Gather{Table: table, At: []ir.Index{i, j}}
	}
	return &ir.Apply{Fn: fn, Args: []ir.Index{i, j}}
}

// full holds where node i has a node in slot j.
func (k *builder) full() ir.Cond { return &ir.Compare{Op: ir.GE, X: k.key(), Y: ir.Int(0)} }

// sumKeys is the sum of body over the full slots j of node i.
func (k *builder) sumKeys(body ir.Expr) ir.Expr {
	return &ir.Reduce{Op: ir.Sum, Axis: string(j), Extent: slots, Where: k.full(), Body: body}
}

// sumQueries is the sum of body over the nodes R(i, j) that have i in one of their slots.
func (k *builder) sumQueries(body ir.Expr) ir.Expr {
	extent := slots
	if k.Graph.Kind == ir.Table || k.Graph.Up() > 1 {
		extent = inSlots
	}
	attends := &ir.Compare{Op: ir.GE, X: k.query(), Y: ir.Int(0)}
	return &ir.Reduce{Op: ir.Sum, Axis: string(j), Extent: extent, Where: attends, Body: body}
}

// dot is the sum over d of x * y.
func dot(x, y ir.Expr) ir.Expr {
	return &ir.Reduce{Op: ir.Sum, Axis: string(d), Extent: dim, Body: mul(x, y)}
}

func at(buf *ir.Buffer, subs ...ir.Index) ir.Expr { return &ir.Load{Buf: buf, At: subs} }

func add(x, y ir.Expr) ir.Expr { return &ir.Binary{Op: ir.FAdd, X: x, Y: y} }
func sub(x, y ir.Expr) ir.Expr { return &ir.Binary{Op: ir.FSub, X: x, Y: y} }
func mul(x, y ir.Expr) ir.Expr { return &ir.Binary{Op: ir.FMul, X: x, Y: y} }

func exp(x ir.Expr) ir.Expr   { return &ir.Unary{Op: ir.Exp, X: x} }
func log(x ir.Expr) ir.Expr   { return &ir.Unary{Op: ir.Log, X: x} }
func recip(x ir.Expr) ir.Expr { return &ir.Unary{Op: ir.Recip, X: x} }

// value is a constant of the arithmetic type.
func (k *builder) value(v float64) ir.Expr { return &ir.Const{Type: k.Type, Value: v} }

// zeroAt is 0 where of equals v, and x elsewhere.
func (k *builder) zeroAt(v float64, of, x ir.Expr) ir.Expr {
	return &ir.Select{Cond: &ir.CompareValue{Op: ir.EQ, X: of, Y: k.value(v)}, X: k.value(0), Y: x}
}
