package emulate

import (
	"fmt"
	"slices"
	"strings"
)

// Untried lists what the instruction tables offer and no instruction of fns is: a form with a register, with memory, with a
// broadcast element, with each vector length, with a mask.
func Untried(fns []*Func) []string {
	tried := map[string]bool{}
	for _, fn := range fns {
		for i := range fn.Insts {
			for _, way := range ways(&fn.Insts[i]) {
				tried[describe(fn.Insts[i].form, way)] = true
			}
		}
	}
	var missing []string
	for key, list := range forms() {
		for _, f := range list {
			for _, way := range offers(key, f) {
				if name := describe(f, way); !tried[name] {
					missing = append(missing, name)
				}
			}
		}
	}
	slices.Sort(missing)
	return slices.Compact(missing)
}

func describe(f *form, way string) string {
	if strings.Contains(f.args, "Z") { // a register in the opcode byte: any of the eight will do
		return fmt.Sprintf("%s %s %s", f.op, f.args, way)
	}
	return fmt.Sprintf("%s %s %s (%s)", f.op, f.args, way, f.enc)
}

// ways says how an instruction uses its form.
func ways(in *Inst) []string {
	list := []string{"at all", fmt.Sprintf("of %d bytes", in.Vector), "with a register"}
	for _, a := range in.Args {
		if a.Kind == Memory {
			list[2] = "with memory"
		}
	}
	if in.Bcast {
		list = append(list, "with broadcast")
	}
	if in.Mask != 0 {
		list = append(list, "with a mask")
	}
	return list
}

// offers lists the ways in which a form can be used.
func offers(key opcodeKey, f *form) []string {
	list := []string{"at all"}
	if f.rmReg {
		list = append(list, "with a register")
	}
	if f.rmMem {
		list = append(list, "with memory")
	}
	if key.enc == 'E' && f.mem.bcast != 0 {
		list = append(list, "with broadcast")
	}
	if key.enc == 'E' && !f.unmasked {
		list = append(list, "with a mask")
	}
	if f.lengths != anyLength && strings.ContainsAny(f.args, "VHWU") {
		for l := range 3 {
			if f.lengths>>l&1 == 1 {
				list = append(list, fmt.Sprintf("of %d bytes", 16<<l))
			}
		}
	}
	return list
}

// Clashes lists pairs of forms of the tables that the same bytes could mean.
func Clashes() []string {
	var clashes []string
	for key, list := range forms() {
		for i, a := range list {
			for _, b := range list[:i] {
				apart := a.w >= 0 && b.w >= 0 && a.w != b.w || a.digit >= 0 && b.digit >= 0 && a.digit != b.digit ||
					key.enc != 'L' && a.lengths&b.lengths == 0 ||
					a.modrm && !(a.rmMem && b.rmMem) && !((a.rmReg || !a.rmMem) && (b.rmReg || !b.rmMem))
				if !apart {
					clashes = append(clashes, a.op+" "+a.enc+" and "+b.op+" "+b.enc)
				}
				if a.modrm != b.modrm {
					clashes = append(clashes, a.op+" has a ModRM byte, "+b.op+" has none")
				}
			}
		}
	}
	return clashes
}
