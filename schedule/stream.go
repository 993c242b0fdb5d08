package schedule

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pyragen/pyragen/ir"
)

var streamStep = Step{
	Name: "stream",
	Args: "BUFFERS KIB|cache [LEVELS]",
	Doc: `store whole vectors of a result past the cache, where it is larger than KIB kibibytes and so will not be read soon, and
where it is aligned as such stores want it

	for i0 in 0..n0 { // level 0, interior
	  z[0, i0, 0, 0:8] = x[0, i0, 0, 0:8]
	}
->
	if batch*nodes*heads*64 > 131072 && aligned(z, 32) { // streaming stores
	  for i0 in 0..n0 { // level 0, interior
	    stream z[0, i0, 0, 0:8] = x[0, i0, 0, 0:8]
	  }
	  fence
	} else {
	  for i0 in 0..n0 { // level 0, interior
	    z[0, i0, 0, 0:8] = x[0, i0, 0, 0:8]
	  }
	}

It is done in the loops that the driver calls, edges left out. Rows of the result that are no multiple of the vector's bytes are stored in pieces of
32 or 16 bytes, of which they must consist, what a mask leaves of the last vector too; where rows lie apart that is part of the condition. BUFFERS
may be several results of one size, dq,dk,dv for example. With the word cache in place of KIB, it is done where the inputs and results of that
size, all together, are more than should be expected to stay in the last-level cache of the machine that the program runs on.
LEVELS, if given, is how many levels it is done for, leaves first.`,
	Run: func(n *Nest, args []string) error {
		kib, err := 0, error(nil)
		if args[1] != "cache" {
			if kib, err = count(args[1], 1<<30); err != nil {
				return fmt.Errorf("kibibytes: %v, or cache", err)
			}
		}
		levels := len(n.Graph.Strides) + 1
		if len(args) == 3 {
			if levels, err = count(args[2], levels); err != nil {
				return fmt.Errorf("levels: %v", err)
			}
		}
		s := &streaming{nest: n, levels: levels, buffers: strings.Split(args[0], ","), kib: int64(kib)}
		body, err := s.block(n.Body)
		if err != nil {
			return err
		}
		if !s.found {
			return missingf("got no whole vectors stored to %s in the interiors of levels, want some; vectorise and peel first, or leave the step out", args[0])
		}
		n.Body = body
		return nil
	},
}

type streaming struct {
	nest    *Nest
	buffers []string
	kib     int64 // 0: what the cache holds
	levels  int
	found   bool
}

// block goes down to the loops that are to become functions and gives each a streaming twin.
func (s *streaming) block(body []ir.Stmt) ([]ir.Stmt, error) {
	var out []ir.Stmt
	for _, st := range body {
		switch e := st.(type) {
		case *ir.If:
			then, err := s.block(e.Then)
			if err != nil {
				return nil, err
			}
			st = &ir.If{Cond: e.Cond, Then: then, Else: e.Else, Note: e.Note}
		case *ir.For:
			if e.Parallel || levelOf(e) < 0 && !isInterior(e) && holdsLevels(e) {
				c := *e
				var err error
				if c.Body, err = s.block(e.Body); err != nil {
					return nil, err
				}
				st = &c
			} else if l, ok := interiorOf(e); ok && l < s.levels {
				twin, err := s.twin(e)
				if err != nil {
					return nil, err
				}
				st = twin
			}
		}
		out = append(out, st)
	}
	return out, nil
}

// twin is the choice between the loop with streaming stores and the loop as it is.
func (s *streaming) twin(loop *ir.For) (ir.Stmt, error) {
	masks := map[string]ir.Index{}
	ir.Each(loop.Body, func(st ir.Stmt) {
		if m, ok := st.(*ir.LetMask); ok {
			masks[m.Name] = m.Count
		}
	})
	var bufs []*ir.Buffer
	vector, piece, whole := 0, 0, true // the largest, what those that do not lie at multiples of theirs consist of, and whether all do
	ir.Each(loop.Body, func(st ir.Stmt) {
		e, ok := s.result(st)
		if !ok {
			return
		}
		own := pieceOf(e, masks)
		if len(bufs) == 0 || own < piece {
			piece = own
		}
		vector, whole = max(vector, e.Bytes()), whole && own == e.Bytes()
		if !slices.Contains(bufs, e.Buf) {
			bufs = append(bufs, e.Buf)
		}
	})
	if len(bufs) == 0 {
		return loop, nil
	}
	if piece == 0 {
		return nil, fmt.Errorf("got vectors of %s that lie anywhere, or of which any number of lanes is stored, want multiples of 16 bytes; leave the step out", bufs[0].Name)
	}
	if whole {
		piece = vector
	}
	s.found = true
	streamed := *loop
	streamed.Body = ir.Rewrite{Stmt: func(st ir.Stmt) []ir.Stmt {
		if e, ok := s.result(st); ok {
			c := *e
			c.Stream = min(piece, e.Bytes())
			st = &c
		}
		return []ir.Stmt{st}
	}}.OfStmts(loop.Body)
	when := s.large(bufs[0])
	for _, c := range aligned(bufs, int64(piece)) {
		when = &ir.And{X: when, Y: c}
	}
	return &ir.If{
		Cond: when,
		Then: []ir.Stmt{&streamed, &ir.Fence{}},
		Else: []ir.Stmt{loop},
		Note: "streaming stores",
	}, nil
}

