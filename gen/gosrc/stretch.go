package gosrc

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
)

// stretches plans the views of a loop with a bound of run time whose iterations use the elements of rows one after the other:
//
//	for d in 0..dHi step 4 { ... x[row, h, d] ... x[row, h, d + 3] }
//
// Slices that end where the loop does, all with the length of the first of them, need no more checks in it:
//
//	if dHi > 0 {
//		xRow := x[(row*heads+h)*dim:][:(dHi+3)/4*4]
//		yRow := y[...][:len(xRow)]
//		for d := 0; d < len(xRow)-3; d += 4 { ... xRow[d] ... xRow[d+3] }
//	}
//
// The last iteration uses the last elements of the slices, so they are there if the loop runs at all; that it does must be asked
// first. Other views of the loop's body come along. Without such rows there are none.
func (e *emitter) stretches(s *ir.For) []*wish {
	if _, constant := constantRange(s); constant || s.Lo != ir.Index(ir.Int(0)) || s.Step > 64 {
		return nil
	}
	v := ir.Var(s.Var)
	list := newWishes()
	all := e.uses(s.Body)
	for _, u := range all {
		coef, ok := u.poly.Coef(v)
		if length := rowLength(u.buf); !ok || !u.must || !coef.IsConst() || coef.Const != 1 || !e.lacks(u) {
			continue
		} else if _, constant := length.(ir.Int); constant {
			continue
		}
		at := sub(u.poly, ir.PolyOf(v))
		offset := at.Const
		at.Const = 0
		if !e.outside(at, u.inner) || !e.visible(at) {
			continue
		}
		w := list.add(fmt.Sprint(u.buf.Name, " ", at.Key()), view{kind: stretch, buf: u.buf, at: u.address, poly: at, over: v, step: s.Step}, u)
		if w.uses == 1 {
			w.lo, w.hi = offset, offset+u.width
		}
		w.lo, w.hi = min(w.lo, offset), max(w.hi, offset+u.width)
	}
	var kept []*wish
	for _, w := range list.list {
		if w.hi-w.lo != s.Step {
			continue
		}
		w.poly.Const = w.lo
		w.long = s.Hi
		if s.Step > 1 {
			last := ir.Facts(nil).Simplify(ir.Plus(s.Hi, ir.Int(s.Step-1)))
			w.long = ir.Times(ir.Quo(last, ir.Int(s.Step)), ir.Int(s.Step))
		}
		kept = append(kept, w)
	}
	if len(kept) == 0 || !anyLoad(all) {
		return nil
	}
	return append(kept, byKind(e.along(s, kept))...)
}

// along are the other views of the loop that are known before it, which runs at least once.
func (e *emitter) along(s *ir.For, kept []*wish) []*wish {
	w := walk{e: e, must: true, loops: []*ir.For{s}, inner: map[ir.Var]bool{ir.Var(s.Var): true}}
	w.block(s.Body)
	list := newWishes()
	for _, u := range w.found {
		if e.lacks(u) && !stretched(kept, u) {
			e.wishElement(list, u)
		}
	}
	var more []*wish
	for _, p := range e.keep(list.list, s.Body) {
		if p.hoisted {
			more = append(more, p)
		}
	}
	return more
}

func stretched(kept []*wish, u use) bool {
	for _, w := range kept {
		if w.buf.Name == u.buf.Name {
			k := sub(sub(u.poly, w.poly), ir.PolyOf(w.over))
			if k.IsConst() && k.Const >= 0 && k.Const+u.width <= w.step {
				return true
			}
		}
	}
	return false
}

func anyLoad(all []use) bool {
	for _, u := range all {
		if u.buf.Role == ir.In {
			return true
		}
	}
	return false
}
