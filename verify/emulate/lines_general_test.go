package emulate_test

import "fmt"

// generalLines are the integer instructions, with the flags that each defines.
var generalLines = func() []string {
	var lines []string
	add := func(flags string, insts ...string) {
		for _, in := range insts {
			lines = append(lines, "flags "+flags+": "+in)
		}
	}
	for _, s := range []string{"B", "W", "L", "Q"} {
		for _, op := range []string{"ADD", "SUB", "ADC", "SBB", "AND", "OR", "XOR", "CMP", "TEST"} {
			immediate := op + s + " $-7, CX"
			if op == "CMP" {
				immediate = "CMP" + s + " CX, $-7"
			}
			add("CZSOP", op+s+" AX, BX", op+s+" R8, 16(R10)", immediate)
			if op != "TEST" {
				add("CZSOP", op+s+" 16(R10), R9")
			}
		}
		add("CZSOP", "INC"+s+" AX", "DEC"+s+" R8", "NEG"+s+" BX", "NEG"+s+" 8(R10)", "NOT"+s+" BX", "INC"+s+" 8(R10)")
		add("C", "ROL"+s+" $3, AX", "ROR"+s+" $5, AX")
		add("CZSP", "SHL"+s+" $3, AX", "SHR"+s+" $5, R8", "SAR"+s+" $2, 8(R10)", "ANDL $7, CX; ORL $1, CX; SHL"+s+" CX, BX",
			"ANDL $7, CX; ORL $1, CX; SAR"+s+" CX, BX")
		add("C", "ANDL $7, CX; ORL $1, CX; ROL"+s+" CX, BX", "ANDL $7, CX; ORL $1, CX; ROR"+s+" CX, BX")
		add("CO", "ROL"+s+" $1, AX", "ROR"+s+" $1, AX")
		add("CZSP", "ANDL $7, CX; ORL $1, CX; SHR"+s+" CX, BX")
		add("CZSOP", "SHL"+s+" $1, AX", "SHR"+s+" $1, AX", "SAR"+s+" $1, AX", "MOVL $0, CX; SHL"+s+" CX, AX")
		add("", "MOV"+s+" AX, BX", "MOV"+s+" 8(R10)(R11*4), R9", "MOV"+s+" R8, -128(R10)", "MOV"+s+" $-5, R9",
			"MOV"+s+" $77, 8(R10)")
	}
	for _, op := range []string{"ADD", "SUB", "ADC", "SBB", "AND", "OR", "XOR", "TEST"} {
		add("CZSOP", op+"B $5, AX", op+"L $100000, AX", op+"Q $-100000, R9", op+"W $0x1234, 8(R10)")
	}
	// operands AL, imm8, whose short opcodes the assembler does not choose
	for _, opcode := range []int{0x04, 0x0c, 0x14, 0x1c, 0x24, 0x2c, 0x34, 0x3c, 0xa8} {
		add("CZSOP", fmt.Sprintf("BYTE $%#x; BYTE $0x85", opcode))
	}
	add("CZSOP", "CMPB AX, $5", "CMPL AX, $100000", "CMPQ R9, $-100000", "CMPW 8(R10), $0x1234")
	for _, s := range []string{"W", "L", "Q"} {
		add("CO", "IMUL"+s+" AX, R9", "IMUL"+s+" 8(R10), BX", "IMUL3"+s+" $-3, R8, BX", "IMUL3"+s+" $1000, 8(R10), BX",
			"MUL"+s+" R8", "IMUL"+s+" R8")
		add("", "SHR"+s+" $1, DX; ORW $0x4000, R8; MOVL $0, DX; ORL $1, R8; DIV"+s+" R8",
			"ORL $1, R8; MOVL $0, DX; SHR"+s+" $1, AX; IDIV"+s+" R8")
		add("CZ", "TZCNT"+s+" AX, R9", "LZCNT"+s+" AX, R9", "MOVL $0, AX; TZCNT"+s+" AX, R9",
			"SHR"+s+" $4, AX; LZCNT"+s+" AX, R9")
		add("CZSOP", "POPCNT"+s+" AX, R9")
	}
	add("", "ORQ $1, R8; CQO; CMPQ R8, $-1; JEQ 2(PC); IDIVQ R8", "ORL $1, R8; CDQ; CMPL R8, $-1; JEQ 2(PC); IDIVL R8", "CWD",
		"CDQE", "CBW", "CWDE",
		"ORQ $1, R8; MOVQ R8, DX; SHRQ $1, DX; DIVQ R8")
	add("", "MOVBLZX AX, R9", "MOVBQZX 3(R10), R9", "MOVWLZX AX, R9", "MOVBLSX AX, R9", "MOVBQSX SI, R9; MOVL $0, R9",
		"MOVWQSX AX, R9", "MOVLQSX AX, R9",
		"MOVLQZX AX, R9", "MOVWLSX 2(R10), R9", "LEAQ 5(AX)(BX*8), R9", "LEAL -5(AX)(BX*2), R9", "LEAQ (R8)(R9*1), AX",
		"XCHGQ BX, R9", "XCHGL BX, R9",
		"MOVQ $0x123456789abcdef0, R9", "PUSHQ AX; POPQ R9", "PUSHQ $-5; POPQ R9", "NOP", "PREFETCHT0 64(R10)",
		"PREFETCHNTA (R10)", "SFENCE", "MFENCE", "LFENCE", "PAUSE",
		"BYTE $0x0f; BYTE $0x1f; BYTE $0x44; BYTE $0x00; BYTE $0x08")
	add("", "ORQ $1, 8(R10); MOVL $0, DX; DIVQ 8(R10)", "ORL $1, 8(R10); MOVL $0, DX; SHRL $1, AX; IDIVL 8(R10)",
		"BYTE $0xff; BYTE $0xf0; BYTE $0x8f; BYTE $0xc1") // PUSH AX and POP CX by their long opcodes
	for _, cc := range []string{"OS", "OC", "CS", "CC", "EQ", "NE", "LS", "HI", "MI", "PL", "PS", "PC", "LT", "GE", "LE",
		"GT"} {
		add("", "CMPQ AX, BX; CMOVQ"+cc+" R8, R9", "CMPL AX, BX; CMOVL"+cc+" R8, R9", "CMPB AX, BX; SET"+cc+" CX",
			"CMPW AX, BX; J"+cc+" 2(PC); ADDQ $1, R9",
			"CMPQ AX, BX; CMOVW"+cc+" 8(R10), R9", "SET"+cc+" 8(R10)")
	}
	for _, s := range []string{"L", "Q"} {
		add("CZSO", "BZHI"+s+" AX, BX, R9", "ANDL $63, AX; BZHI"+s+" AX, 8(R10), R9", "ANDN"+s+" AX, BX, R9",
			"BLSR"+s+" AX, R9")
		add("CZSOP", "SHLX"+s+" AX, BX, R9", "SHRX"+s+" AX, 8(R10), R9", "SARX"+s+" AX, BX, R9", "RORX"+s+" $7, BX, R9",
			"MULX"+s+" AX, BX, R9")
	}
	const increment = "BYTE $0x49; BYTE $0xff; BYTE $0xc1" // INCQ R9, three bytes
	for cc := range 16 {                                   // long jumps, which the assembler keeps for long distances
		add("", fmt.Sprintf("CMPQ AX, BX; BYTE $0x0f; BYTE $%#x; LONG $3; %s", 0x80+cc, increment))
	}
	add("", "BYTE $0xe9; LONG $3; "+increment, "STD; CLD", "BYTE $0x90", "PUSHQ $100000; POPQ R9",
		"PUSHQ 8(R10); POPQ 16(R10)", "PREFETCHT1 8(R10)",
		"PREFETCHT2 8(R10)", "BYTE $0x41; BYTE $0x0f; BYTE $0x0d; BYTE $0x0a", "MOVB $7, AX")
	add("", "STMXCSR 8(R10); LDMXCSR 8(R10); ANDL $0xffc0, 8(R10)", "VSTMXCSR 8(R10); VLDMXCSR 8(R10); ANDL $0xffc0, 8(R10)")
	return append(lines, "JMP 2(PC); MOVQ $0, AX", "MOVQ $5, CX; XORL AX, AX; ADDQ CX, AX; DECQ CX; JNE -2(PC)")
}()
