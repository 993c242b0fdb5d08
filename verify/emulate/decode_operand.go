package emulate

import "fmt"

// operands turns the letters of the form into operands and reads the immediates.
func (d *decoder) operands(f *form) error {
	usesV := false
	for _, kind := range f.kinds {
		o, err := d.operand(f, kind)
		if err != nil {
			return fmt.Errorf("%s: %w", f.op, err)
		}
		usesV = usesV || kind[0] == 'H' || kind[0] == 'B' || kind[0] == 'k'
		d.in.Args = append(d.in.Args, o)
	}
	if d.key.enc != 'L' && !usesV && d.v != 0 {
		return fmt.Errorf("%s: vvvv names register %d though it is unused", f.op, d.v)
	}
	d.in.Len = d.pos
	for i := range d.in.Args {
		if d.in.Args[i].Kind == Target {
			d.in.Args[i].Imm += int64(d.in.Addr) + int64(d.in.Len)
		}
	}
	return nil
}

func (d *decoder) operand(f *form, kind string) (Operand, error) {
	switch kind[0] {
	case 'V':
		return d.vectorOperand(kind, d.reg|d.r|d.r4), nil
	case 'H':
		return d.vectorOperand(kind, d.v), nil
	case 'L':
		imm, err := d.number(1)
		return d.vectorOperand(kind, byte(imm)>>4), err
	case 'K':
		return Operand{Kind: MaskReg, Reg: d.reg}, nil
	case 'k':
		return Operand{Kind: MaskReg, Reg: d.v & 7}, nil
	case 'W', 'U', 'M', 'Q', 'q':
		if d.mod != 3 {
			size := f.mem.size(d.in.Vector, d.in.Bcast)
			if len(kind) > 1 && kind[0] == 'M' {
				size = d.size(kind)
			}
			return Operand{Kind: Memory, Size: size}, nil
		}
		if kind[0] == 'Q' || kind[0] == 'q' {
			return Operand{Kind: MaskReg, Reg: d.rm}, nil
		}
		return d.vectorOperand(kind, d.rm|d.b|d.x4), nil
	case 'J':
		imm, err := d.number(map[byte]int{'b': 1, 'z': 4}[kind[1]])
		return Operand{Kind: Target, Imm: imm}, err
	case 'I':
		imm, err := d.number(d.size(kind))
		return Operand{Kind: Immediate, Imm: imm, Size: d.size(kind)}, err
	case '1':
		return Operand{Kind: Immediate, Imm: 1, Size: 1}, nil
	}
	return d.generalOperand(kind)
}

// generalOperand is an integer register, or memory in place of one.
func (d *decoder) generalOperand(kind string) (Operand, error) {
	o := Operand{Kind: GPR, Size: d.size(kind)}
	switch kind[0] {
	case 'G':
		o.Reg = d.reg | d.r
	case 'E', 'R':
		o.Reg = d.rm | d.b
		if d.mod != 3 {
			return Operand{Kind: Memory, Size: o.Size}, nil
		}
	case 'B':
		o.Reg = d.v
	case 'Z':
		o.Reg = d.key.opcode&7 | d.b
	case 'A':
		o.Reg = 0
	case 'C':
		o.Reg = 1
	default:
		panic("emulate: " + d.candidates[0].op + ": unknown operand letter " + kind)
	}
	if o.Size == 1 && !d.rex && o.Reg >= 4 {
		return o, fmt.Errorf("AH, CH, DH and BH are not interpreted")
	}
	return o, nil
}

func (d *decoder) vectorOperand(kind string, reg byte) Operand {
	size := d.in.Vector
	switch kind[1:] {
	case "x":
		size = 16
	case "y":
		size = 32
	case "h":
		size = max(16, size/2)
	}
	return Operand{Kind: Vector, Reg: reg, Size: size}
}

// size is the number of bytes that a size letter stands for, with the prefixes at hand.
func (d *decoder) size(kind string) int {
	if len(kind) == 1 {
		return 0
	}
	switch kind[1] {
	case 'b':
		return 1
	case 'w':
		return 2
	case 'd':
		return 4
	case 'q':
		return 8
	case 'z':
		return min(4, d.in.osize)
	case 'y':
		return max(4, d.in.osize)
	}
	return d.in.osize
}