// pieceOf is how many bytes of a store lie together at a multiple of them: all of the vector, or 32 or 16 that it, or its active lanes, consist of; else 0.
func pieceOf(e *ir.Store, masks map[string]ir.Index) int {
	vector := e.Bytes()
	bytes := vector
	if e.Mask != "" {
		count, ok := masks[e.Mask].(ir.Int)
		if !ok {
			return 0
		}
		bytes = int(count) * e.Buf.Type.Size()
	}
	for _, piece := range []int{vector, 32, 16} {
		if piece <= vector && bytes%piece == 0 && multiple(e.Buf, e.At, int64(piece)) {
			return piece
		}
	}
	return 0
}

// result returns the store of a whole vector, or of half of one, masked or not, to one of the buffers.
func (s *streaming) result(st ir.Stmt) (*ir.Store, bool) {
	e, ok := st.(*ir.Store)
	return e, ok && slices.Contains(s.buffers, e.Buf.Name) && e.Buf.Space == ir.Memory && 2*e.Value.Lanes() >= s.nest.Target.Lanes(e.Buf.Type)
}

// large is what must hold for results of the size of b not to be read soon.
func (s *streaming) large(b *ir.Buffer) ir.Cond {
	elements := b.Dims[0]
	for _, d := range b.Dims[1:] {
		elements = ir.Times(elements, d)
	}
	if s.kib > 0 {
		return &ir.Compare{Op: ir.GT, X: elements, Y: ir.Int(s.kib * 1024 / int64(b.Type.Size()))}
	}
	bytes := 0 // of an element of all of that size
	for _, c := range s.nest.Buffers {
		if c.Role != ir.Temp && slices.EqualFunc(c.Dims, b.Dims, ir.Same) {
			bytes += c.Type.Size()
		}
	}
	return &ir.Uncached{Bytes: ir.Times(elements, ir.Int(bytes))}
}

// isInterior reports whether a loop is the interior of a level, split into families or not.
func isInterior(loop *ir.For) bool {
	_, ok := interiorOf(loop)
	return ok
}

// interiorOf returns the level whose interior a loop is; the nodes of a chunk are as those of the leaves.
func interiorOf(loop *ir.For) (level int, ok bool) {
	if loop.Note == chunkNote {
		return 0, true
	}
	n, _ := fmt.Sscanf(loop.Note, "level %d, interior", &level)
	return level, n == 1 && loop.Note == fmt.Sprintf("level %d, interior", level)
}

// holdsLevels reports whether loops over levels are inside.
func holdsLevels(loop *ir.For) bool {
	found := false
	ir.Each(loop.Body, func(st ir.Stmt) {
		if e, ok := st.(*ir.For); ok && (levelOf(e) >= 0 || isInterior(e)) {
			found = true
		}
	})
	return found
}

// aligned is what must hold for all rows of some buffers to lie at multiples of some bytes.
func aligned(bufs []*ir.Buffer, bytes int64) (conds []ir.Cond) {
	seen := map[string]bool{}
	for _, b := range bufs {
		conds = append(conds, &ir.Aligned{Buf: b, Bytes: bytes})
		for _, step := range b.Steps {
			if step == nil || seen[ir.Key(step)] {
				continue
			}
			seen[ir.Key(step)] = true
			rest := &ir.Arith{Op: ir.Mod, X: step, Y: ir.Int(bytes / int64(b.Type.Size()))}
			conds = append(conds, &ir.Compare{Op: ir.EQ, X: rest, Y: ir.Int(0)})
		}
	}
	return conds
}

// multiple reports whether an element lies at a multiple of some bytes of its buffer's start, whatever the variables are, provided that
// the buffer's steps are multiples too.
func multiple(b *ir.Buffer, at []ir.Index, bytes int64) bool {
	element := ir.PolyOf(ir.Int(0))
	for d := len(at) - 1; d >= 0 && (b.Steps == nil || b.Steps[d] == nil); d-- {
		element = element.Plus(ir.PolyOf(ir.Times(at[d], b.Step(d))), 1)
	}
	size := int64(b.Type.Size())
	if element.Const*size%bytes != 0 {
		return false
	}
	for _, t := range element.Terms {
		// A loop in steps of whole vectors moves by whole vectors.
		if t.Coef*size%bytes != 0 && t.Product != ir.Index(ir.Var("d")) {
			return false
		}
	}
	return true
}
