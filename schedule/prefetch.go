package schedule

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pyragen/pyragen/ir"
)

var prefetchStep = Step{
	Name:  "prefetch",
	Loops: true,
	Args:  "BUFFER LOOP ROWS [far]",
	Doc: `ask for the cache lines that vectors, or scalars in all lanes of one, will be loaded from when LOOP has gone ROWS iterations further

	for i in 0..nodes {
	  z[0, i, 0, 0:8] = x[0, i, 0, 0:8] + x[0, i + 1, 0, 0:8]
	  z[0, i, 0, 8:8] = x[0, i, 0, 8:8]
	}
->
	for i in 0..nodes {
	  prefetch x[0, i + 13, 0, 0]
	  z[0, i, 0, 0:8] = x[0, i, 0, 0:8] + x[0, i + 1, 0, 0:8]
	  z[0, i, 0, 8:8] = x[0, i, 0, 8:8]
	}

Of rows that lie next to each other only the furthest is asked for, and each line once, in the first of several loops that load it. BUFFER may be a stage and a buffer, s.k for example:
then only loads in the loops of that stage count. Where LOOP runs over the edges of a table, the rows are those of the nodes that come ROWS edges later in the list, be it
in the row of another node. With the word far they go to the second-level cache alone: rows that lie anywhere, asked for long before, would drive out of the
first-level cache what is in use.`,
	Run: func(n *Nest, args []string) error {
		ahead, err := count(args[2], 1024)
		if err != nil {
			return fmt.Errorf("rows ahead: %v", err)
		}
		if len(args) == 4 && args[3] != "far" {
			return fmt.Errorf("got the word %q, want far, or none; leave it out", args[3])
		}
		p := &prefetching{far: len(args) == 4, fresh: n.fresh, nodes: map[ir.Var]*ir.Gather{}, later: map[ir.Var]ir.Var{}, loop: ir.Var(args[1]), ahead: ahead, buffer: args[0], spans: map[ir.Var]ir.Index{}, asked: map[string]bool{}}
		if stage, buffer, ok := strings.Cut(args[0], "."); ok {
			p.stage, p.buffer = stage, buffer
		}
		body := p.block(n.Body, "")
		if !p.found {
			return missingf("got no vectors of %s loaded from rows that move with %s, want some; vectorise first, or name a loop over rows", args[0], args[1])
		}
		n.Body = body
		return nil
	},
}

type prefetching struct {
	stage, buffer string
	loop          ir.Var
	ahead         int
	far           bool
	found         bool
	spans         map[ir.Var]ir.Index // variables of the loops around, each with its bounds for a name
	fresh         func(string) string
	nodes         map[ir.Var]*ir.Gather // nodes at the other ends of edges, which lets read from a list
	later         map[ir.Var]ir.Var     // the nodes that come ROWS edges later, where they are asked for
	asked         map[string]bool       // rows that are asked for already
}

// lineBytes is what comes from memory at once.
const lineBytes = 64

// block adds prefetches to a block of a stage's loop and to those inside.
func (p *prefetching) block(body []ir.Stmt, stage string) []ir.Stmt {
	for _, s := range body {
		if e, ok := s.(*ir.Let); ok {
			if g, ok := e.Value.(*ir.Gather); ok && len(g.At) == 1 && !ir.FreeOf(g.At[0], map[ir.Var]bool{p.loop: true}) {
				p.nodes[ir.Var(e.Var)] = g
			}
		}
	}
	furthest := map[string]int64{}
	loads := make([][]rowLoad, len(body)) // of the statements
	if p.stage == "" || p.stage == stage {
		known := map[ir.Index]rowPart{}
		for i, s := range body {
			loads[i] = p.loads(s, known)
			for _, l := range loads[i] {
				if far, ok := furthest[l.row]; !p.asked[l.row] && (!ok || l.at > far) {
					furthest[l.row] = l.at
				}
			}
		}
	}
	out := make([]ir.Stmt, 0, len(body))
	for i, s := range body {
		switch e := s.(type) {
		case *ir.For:
			c := *e
			outer, shadows := p.spans[ir.Var(e.Var)]
			p.spans[ir.Var(e.Var)] = ir.Var(fmt.Sprint(e.Var, "[", span(e), " ", e.Step, "]"))
			c.Body = p.block(e.Body, e.Stage)
			delete(p.spans, ir.Var(e.Var))
			if shadows {
				p.spans[ir.Var(e.Var)] = outer
			}
			var before []ir.Stmt
			before, c.Body = p.beforeSlots(e, c.Body)
			out = append(out, before...)
			s = &c
		case *ir.If:
			s = &ir.If{Cond: e.Cond, Then: p.block(e.Then, stage), Else: p.block(e.Else, stage), Note: e.Note}
		}
		for _, l := range loads[i] {
			if far, ok := furthest[l.row]; ok && far == l.at {
				delete(furthest, l.row)
				p.asked[l.row] = true
				next := withVar(p.laterNodes(l.At), p.loop, ir.Plus(p.loop, ir.Int(int64(p.ahead))))
				out = append(out, &ir.Prefetch{Buf: l.Buf, At: next, Far: p.far})
				p.found = true
			}
		}
		out = append(out, s)
	}
	return p.withLater(out)
}

