package goasm

import (
	"slices"

	avo "github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// liveness knows which registers hold a value that is read later: the classic analysis, in[b] = reads[b] + (out[b] - writes[b]) where
// out[b] is the union of in[] over the blocks that may follow. It keeps one set a block, of parts of registers; avo's own pass, of the
// same result, keeps two maps an instruction.
type liveness struct {
	code   []effect // of the instructions, in order
	blocks []run
	ids    []reg.ID // of the registers, by the number that they have here
	across []int    // registers that may be live before a block, ascending; most are not
}

// effect is what an instruction does to registers.
type effect struct{ writes, reads []part }

// part is a register, and which of its bytes are meant: see [reg.Register.Mask].
type part struct {
	register int
	mask     uint16
}

// run is a block: the instructions from first to before end, with jumps to the first and from the last alone.
type run struct {
	first, end int
	next       []int    // blocks that may follow
	in         []uint16 // what is live before it: the bytes of the registers across blocks
}

// livenessOf analyses a function whose control flow is known.
func livenessOf(fn *avo.Function) *liveness {
	l := &liveness{}
	code := instructions(fn)
	l.number(code)
	l.split(code, fn.LabelTarget)
	l.cross()
	live := make([]uint16, len(l.ids))
	for changed := true; changed; {
		changed = false
		for at := len(l.blocks) - 1; at >= 0; at-- {
			b := &l.blocks[at]
			l.out(b, live)
			for k := b.end - 1; k >= b.first; k-- {
				l.code[k].before(live)
			}
			for i, n := range l.across {
				changed = changed || live[n] != b.in[i]
				b.in[i] = live[n]
			}
		}
	}
	return l
}

// number gives the registers their numbers, in the order in which they come up.
func (l *liveness) number(code []*avo.Instruction) {
	numbers := map[reg.ID]int{}
	all := make([]part, 0, 4*len(code))
	add := func(r reg.Register) {
		if r == nil { // of an address without index
			return
		}
		id := r.ID()
		n, known := numbers[id]
		if !known {
			n = len(l.ids)
			numbers[id] = n
			l.ids = append(l.ids, id)
		}
		all = append(all, part{n, r.Mask()})
	}
	l.code = make([]effect, 0, len(code))
	for _, i := range code {
		from := len(all)
		for _, op := range i.Outputs {
			if r, ok := op.(reg.Register); ok {
				add(r)
			}
		}
		written := len(all)
		inputs := i.Inputs
		if i.CancellingInputs && inputs[0] == inputs[1] { // the result is the same whatever is in them
			inputs = nil
		}
		for _, op := range inputs {
			switch op := op.(type) {
			case reg.Register:
				add(op)
			case operand.Mem:
				add(op.Base)
				add(op.Index)
			}
		}
		for _, op := range i.Outputs {
			if m, ok := op.(operand.Mem); ok {
				add(m.Base)
				add(m.Index)
			}
		}
		l.code = append(l.code, effect{all[from:written:written], all[written:len(all):len(all)]})
	}
}

// split finds the blocks.
func (l *liveness) split(code []*avo.Instruction, labels map[avo.Label]*avo.Instruction) {
	begins := map[*avo.Instruction]int{} // the block that begins there
	for _, i := range labels {
		begins[i] = -1
	}
	for k, i := range code {
		if _, label := begins[i]; label || k == 0 || code[k-1].IsBranch || code[k-1].IsTerminal {
			begins[i] = len(l.blocks)
			l.blocks = append(l.blocks, run{first: k})
		}
		l.blocks[len(l.blocks)-1].end = k + 1
	}
	for at := range l.blocks {
		b := &l.blocks[at]
		for _, i := range code[b.end-1].Succ {
			if i != nil { // the end of the function
				b.next = append(b.next, begins[i])
			}
		}
	}
}

// cross finds the registers of which a block reads what it has not written.
func (l *liveness) cross() {
	written, found := make([]uint16, len(l.ids)), make([]bool, len(l.ids))
	for _, b := range l.blocks {
		for _, e := range l.code[b.first:b.end] {
			for _, r := range e.reads {
				if !found[r.register] && r.mask&^written[r.register] != 0 {
					found[r.register] = true
					l.across = append(l.across, r.register)
				}
			}
			for _, w := range e.writes {
				written[w.register] |= w.mask
			}
		}
		for _, e := range l.code[b.first:b.end] {
			for _, w := range e.writes {
				written[w.register] = 0
			}
		}
	}
	slices.Sort(l.across)
	for at := range l.blocks {
		l.blocks[at].in = make([]uint16, len(l.across))
	}
}

// out sets live to what is live after a block. Between blocks only registers across them are live: live has nothing of others to clear.
func (l *liveness) out(b *run, live []uint16) {
	for i, n := range l.across {
		live[n] = 0
		for _, next := range b.next {
			live[n] |= l.blocks[next].in[i]
		}
	}
}

// updates reports whether an instruction writes one register and reads all that it writes: what is live beside it was so before.
func (e effect) updates() bool {
	return len(e.writes) == 1 && slices.ContainsFunc(e.reads, func(r part) bool {
		return r.register == e.writes[0].register && r.mask&e.writes[0].mask == e.writes[0].mask
	})
}

// before makes what is live after an instruction what is live before it.
func (e effect) before(live []uint16) {
	for _, w := range e.writes {
		live[w.register] &^= w.mask
	}
	for _, r := range e.reads {
		live[r.register] |= r.mask
	}
}

// each tells of every instruction, the last one first, and of the registers of which something is live after it: their numbers, in any
// order, and what of them is live.
func (l *liveness) each(f func(k int, registers []int, live []uint16)) {
	live := make([]uint16, len(l.ids))
	var registers []int
	for at := range l.blocks {
		b := &l.blocks[at]
		l.out(b, live)
		registers = registers[:0]
		for _, n := range l.across {
			if live[n] != 0 {
				registers = append(registers, n)
			}
		}
		for k := b.end - 1; k >= b.first; k-- {
			f(k, registers, live)
			for _, r := range l.code[k].reads {
				if !slices.Contains(registers, r.register) {
					registers = append(registers, r.register)
				}
			}
			l.code[k].before(live)
			registers = slices.DeleteFunc(registers, func(n int) bool { return live[n] == 0 })
		}
	}
}
