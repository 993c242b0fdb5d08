package emulate

import "fmt"

// Features is what a CPU needs to run fn.
func (fn *Func) Features() Features {
	var all Features
	for i := range fn.Insts {
		all |= fn.Insts[i].Features
	}
	return all
}

// An ISAError is code that is legal but that its function must not have.
type ISAError struct {
	Func, Inst string
	PC         uint64
	Reason     string
}

func (e *ISAError) Error() string {
	return fmt.Sprintf("emulate: %s: %s at %#x %s", e.Func, e.Inst, e.PC, e.Reason)
}

// Check reports the first instruction of fn that needs more than the declared instruction sets, or the first RET that can be
// reached without VZEROUPPER right before it, in a function that writes YMM or ZMM registers. Errors are *ISAErrors.
func (fn *Func) Check(declared Features) error {
	for i := range fn.Insts {
		if in := &fn.Insts[i]; in.Features&^declared != 0 {
			return fn.refuse(in, fmt.Sprintf("needs %v, declared are %v", in.Features&^declared, declared))
		}
	}
	if !fn.wide() {
		return nil
	}
	targets := fn.targets()
	for i := range fn.Insts {
		if in := &fn.Insts[i]; in.Op == "RET" && !fn.cleans(i, targets) {
			return fn.refuse(in, "is not behind VZEROUPPER")
		}
	}
	return nil
}

func (fn *Func) refuse(in *Inst, reason string) error {
	return &ISAError{Func: fn.Name, Inst: in.String(), PC: in.Addr, Reason: reason}
}

// wide reports whether an instruction has an operand of more than 16 bytes of a vector register.
func (fn *Func) wide() bool {
	for i := range fn.Insts {
		for _, a := range fn.Insts[i].Args {
			if a.Kind == Vector && a.Size > 16 {
				return true
			}
		}
	}
	return false
}

// targets is the set of instructions that something jumps to.
func (fn *Func) targets() map[int]bool {
	set := map[int]bool{}
	for i := range fn.Insts {
		for _, a := range fn.Insts[i].Args {
			if a.Kind == Target {
				set[fn.Insts[i].target] = true
			}
		}
	}
	return set
}

// cleans reports whether VZEROUPPER comes before instruction ret on every way to it, with nothing but integer instructions of
// the same straight line in between (the epilogue of a function with a frame).
func (fn *Func) cleans(ret int, targets map[int]bool) bool {
	for i := ret; i >= 0; i-- {
		switch in := &fn.Insts[i]; {
		case in.Op == "VZEROUPPER" || in.Op == "VZEROALL":
			return true
		case targets[i] || in.Vector != 0 || in.Op == "JMP" || in.Op == "RET" && i != ret:
			return false
		}
	}
	return false
}