// beforeSlots takes what iterations of a loop over the slots of a window would ask for again and again out of its body: of rows that move with the
// slots only the furthest is asked for, as the others have been before, and of others each once.
func (p *prefetching) beforeSlots(slots *ir.For, body []ir.Stmt) (before, rest []ir.Stmt) {
	lo, ok1 := slots.Lo.(ir.Int)
	hi, ok2 := slots.Hi.(ir.Int)
	if !isWindow(slots) || ir.Var(slots.Var) == p.loop || !ok1 || !ok2 || lo >= hi {
		return nil, body
	}
	last := lo + (hi-1-lo)/ir.Int(slots.Step)*ir.Int(slots.Step)
	inside := map[ir.Var]bool{}
	for _, s := range body {
		if let, ok := s.(*ir.Let); ok {
			inside[ir.Var(let.Var)] = true
		}
		e, ok := s.(*ir.Prefetch)
		if !ok || slices.ContainsFunc(e.At, func(x ir.Index) bool { return !ir.FreeOf(x, inside) }) {
			rest = append(rest, s)
			continue
		}
		before = append(before, &ir.Prefetch{Buf: e.Buf, At: withVar(e.At, ir.Var(slots.Var), last), Far: e.Far})
	}
	return before, rest
}

// withVar has x in place of a variable in subscripts, in normal form.
func withVar(at []ir.Index, v ir.Var, x ir.Index) []ir.Index {
	next := ir.Substitute(map[ir.Var]ir.Index{v: x}).Indices(at)
	for d, y := range next {
		next[d] = ir.PolyOf(y).Index()
	}
	return next
}

// laterNodes has in subscripts, in place of the node of an edge, that of the one that is ROWS further in the list.
func (p *prefetching) laterNodes(at []ir.Index) []ir.Index {
	return ir.Rewrite{Index: func(x ir.Index) ir.Index {
		v, ok := x.(ir.Var)
		if !ok || p.nodes[v] == nil {
			return x
		}
		if p.later[v] == "" {
			p.later[v] = ir.Var(p.fresh("later"))
		}
		return p.later[v]
	}}.Indices(at)
}

// withLater puts the lets of later nodes behind those of the nodes of a block. The list goes on behind its last edge, and else ends there.
func (p *prefetching) withLater(block []ir.Stmt) []ir.Stmt {
	if len(p.later) == 0 {
		return block
	}
	var out []ir.Stmt
	for _, s := range block {
		out = append(out, s)
		let, ok := s.(*ir.Let)
		if !ok || p.later[ir.Var(let.Var)] == "" {
			continue
		}
		g := p.nodes[ir.Var(let.Var)]
		at := ir.Plus(g.At[0], ir.Int(int64(p.ahead)))
		if p.ahead > NodesMore {
			at = ir.Least(at, ir.Minus(g.Table.Dims[0], ir.Int(1)))
		}
		out = append(out, &ir.Let{Var: string(p.later[ir.Var(let.Var)]), Value: &ir.Gather{Table: g.Table, At: []ir.Index{at}}})
		delete(p.later, ir.Var(let.Var))
	}
	return out
}

// alongEdges reports whether a row is that of the node of an edge.
func (p *prefetching) alongEdges(row ir.Poly) bool {
	for _, t := range row.Terms {
		if v, ok := t.Var(); ok && t.Coef == 1 && p.nodes[v] != nil {
			return true
		}
	}
	return false
}

// rowLoad is a load that begins a line: with the key of all but the constant part of the row, and that part.
type rowLoad struct {
	*ir.Load
	row string
	at  int64
}

// rowPart is what a subscript says of a row.
type rowPart struct {
	key    string // of all of it but, where that moves along the loop, the constant
	fixed  int64  // the constant
	moves  bool
	edges  bool // with the nodes of edges, not along the loop
	astray bool // in another way than along the loop
}

func (p *prefetching) partOf(x ir.Index) rowPart {
	q := ir.PolyOf(x)
	t := rowPart{fixed: q.Const, edges: p.alongEdges(q)}
	if coef, affine := q.Coef(p.loop); t.edges {
		t.moves = true
	} else if affine && coef.IsConst() && coef.Const == 1 {
		t.moves = true
		q.Const = 0
	} else if !affine || !coef.IsConst() || coef.Const != 0 {
		t.astray = true
	}
	t.key = ir.Key(ir.Substitute(p.spans).OfIndex(q.Index()))
	return t
}

// loads are the loads of a store that begin a line. What the subscripts of the block say is known or becomes so; most come again and again.
func (p *prefetching) loads(s ir.Stmt, known map[ir.Index]rowPart) (list []rowLoad) {
	store, ok := s.(*ir.Store)
	if !ok {
		return nil
	}
	ir.EachPart(store.Value, func(e ir.Expr) {
		l, ok := e.(*ir.Load)
		vector := ok && l.Lanes() > 1
		if b, ok := e.(*ir.Broadcast); ok {
			l, vector = b.X.(*ir.Load)
		}
		if !vector || l.Buf.Name != p.buffer || l.Buf.Space != ir.Memory {
			return
		}
		key, at, moves := "", int64(0), false
		for d, x := range l.At {
			t, found := known[x]
			if !found {
				t = p.partOf(x)
				known[x] = t
			}
			if t.astray || d == len(l.At)-1 && t.fixed*int64(l.Buf.Type.Size())%lineBytes != 0 {
				return
			}
			if t.moves && !t.edges {
				at = t.fixed
			}
			moves = moves || t.moves
			key += " " + t.key
		}
		if moves {
			list = append(list, rowLoad{l, key, at})
		}
	})
	return list
}
