package mutate

import (
	"strings"

	"github.com/pyragen/pyragen/ir"
)

// TableFaults are those that only kernels of table graphs can have: in how they read the lists of edges, and in what those hold.
func TableFaults() []Fault {
	function := func(name, doc string, kind Kind, list string, change func(g *ir.Gather) ir.Index) Fault {
		return Fault{Name: name, Doc: doc, Kind: kind, program: inFunctions(func(_ *ir.Func, here func() bool) ir.Rewrite {
			return indexAt(ofList(list, change), here)
		})}
	}
	chunk := func(name, doc string, end, by ir.Int) Fault {
		return Fault{Name: name, Doc: doc, Kind: Value, program: inDriver(func(here func() bool) ir.Rewrite {
			return indexAt(ofList("cuts", func(g *ir.Gather) ir.Index {
				if g.At[1] == ir.Index(end) {
					return ir.Plus(g, by)
				}
				return nil
			}), here)
		})}
	}
	text := func(name, doc, file, pattern, replacement string, ops ...string) Fault {
		return Fault{Name: name, Doc: doc, Kind: Value, Ops: ops, source: inLines(file, replaced(pattern, replacement))}
	}
	return []Fault{
		function("row-end", "the last edge of a row is left out", Value, "_at", func(g *ir.Gather) ir.Index {
			if offset(g) == 1 {
				return ir.Minus(g, ir.Int(1))
			}
			return nil
		}),
		function("row-begin", "the first edge of a row is left out", Value, "_at", func(g *ir.Gather) ir.Index {
			if offset(g) == 0 {
				return ir.Plus(g, ir.Int(1))
			}
			return nil
		}),
		function("next-slot", "an edge takes the slot of the next one", Memory, "_slot", func(g *ir.Gather) ir.Index {
			return &ir.Gather{Table: g.Table, At: moved(g.At, 0)}
		}),
		function("next-edge", "an edge takes what is kept of the next one", Value, "_edge", func(g *ir.Gather) ir.Index {
			if offset(g) >= 8 { // what is asked for ahead, of which nothing depends
				return nil
			}
			return &ir.Gather{Table: g.Table, At: moved(g.At, 0)}
		}),
		chunk("chunk-end", "the last node of a chunk is left out", 1, -1),
		chunk("chunk-begin", "the first node of a chunk is left out", 0, 1),
		text("keys-for-queries", "gradients go back along keys", ".go", `g\.queryAt, g\.queryNode`, "g.keyAt, g.keyNode", "reverse", "attention-grad"),
		text("place-for-slot", "M has places among edges in place of slots", "_graph.go", `= int32\(i\), g\.keySlot\[e\]`, "= int32(i), int32(e)-g.keyAt[i]", "reverse"),
		text("place-of-query", "what is kept of an edge is looked for where it stands among those of queries", "_graph.go", `g\.keySlot\[e\], int32\(e\)`, "g.keySlot[e], at", "attention-grad"),
		text("one-list-less", "the last part of the edges is not sorted", "_graph.go", `for _, i := range by\[lo:hi\] \{`, "for _, i := range by[lo:max(lo, hi-1)] {",
			"reverse", "attention-grad"),
	}
}

// ofList is a change of elements of the lists whose names end so.
func ofList(end string, change func(*ir.Gather) ir.Index) func(ir.Index) ir.Index {
	return func(x ir.Index) ir.Index {
		if g, ok := x.(*ir.Gather); ok && strings.HasSuffix(g.Table.Name, end) {
			return change(g)
		}
		return nil
	}
}

// offset is what is added to the variables of a subscript.
func offset(g *ir.Gather) int64 { return ir.PolyOf(g.At[0]).Const }
