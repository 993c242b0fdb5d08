package gosrc

import (
	"maps"
	"slices"

	"github.com/dave/jennifer/jen"
	"github.com/pyragen/pyragen/ir"
)

// emitter writes one function. Statements are added to the block at hand.
type emitter struct {
	typ     ir.Type
	names   *names
	helpers *helpers
	call    func(c *ir.Call) // writes a call of a function of the program; nil in functions
	loops   int              // depth of the loops around the block

	items    []item
	comment  string         // for the item that is put next
	mentions map[string]int // uses of the names that were declared
	log      []string       // the names mentioned, in order
	scope    scope

	addresses map[access]*address
}

// scope is what is known in the block at hand; it is put back when a block inside ends.
type scope struct {
	vars    map[ir.Var]bool
	natural map[ir.Var]bool     // variables known to be >= 0
	ranges  map[ir.Var]interval // loop variables between constants
	facts   ir.Facts
	picks   map[string]string // variables that hold a pick, by its key
	opened  map[string]bool   // registers that have been declared
	views   []view
	bases   []base
	strides []stride
	nodes   []node
}

// interval is the values lo, ..., hi.
type interval struct{ lo, hi int64 }

func newEmitter(typ ir.Type, n *names, h *helpers) *emitter {
	return &emitter{typ: typ, names: n, helpers: h, mentions: map[string]int{}, scope: scope{}.inner(), addresses: map[access]*address{}}
}

// inner returns a copy for a block inside.
func (s scope) inner() scope {
	s.vars, s.natural, s.ranges = copied(s.vars), copied(s.natural), copied(s.ranges)
	s.picks, s.opened = copied(s.picks), copied(s.opened)
	s.facts, s.views, s.bases = slices.Clip(s.facts), slices.Clip(s.views), slices.Clip(s.bases)
	s.strides, s.nodes = slices.Clip(s.strides), slices.Clip(s.nodes)
	return s
}

func copied[K comparable, V any](m map[K]V) map[K]V {
	if m == nil {
		return map[K]V{}
	}
	return maps.Clone(m)
}

// bind brings an integer of the IR into scope and returns its Go name.
func (e *emitter) bind(name string) string {
	e.scope.vars[ir.Var(name)] = true
	g := e.names.get(name)
	e.mentions[g] = 0
	return g
}

// use is a variable where it is read.
func (e *emitter) use(name string) operand {
	e.mentions[name]++
	e.log = append(e.log, name)
	return ident(name)
}

// block runs f and returns what it wrote; names and knowledge made in it end with it.
func (e *emitter) block(f func()) []jen.Code {
	items, text, outer, mark := e.items, e.comment, e.scope, e.names.mark()
	e.items, e.comment, e.scope = nil, "", outer.inner()
	f()
	inner := e.layOut(e.items)
	e.items, e.comment, e.scope = items, text, outer
	e.names.release(mark)
	return inner
}
