package goasm

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	avo "github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/reg"

	"github.com/pyragen/pyragen/schedule"
)

// assign runs avo's passes over a function, with registers dealt out by the target's rules.
func assign(fn *avo.Function, target schedule.Target) error {
	file := avo.NewFile()
	file.AddSection(fn)
	return pass.Concat(
		pass.FunctionPass(pass.PruneJumpToFollowingLabel),
		pass.FunctionPass(pass.PruneDanglingLabels),
		pass.FunctionPass(pass.LabelTarget),
		pass.FunctionPass(pass.CFG),
		pass.InstructionPass(func(i *avo.Instruction) error {
			blendReads(i)
			return cmp.Or(pass.VerifyMemOperands(i), pass.ZeroExtend32BitOutputs(i))
		}),
		pass.FunctionPass(func(fn *avo.Function) error { return allocate(fn, target) }),
		pass.FunctionPass(bind),
		pass.FunctionPass(pass.PruneSelfMoves),
		pass.FunctionPass(pass.RequiredISAExtensions),
	).Execute(file)
}

// blendReads says what a blend by a mask reads: two sources and the mask. avo takes it for a merge into the destination, which would
// then have to hold something from the beginning of the function on.
func blendReads(i *avo.Instruction) {
	if strings.HasPrefix(i.Opcode, "VBLENDM") {
		i.Inputs = i.Operands[:len(i.Operands)-1]
	}
}

// outOfRegisters says that a function needs more registers of a kind at once than there are.
type outOfRegisters struct {
	kind        reg.Kind
	needs, have int
	target      string
}

func (e *outOfRegisters) Error() string {
	return fmt.Sprintf("needs %d %s registers at once, %s has %d; jam or unroll less", e.needs, kindName(e.kind), e.target, e.have)
}

// pressure is the largest number of registers of a kind that are live at once, with those that are written and never read.
func (l *liveness) pressure(kind reg.Kind) int {
	most := 0
	l.each(func(k int, registers []int, live []uint16) {
		count := 0
		for _, n := range registers {
			if l.ids[n].Kind() == kind {
				count++
			}
		}
		for _, w := range l.code[k].writes {
			if l.ids[w.register].Kind() == kind && live[w.register] == 0 {
				count++
			}
		}
		most = max(most, count)
	})
	return most
}

// General registers that Go keeps for itself: the frame pointer, the goroutine and, in position-independent code, the GOT.
var reserved = map[reg.ID]bool{reg.RBP.ID(): true, reg.R14.ID(): true, reg.R15.ID(): true, reg.X15.ID(): true}

// allocate colours the interference graph of each kind of register. On AVX2 the vector registers from 16 on are not there; on
// AVX-512 they are, but not to instructions without an EVEX form.
func allocate(fn *avo.Function, target schedule.Target) error {
	l := livenessOf(fn)
	colourings := map[reg.Kind]*colouring{}
	of, at := make([]*colouring, len(l.ids)), make([]int, len(l.ids)) // each register's, and its place there
	for n, id := range l.ids {
		k := id.Kind()
		if colourings[k] == nil {
			colourings[k] = newColouring(allowed(k, target))
		}
		of[n], at[n] = colourings[k], colourings[k].add(id)
	}
	if vectors := colourings[reg.KindVector]; vectors != nil && target.VectorBytes == 64 {
		for k, i := range instructions(fn) {
			if vexOnly(i.Opcode) {
				for _, p := range slices.Concat(l.code[k].writes, l.code[k].reads) {
					if of[p.register] == vectors {
						vectors.keepLow(at[p.register])
					}
				}
			}
		}
	}
	l.each(func(k int, registers []int, live []uint16) {
		e := l.code[k]
		if e.updates() {
			return
		}
		for _, w := range e.writes {
			for _, n := range registers {
				if n != w.register && of[n] == of[w.register] && live[n]&w.mask != 0 {
					of[n].interfere(at[w.register], at[n])
				}
			}
		}
	})
	fn.Allocation = reg.NewEmptyAllocation()
	for _, k := range []reg.Kind{reg.KindPseudo, reg.KindGP, reg.KindVector, reg.KindOpmask} {
		c := colourings[k]
		if c == nil {
			continue
		}
		got, ok := c.allocation()
		if !ok {
			// The colouring may fail where one register more than is live at once would do.
			have := len(distinct(allowed(k, target)))
			return &outOfRegisters{k, max(l.pressure(k), have+1), have, target.Name}
		}
		if err := fn.Allocation.Merge(got); err != nil {
			return err
		}
	}
	return nil
}

// bind puts the registers that were dealt out in the places of virtual ones, in the operands, which alone are read from then on. Avo's
// pass looks every occurrence up in the list of all registers.
func bind(fn *avo.Function) (err error) {
	type key struct { // faster to look up than what it stands for
		id   reg.ID
		mask uint16
	}
	dealt := map[key]reg.Register{}
	of := func(r reg.Register) reg.Register {
		if r == nil || !r.ID().IsVirtual() {
			return r
		}
		k := key{r.ID(), r.Mask()}
		p, known := dealt[k]
		if !known {
			p = fn.Allocation.LookupRegisterDefault(r)
			dealt[k] = p
			if reg.ToPhysical(p) == nil {
				err = fmt.Errorf("internal error: register %s was not dealt out", r.Asm())
			}
		}
		return p
	}
	for _, i := range instructions(fn) {
		for k, op := range i.Operands {
			switch op := op.(type) {
			case reg.Register:
				i.Operands[k] = of(op)
			case operand.Mem:
				op.Base, op.Index = of(op.Base), of(op.Index)
				i.Operands[k] = op
			}
		}
	}
	return err
}

// allowed lists the registers of a kind that a kernel may use.
func allowed(k reg.Kind, target schedule.Target) []reg.Physical {
	var out []reg.Physical
	for _, r := range reg.FamilyOfKind(k).Registers() {
		high := k == reg.KindVector && r.PhysicalIndex() >= 16
		if !reserved[r.ID()] && !(high && target.VectorBytes < 64) {
			out = append(out, r)
		}
	}
	return out
}

// distinct counts a register once, whatever its widths.
func distinct(rs []reg.Physical) map[reg.ID]bool {
	ids := map[reg.ID]bool{}
	for _, r := range rs {
		if r.Info()&reg.Restricted == 0 {
			ids[r.ID()] = true
		}
	}
	return ids
}

// vexOnly reports whether an instruction has no EVEX form.
func vexOnly(opcode string) bool {
	for _, p := range []string{"VHADD", "VMASKMOV", "VEXTRACTF128", "VEXTRACTI128", "VINSERTF128", "VPERM2F128", "VBLENDP", "VBLENDV"} {
		if strings.HasPrefix(opcode, p) {
			return true
		}
	}
	return false
}

func kindName(k reg.Kind) string {
	switch k {
	case reg.KindVector:
		return "vector"
	case reg.KindOpmask:
		return "mask"
	}
	return "general"
}
