package emulate

import (
	"slices"
	"strings"
)

// Untried lists the forms of the instruction tables that no instruction of fns has.
func Untried(fns []*Func) []string {
	name := func(f *form) string {
		if strings.Contains(f.args, "Z") { // a register in the opcode byte: any of the eight will do
			return f.op + " " + f.args
		}
		return f.op + " " + f.args + " (" + f.enc + ")"
	}
	tried := map[string]bool{}
	for _, fn := range fns {
		for i := range fn.Insts {
			tried[name(fn.Insts[i].form)] = true
		}
	}
	var names []string
	for _, list := range forms() {
		for _, f := range list {
			if !tried[name(f)] {
				names = append(names, name(f))
			}
		}
	}
	slices.Sort(names)
	return names
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
