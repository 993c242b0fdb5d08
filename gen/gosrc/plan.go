package gosrc

import (
	"fmt"
	"slices"

	"github.com/pyragen/pyragen/ir"
)

// maxWindow bounds the elements of a window, so that a type of the generated code stays small on every GOARCH.
const maxWindow = 1 << 16

// wish is a view that accesses of a block ask for.
type wish struct {
	view
	stmt    int  // before which it is declared
	uses    int  // accesses that would take it
	must    bool // one of them is executed whenever the block is
	hoisted bool // one that must be executed stands in a loop inside
	inner   bool // and in it are no more loops
	lo, hi  int64
	offsets map[int64]bool // window: first elements of the accesses right in the block
}

// wishes collects wishes, one a key, in the order in which they come up.
type wishes struct {
	of   map[string]*wish
	list []*wish
}

func newWishes() *wishes { return &wishes{of: map[string]*wish{}} }

func (w *wishes) add(k string, v view, u use) *wish {
	p, ok := w.of[k]
	if !ok {
		p = &wish{view: v, stmt: u.stmt, offsets: map[int64]bool{}}
		w.of[k] = p
		w.list = append(w.list, p)
	}
	p.uses++
	p.must = p.must || u.must
	p.hoisted = p.hoisted || u.must && len(u.loops) > 0
	p.inner = p.inner || u.must && len(u.loops) > 0 && !hasLoop(u.loops[len(u.loops)-1].Body)
	return p
}

// plan returns the views to declare in a block with these uses, each with the statement that it stands before. A view is declared in the outermost
// block in which its place is known and which is not left without an access to it, since slicing outside the tensor panics:
//   - an element of an input that is loaded again and again is loaded once;
//   - a row of constant length is taken as an array, whose subscripts the compiler can check against the loops;
//   - where rows are of any length, elements at constants from each other are taken as an array;
//   - a row of any length that is used more than once is sliced.
func (e *emitter) plan(body []ir.Stmt, all []use) []*wish {
	first := newWishes()
	for _, u := range all {
		if !e.lacks(u) {
			continue
		}
		e.wishElement(first, u)
	}
	kept := e.keep(first.list, body)
	if e.inLoop(body) {
		return byKind(kept) // a row of any length is sliced where more than one iteration has it
	}
	rows := newWishes()
	for _, u := range all {
		if !e.lacks(u) || covered(kept, u) {
			continue
		}
		length := rowLength(u.buf)
		if _, constant := length.(ir.Int); length != nil && !constant && e.outside(u.row, u.inner) {
			k := rowKey(u.address)
			rows.add(fmt.Sprint("row ", u.buf.Name, " ", k), view{kind: wholeRow, buf: u.buf, start: k, at: u.address}, u)
		}
	}
	for _, w := range rows.list {
		if w.must && w.uses > 1 {
			kept = append(kept, w)
		}
	}
	return byKind(kept)
}

// inLoop reports whether the block is the body of a loop without loops in it.
func (e *emitter) inLoop(body []ir.Stmt) bool { return e.loops > 0 && !hasLoop(body) }

// byKind has elements after rows and windows.
func byKind(list []*wish) []*wish {
	slices.SortStableFunc(list, func(a, b *wish) int { return int(b.kind) - int(a.kind) })
	return list
}

// lacks reports whether an access needs a view still and may have one in the block.
func (e *emitter) lacks(u use) bool {
	v, _ := e.find(u.address, u.width, u.load)
	return v == nil && !u.local[u.buf.Name]
}

// outside reports whether p is known outside of the blocks that bind the variables.
func (e *emitter) outside(p ir.Poly, inner map[ir.Var]bool) bool { return affine(p) && p.FreeOf(inner) }

// wishElement adds what an access asks for, rows of any length left out.
func (e *emitter) wishElement(w *wishes, u use) {
	if u.must && u.load && u.buf.Role == ir.In && len(u.loops) > 0 && e.outside(u.poly, u.inner) {
		w.add(fmt.Sprint("single ", u.buf.Name, " ", u.poly.Key()), view{kind: single, buf: u.buf, at: u.address, poly: u.poly}, u)
		return
	}
	if n, constant := rowLength(u.buf).(ir.Int); constant {
		if e.outside(u.row, u.inner) {
			k := rowKey(u.address)
			w.add(fmt.Sprint("row ", u.buf.Name, " ", k),
				view{kind: wholeRow, buf: u.buf, start: k, at: u.address, size: int64(n)}, u)
		}
		return
	}
	if !u.must {
		return
	}
	at, lo, hi, ok := widen(u)
	if !ok || !e.outside(at, u.inner) {
		return
	}
	p := w.add(fmt.Sprint("window ", u.buf.Name, " ", at.Key()), view{kind: window, buf: u.buf, at: u.address, poly: at}, u)
	if p.uses == 1 {
		p.lo, p.hi = lo, hi+u.width
	}
	p.lo, p.hi = min(p.lo, lo), max(p.hi, hi+u.width)
	if len(u.loops) == 0 {
		p.offsets[lo] = true
	}
}

// widen splits the number of an element in a part that the loops around the access do not change, and the range of the rest.
func widen(u use) (at ir.Poly, lo, hi int64, ok bool) {
	at = u.poly
	for _, s := range u.loops {
		r, constant := constantRange(s)
		coef, affine := at.Coef(ir.Var(s.Var))
		if !affine || !coef.IsConst() || coef.Const < 0 || !constant && coef.Const != 0 {
			return at, 0, 0, false
		}
		at = sub(at, ir.PolyOf(ir.Times(ir.Var(s.Var), ir.Int(coef.Const))))
		lo += coef.Const * r.lo
		hi += coef.Const * r.hi
	}
	lo, hi = lo+at.Const, hi+at.Const
	at.Const = 0
	return at, lo, hi, hi-lo < maxWindow
}

// keep returns the wishes worth a declaration, windows with their place.
func (e *emitter) keep(list []*wish, body []ir.Stmt) []*wish {
	var kept []*wish
	for _, w := range list {
		switch w.kind {
		case single:
		case wholeRow:
			if !w.must || w.uses < 2 && !w.hoisted {
				continue
			}
		case window:
			w.poly.Const, w.size = w.lo, w.hi-w.lo
			if w.size == 1 && w.uses > 1 && w.buf.Role == ir.In && e.inLoop(body) {
				w.kind, w.size = single, 0
				break
			}
			if w.size > maxWindow || w.size < 2 || !w.inner && (!e.inLoop(body) || len(w.offsets) < 2) {
				continue
			}
		}
		kept = append(kept, w)
	}
	return kept
}

// covered reports whether one of the views has the access.
func covered(kept []*wish, u use) bool {
	for _, w := range kept {
		if w.buf.Name != u.buf.Name {
			continue
		}
		switch w.kind {
		case single:
			if d := sub(u.poly, w.poly); d.IsConst() && d.Const == 0 {
				return true
			}
		case window:
			if at, _, _, ok := widen(u); ok && u.must && sub(at, w.poly).IsConst() {
				return true
			}
		}
	}
	return false
}
