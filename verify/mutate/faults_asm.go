package mutate

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// instruction is a fault in an instruction of the kernels.
func instruction(name, doc string, kind Kind, change func(place) string) Fault {
	return Fault{Name: name, Doc: doc, Kind: kind, Targets: []string{"avx2", "avx512"}, source: inLines("_amd64.s", func(p place) string {
		if p.loads {
			return p.line(0)
		}
		return change(p)
	})}
}

func instructionFaults() []Fault {
	return []Fault{
		instruction("missing-zero", "a vector register is not cleared before it is added to", Value,
			edited(`^\tVXORP[SD]\s+(\w+), (\w+), (\w+)$`, func(p place, groups []string) string {
				if !sum.MatchString(p.line(1)) {
					return groups[0]
				}
				return unlessEqual(p, groups)
			})),
		instruction("missing-index-zero", "an index is not cleared before a loop", Memory,
			edited(`^\tXORL\s+(\w+), (\w+)$`, func(p place, groups []string) string {
				if !p.indexes(groups[1]) {
					return groups[0]
				}
				return unlessEqual(p, groups)
			})),
		instruction("fma-form", "the sum and a factor of an FMA change places", Value, replaced(`VFMADD231(P[SD])`, "VFMADD213$1")),
		instruction("aligned-move", "a vector of an operand is moved as if it were aligned", Memory,
			notFilling(replaced(`VMOVUP([SD].*\((?:[A-DS][XI]|DI|R\d+)\))`, "VMOVAP$1"))),
		instruction("wrong-half", "the lower half of a vector is added to itself", Value, replaced(`(VEXTRACTF\S+\s+)\$0x01`, "$1$$0x00")),
		instruction("wrong-extract", "another lane of a vector is stored", Value, replaced(`(VEXTRACTPS\s+)\$0x0[1-3]`, "$1$$0x00")),
		instruction("wrong-predicate", "a comparison has the opposite result", Value,
			edited(`(VCMPP\S+\s+)\$0x(..)`, func(_ place, groups []string) string {
				predicate, _ := strconv.ParseUint(groups[2], 16, 8)
				return fmt.Sprintf("%s$0x%02x", groups[1], predicate^4)
			})),
		instruction("swapped-halves", "the operands of a horizontal sum are swapped", Value,
			edited(`(VHADDP[SD]\s+)(\w+), (\w+)`, func(_ place, groups []string) string { return groups[1] + groups[3] + ", " + groups[2] })),
		instruction("wrong-accumulator", "a product is added to another sum", Value,
			edited(`^(\tVFMADD231P[SD].*, [YZ])(\d+)$`, func(_ place, groups []string) string {
				register, _ := strconv.Atoi(groups[2])
				return groups[1] + strconv.Itoa(register^1)
			})),
		sums(instruction("guard-lost", "a loop over slots runs once where it should not run", Value, replaced(`^\tJ(LE|GE)\s+[cju]\d*_end.*`, ""))),
		instruction("wrong-spill", "what was kept in the frame is loaded from the next place", Value,
			edited(`(MOVQ\s+)(\d*)(\(SP\), )`, func(p place, groups []string) string {
				at, _ := strconv.Atoi("0" + groups[2])
				if at+16 > p.frame {
					return groups[0]
				}
				return fmt.Sprintf("%s%d%s", groups[1], at+8, groups[3])
			})),
	}
}

// notFilling leaves out what fills empty slots, a vector at a time: there may never be as many.
func notFilling(change func(place) string) func(place) string {
	return func(p place) string {
		if filled.MatchString(p.line(-1) + "\n" + p.line(0)) {
			return p.line(0)
		}
		return change(p)
	}
}

var (
	filled = regexp.MustCompile(`\t(VBROADCASTS.\s+padding.*|VXORP.*)\n\tVMOVUP.*\)`) // the store of a vector of padding or zeros
	sum    = regexp.MustCompile(`^(\tVXORP.*)?$`)                                     // behind a cleared sum: another one, or the loop
)

// sums leaves a fault to the ops that sum over slots: what others store once too often is overwritten by what belongs there.
func sums(f Fault) Fault {
	f.Ops = []string{"context", "reverse"}
	return f
}

// indexes reports whether the loop that begins has the register in an address. One that runs once may only count with it.
func (p place) indexes(register string) bool {
	for i := 1; p.at+i < len(p.lines) && !strings.HasPrefix(p.line(i), "\tJLT"); i++ {
		if strings.Contains(p.line(i), "("+register+"*") {
			return true
		}
	}
	return false
}

// unlessEqual drops an instruction whose operands are all the same register.
func unlessEqual(_ place, groups []string) string {
	for _, register := range groups[2:] {
		if register != groups[1] {
			return groups[0]
		}
	}
	return ""
}

func offsetFaults() []Fault {
	return []Fault{
		instruction("32-bit-product", "a row is multiplied in 32 bits", Memory, func(p place) string {
			if !p.multipliesRow(0) {
				return p.line(0)
			}
			return strings.Replace(p.line(0), "IMULQ", "IMULL", 1)
		}),
		instruction("32-bit-shift", "a row is multiplied by a power of two in 32 bits", Memory, func(p place) string {
			if !p.multipliesRow(-1) {
				return p.line(0)
			}
			return strings.Replace(p.line(0), "SHLQ", "SHLL", 1)
		}),
		instruction("32-bit-pointer", "the address of an operand is added in 32 bits", Memory,
			edited(`ADDQ(\s+(\w+)\+(\d+)\(FP\))`, func(_ place, groups []string) string {
				if integer.MatchString(groups[2]) {
					return groups[0]
				}
				return "ADDL" + groups[1]
			})),
	}
}

// multipliesRow reports whether the line that is so many further down multiplies the number of a row.
func (p place) multipliesRow(further int) bool {
	at := p.line(further)
	return rowFactor.MatchString(at) || strings.HasPrefix(at, "\tIMULQ") && rowLoad.MatchString(p.line(further-1))
}

var (
	rowFactor = regexp.MustCompile(`^\tIMULQ\s+row\d*\+`)
	rowLoad   = regexp.MustCompile(`^\tMOVQ\s+row\d*\+`)
	integer   = regexp.MustCompile(`^(row|heads|slots|n|last|[a-z]\d?(Lo|Hi)|rest|\w*Stride)\d*$`)
)

func abiFaults() []Fault {
	beforeReturn := func(name, doc string, instructions ...string) Fault {
		return instruction(name, doc, ABI, edited(`^\tRET$`, func(place, []string) string {
			return "\t" + strings.Join(append(instructions, "RET"), "\n\t")
		}))
	}
	return []Fault{
		instruction("no-vzeroupper", "a function returns without VZEROUPPER", ABI, func(p place) string {
			if p.wide {
				return replaced(`^\tVZEROUPPER$`, "")(p)
			}
			return p.line(0)
		}),
		beforeReturn("clobbered-g", "R14, where Go has the goroutine, is changed", "XORL R14, R14"),
		beforeReturn("clobbered-r15", "R15, which position-independent code relies on, is changed", "INCQ R15"),
		beforeReturn("clobbered-x15", "X15, which Go takes to be zero, is changed", "VPCMPEQD X15, X15, X15"),
		beforeReturn("direction", "the direction flag stays set", "STD"),
		beforeReturn("rounding", "the rounding mode of MXCSR stays changed", "MOVL $0x7f80, AX", "PUSHQ AX", "LDMXCSR (SP)", "POPQ AX"),
	}
}
