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
