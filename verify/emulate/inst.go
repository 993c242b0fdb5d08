package emulate

import (
	"fmt"
	"strings"
)

// An Inst is one decoded instruction. Operands are in the order of the Intel manual: destination first.
type Inst struct {
	Addr     uint64 // of its first byte
	Len      int    // bytes
	Op       string // mnemonic of the Intel manual, such as VFMADD231PS
	Args     []Operand
	Mem      Mem      // the memory operand, if an argument is one
	Mask     uint8    // mask register 1..7 that predicates the lanes; 0: every lane
	Zeroing  bool     // lanes that Mask leaves out become zero instead of keeping what they were
	Bcast    bool     // the memory operand is one element, repeated in every lane
	Vector   int      // vector length in bytes (16, 32, 64); 0: not a vector instruction
	Features Features // what the CPU needs to run this encoding
	form     *form
	osize    int // operand size in bytes of an integer instruction
	target   int // index of the branch's target in Func.Insts, filled in by Image.Func
}

// A Kind says what an operand is.
type Kind uint8

const (
	GPR       Kind = iota + 1 // general register Reg, Size bytes of it
	Vector                    // vector register Reg, Size bytes of it
	MaskReg                   // mask register Reg
	Memory                    // Size bytes at Inst.Mem (elements that are broadcast: Size of one)
	Immediate                 // Imm
	Target                    // Imm: address that the instruction jumps to
)

// An Operand is a register, memory, a constant or a jump target.
type Operand struct {
	Kind Kind
	Reg  uint8
	Size int
	Imm  int64
}

// Mem is the address Base + Index*Scale + Disp; registers are -1 where there is none.
type Mem struct {
	Base, Index int8
	Scale       uint8
	Disp        int64
	RIP         bool // Disp is relative to the next instruction
}

var gprNames = [16]string{"AX", "CX", "DX", "BX", "SP", "BP", "SI", "DI", "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15"}

func (m Mem) String() string {
	var terms []string
	if m.RIP {
		terms = append(terms, "IP")
	}
	if m.Base >= 0 {
		terms = append(terms, gprNames[m.Base])
	}
	if m.Index >= 0 {
		terms = append(terms, fmt.Sprintf("%s*%d", gprNames[m.Index], m.Scale))
	}
	if m.Disp != 0 || len(terms) == 0 {
		terms = append(terms, fmt.Sprintf("%#x", m.Disp))
	}
	return "[" + strings.ReplaceAll(strings.Join(terms, "+"), "+-", "-") + "]"
}

// text is the operand as the manual writes it; broadcasts name the number of lanes.
func (o Operand) text(in *Inst) string {
	switch o.Kind {
	case GPR:
		return fmt.Sprintf("%s%s", gprNames[o.Reg], map[int]string{1: "b", 2: "w", 4: "d"}[o.Size])
	case Vector:
		return fmt.Sprintf("%c%d", map[int]byte{16: 'X', 32: 'Y', 64: 'Z'}[max(o.Size, 16)], o.Reg)
	case MaskReg:
		return fmt.Sprintf("K%d", o.Reg)
	case Memory:
		if in.Bcast {
			return fmt.Sprintf("%v{1to%d}", in.Mem, in.Vector/o.Size)
		}
		return in.Mem.String()
	}
	return fmt.Sprintf("%#x", o.Imm)
}

// String is the instruction in the order of the Intel manual with Go's register names.
func (in *Inst) String() string {
	var b strings.Builder
	b.WriteString(in.Op)
	separator := " "
	for i, o := range in.Args {
		b.WriteString(separator + o.text(in))
		separator = ", "
		if i == 0 && in.Mask != 0 {
			fmt.Fprintf(&b, "{K%d}", in.Mask)
			if in.Zeroing {
				b.WriteString("{z}")
			}
		}
	}
	return b.String()
}
