package emulate

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// exec carries an instruction out. The machine's next instruction is already set; branches change it.
type exec func(*Machine, *Inst) error

// A form is one line of the instruction tables: an encoding, what its fields mean and what the instruction does.
type form struct {
	op string // mnemonic; three with slashes between are those for operands of 2, 4 and 8 bytes
	// enc is the manual's notation with all legal vector lengths in one line: "EVEX.128.256.512.66.0F38.W0 2C", followed by /n
	// where modrm.reg is part of the opcode. Legacy encodings are "LEG 01", "LEG.0F AF", "LEG.F3.0F B8".
	enc string
	// args are the operands, destination first: letters of the manual's opcode map.
	//
	//	V vector in modrm.reg   H vector in vvvv    W vector or memory in modrm.rm   U vector only   M memory only
	//	L vector in imm8[7:4]   K, k, Q, q mask in modrm.reg, vvvv, modrm.rm or memory, modrm.rm only
	//	G register in modrm.reg E register or memory in modrm.rm   R register only   B register in vvvv   Z in the opcode
	//	I immediate             J jump target       A the accumulator                C register CL        1 the constant one
	//
	// A vector's letter is followed by x or y if it is not as wide as the instruction says, by h if it is half as wide.
	// A register's or immediate's letter is followed by its size: b, w, d, q, v (operand size), z (at most 32 bits), y (32 or 64).
	args string
	mem  tuple
	feat Features
	run  exec

	unmasked bool // EVEX.aaa must be zero

	lengths lengths
	w       int8 // -1: ignored
	digit   int8 // -1: none
	kinds   []string
	rmReg   bool // modrm.rm may be a register
	rmMem   bool // modrm.rm may be memory
	modrm   bool
}

// lengths is the set of vector lengths that a form has: bit L of VEX.L or EVEX.L'L.
type lengths uint8

const anyLength lengths = 0xf

// An opcodeKey is what a decoder knows before it has seen the ModRM byte.
type opcodeKey struct {
	enc    byte // 'L' legacy, 'V' VEX, 'E' EVEX
	mm     byte // opcode map: 0 one byte, 1 0F, 2 0F38, 3 0F3A
	pp     byte // mandatory prefix: 0, 0x66, 0xf3, 0xf2
	opcode byte
}

var maps = map[string]byte{"0F": 1, "0F38": 2, "0F3A": 3}
var prefixes = map[string]byte{"NP": 0, "66": 0x66, "F3": 0xf3, "F2": 0xf2}
var lengthBits = map[string]lengths{"128": 1, "256": 2, "512": 4, "LIG": anyLength, "L0": 1, "L1": 2}

// parse fills in what enc and args say and returns the key of the form. Tables are constant, so a mistake panics.
func (f *form) parse() opcodeKey {
	head, tail, _ := strings.Cut(f.enc, " ")
	parts := strings.Split(head, ".")
	key := opcodeKey{enc: parts[0][0]}
	f.w, f.digit = -1, -1
	for _, p := range parts[1:] {
		switch {
		case lengthBits[p] != 0:
			f.lengths |= lengthBits[p]
		case maps[p] != 0:
			key.mm = maps[p]
		case prefixes[p] != 0 || p == "NP":
			key.pp = prefixes[p]
		case p == "W0" || p == "W1":
			f.w = int8(p[1] - '0')
		case p != "WIG":
			panic(fmt.Sprintf("emulate: %s: encoding %q: unknown part %q", f.op, f.enc, p))
		}
	}
	opcode, digit, hasDigit := strings.Cut(tail, " /")
	if hasDigit {
		f.digit = int8(digit[0] - '0')
	}
	v, err := strconv.ParseUint(opcode, 16, 8)
	if err != nil {
		panic(fmt.Sprintf("emulate: %s: encoding %q: %v", f.op, f.enc, err))
	}
	key.opcode = byte(v)
	f.parseArgs()
	return key
}

func (f *form) parseArgs() {
	f.modrm = f.digit >= 0
	if f.args == "" {
		return
	}
	f.kinds = strings.Split(f.args, ",")
	for _, k := range f.kinds {
		switch k[0] {
		case 'W', 'E', 'Q':
			f.rmReg, f.rmMem = true, true
		case 'U', 'R', 'q':
			f.rmReg = true
		case 'M':
			f.rmMem = true
		case 'V', 'G', 'K':
		default:
			continue
		}
		f.modrm = true
	}
}

// unmasked marks forms that take no mask.
func unmasked(forms ...form) []form {
	for i := range forms {
		forms[i].unmasked = true
	}
	return forms
}

// forms indexes the tables of all instruction families.
var forms = sync.OnceValue(func() map[opcodeKey][]*form {
	index := map[opcodeKey][]*form{}
	for _, family := range families() {
		for _, f := range family() {
			key := f.parse()
			index[key] = append(index[key], &f)
		}
	}
	return index
})

// families lists the tables, a file each.
func families() []func() []form {
	return []func() []form{
		moveForms, broadcastForms, arithForms, fmaForms,
		logicForms, shuffleForms, permuteForms, insertForms, blendForms, horizontalForms,
		compareForms, convertForms, halfForms, wordForms, roundForms, integerForms, shiftForms, maskForms, zeroForms,
		aluForms, movForms, shiftGPRForms, mulForms, branchForms, bitForms, hintForms,
	}
}
