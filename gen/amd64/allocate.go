package goasm

import (
	"fmt"
	"strings"

	avo "github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/reg"

	"github.com/pyragen/pyragen/schedule"
)

// compile runs avo's passes, with registers dealt out by the target's rules.
func compile(file *avo.File, targets map[string]schedule.Target) error {
	return pass.Concat(
		pass.Verify,
		pass.FunctionPass(pass.PruneJumpToFollowingLabel),
		pass.FunctionPass(pass.PruneDanglingLabels),
		pass.FunctionPass(pass.LabelTarget),
		pass.FunctionPass(pass.CFG),
		pass.InstructionPass(pass.ZeroExtend32BitOutputs),
		pass.FunctionPass(pass.Liveness),
		pass.FunctionPass(func(fn *avo.Function) error { return allocate(fn, targets[fn.Name]) }),
		pass.FunctionPass(pass.BindRegisters),
		pass.FunctionPass(pass.VerifyAllocation),
		pass.Func(pass.IncludeTextFlagHeader),
		pass.FunctionPass(pass.PruneSelfMoves),
		pass.FunctionPass(pass.RequiredISAExtensions),
	).Execute(file)
}

// General registers that Go keeps for itself: the frame pointer, the goroutine and, in position-independent code, the GOT.
var reserved = map[reg.ID]bool{reg.RBP.ID(): true, reg.R14.ID(): true, reg.R15.ID(): true, reg.X15.ID(): true}

// allocate colours the interference graph of each kind of register. On AVX2 the vector registers from 16 on are not there; on
// AVX-512 they are, but not to instructions without an EVEX form.
func allocate(fn *avo.Function, target schedule.Target) error {
	allocators := map[reg.Kind]*pass.Allocator{}
	for _, i := range fn.Instructions() {
		for _, r := range i.Registers() {
			k := r.Kind()
			if allocators[k] == nil {
				a, err := pass.NewAllocator(allowed(k, target))
				if err != nil {
					return err
				}
				allocators[k] = a
			}
			allocators[k].Add(r.ID())
			if k == reg.KindVector && target.VectorBytes == 64 && vexOnly(i.Opcode) {
				for _, high := range highVectors() {
					allocators[k].AddInterference(r.ID(), high)
				}
			}
		}
	}
	for _, i := range fn.Instructions() {
		for _, d := range i.OutputRegisters() {
			out := i.LiveOut.OfKind(d.Kind())
			out.DiscardRegister(d)
			allocators[d.Kind()].AddInterferenceSet(d, out)
		}
	}
	fn.Allocation = reg.NewEmptyAllocation()
	for k, a := range allocators {
		got, err := a.Allocate()
		if err != nil {
			return fmt.Errorf("%s: out of %s registers: jam or unroll less (%v)", fn.Name, kindName(k), err)
		}
		if err := fn.Allocation.Merge(got); err != nil {
			return err
		}
	}
	return nil
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

func highVectors() []reg.ID {
	var out []reg.ID
	for _, r := range reg.FamilyOfKind(reg.KindVector).Registers() {
		if r.PhysicalIndex() >= 16 {
			out = append(out, r.ID())
		}
	}
	return out
}

// vexOnly reports whether an instruction has no EVEX form.
func vexOnly(opcode string) bool {
	for _, p := range []string{"VHADD", "VMASKMOV", "VEXTRACTF128", "VINSERTF128", "VPERM2F128", "VBLEND"} {
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
