package goasm

import (
	"strings"

	avo "github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
)

// instructions are those of a function. Avo's list of them grows as it is made, which takes three times the memory.
func instructions(fn *avo.Function) []*avo.Instruction {
	list := make([]*avo.Instruction, 0, len(fn.Nodes))
	for _, n := range fn.Nodes {
		if i, ok := n.(*avo.Instruction); ok {
			list = append(list, i)
		}
	}
	return list
}

// codeBytes is an upper bound of the bytes that the instructions of a function take for a target with vectors of so many bytes.
func codeBytes(code []*avo.Instruction, vectorBytes int) int {
	sum := 0
	for _, i := range code {
		sum += mostBytes(i, vectorBytes)
	}
	return sum
}

// mostBytes is an upper bound for one instruction: prefixes and opcode, a byte for the registers, then, where an operand is in memory, a
// byte of scale and index and a displacement of four, and immediates.
func mostBytes(i *avo.Instruction, vectorBytes int) int {
	if i.IsBranch {
		return 6
	}
	size := 0
	for _, op := range i.Operands {
		switch op.(type) {
		case operand.Mem:
			size += 5
		case operand.U8, operand.I8:
			size++
		case operand.I64, operand.U64:
			size += 8
		case operand.Constant:
			size += 4
		}
	}
	switch {
	case strings.HasPrefix(i.Opcode, "V") && vectorBytes == 64: // EVEX
		return size + 6
	case strings.HasPrefix(i.Opcode, "V"): // VEX
		return size + 5
	}
	return size + 5 // REX, an opcode of three bytes at most
}
