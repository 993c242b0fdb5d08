package goasm

import (
	"fmt"
	"strings"

	"github.com/mmcloughlin/avo/operand"

	"github.com/pyragen/pyragen/ir"
)

// loop writes a loop: its variable counts up to the bound, in a register where it indexes memory or where no loop is inside, else
// on the stack; streams move along at the end of the body.
func (e *emitter) loop(l *ir.For) {
	s := e.scopes[l]
	begin, end := e.label(l.Var), e.label(l.Var+"_end")
	e.ctx.Comment(loopText(l))
	hi, own := e.bound(l.Hi)
	e.skipEmpty(l, hi, end)
	s.variable = e.counter(s)
	e.vars[l.Var] = s.variable
	e.startStreams(s)
	e.unload()
	if s.innermost && !e.frugal {
		for _, t := range s.uses[:min(len(s.uses), e.pointers)] {
			if t.scope != s || !t.still { // what the body computes is not there yet
				e.pointerIn(s, t)
			}
		}
		for _, name := range s.offsets {
			e.offsetRegister(name)
		}
	}

	holds := e.holdUpperHalf(l.Body, e.loopNeeds[l])
	e.ctx.Label(begin)
	around := e.scope
	e.scope = s
	e.block(l.Body)
	e.scope = around

	for _, t := range s.streams {
		if t.base == nil {
			e.advance(t.home, e.amount(e.step(t, s)))
		}
	}
	e.advance(s.variable, imm32(l.Step))
	e.compare(s.variable, hi)
	e.ctx.JLT(operand.LabelRef(begin))
	e.ctx.Label(end)
	if holds {
		e.halvesMask = nil
	}
	e.finish(s)
	if own {
		e.release(hi)
	}
	// Pointers that were in registers before are loaded again, so that they do not take registers from the loop.
	e.unload()
}

// loopText is a loop's head for the reader.
func loopText(l *ir.For) string {
	text := fmt.Sprintf("for %s in %s..%s", l.Var, ir.FormatIndex(l.Lo), ir.FormatIndex(l.Hi))
	if l.Step != 1 {
		text += fmt.Sprintf(" step %d", l.Step)
	}
	if l.Note != "" {
		text += ": " + oneLine(l.Note)
	}
	return text
}

// oneLine makes a note fit for a comment.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// finish gives back what a loop had on the stack.
func (e *emitter) finish(s *scope) {
	for _, t := range s.streams {
		if !t.runs && t.base == nil {
			e.release(t.home)
		}
	}
	for _, t := range s.running {
		e.release(t.home)
	}
	for _, o := range s.apart {
		e.release(e.vars[o.name])
	}
	e.release(s.variable)
}

// bound is a loop's upper bound as an operand that lasts: a constant, an argument or a stack slot of its own.
func (e *emitter) bound(hi ir.Index) (op operand.Op, own bool) {
	switch x := hi.(type) {
	case ir.Int:
		if int64(int32(x)) == int64(x) {
			return imm32(int64(x)), false
		}
	case ir.Var:
		if m, ok := e.vars[string(x)].(operand.Mem); ok {
			return m, false
		}
	}
	slot := e.slot()
	e.ctx.MOVQ(e.integer(hi), slot)
	return slot, true
}

// skipEmpty jumps over a loop that may not run at all.
func (e *emitter) skipEmpty(l *ir.For, hi operand.Op, end string) {
	lo, ok1 := l.Lo.(ir.Int)
	top, ok2 := l.Hi.(ir.Int)
	if ok1 && ok2 && lo < top {
		return
	}
	if m, ok := hi.(operand.Mem); ok && ok1 && int64(int32(lo)) == int64(lo) {
		e.ctx.CMPQ(m, imm32(int64(lo)))
		e.ctx.JLE(operand.LabelRef(end))
		return
	}
	e.ctx.CMPQ(e.integer(l.Lo), hi)
	e.ctx.JGE(operand.LabelRef(end))
}

// counter starts the loop's variable.
func (e *emitter) counter(s *scope) operand.Op {
	lo, ok := s.loop.Lo.(ir.Int)
	if inRegister := s.index || s.innermost; !inRegister && ok && int64(int32(lo)) == int64(lo) {
		slot := e.slot()
		e.ctx.MOVQ(imm32(int64(lo)), slot)
		return slot
	} else if inRegister {
		return e.integer(s.loop.Lo)
	}
	slot := e.slot()
	e.ctx.MOVQ(e.integer(s.loop.Lo), slot)
	return slot
}

// advance adds to a register or a stack slot.
func (e *emitter) advance(home, by operand.Op) {
	_, onStack := home.(operand.Mem)
	if m, ok := by.(operand.Mem); ok && onStack {
		r := e.ctx.GP64()
		e.ctx.MOVQ(m, r)
		by = r
	}
	e.ctx.ADDQ(by, home)
}

// compare compares the variable with its bound; at most one of them may be in memory.
func (e *emitter) compare(v, hi operand.Op) {
	_, a := v.(operand.Mem)
	_, b := hi.(operand.Mem)
	if a && b {
		r := e.ctx.GP64()
		e.ctx.MOVQ(v, r)
		v = r
	}
	e.ctx.CMPQ(v, hi)
}
