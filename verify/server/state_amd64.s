#include "textflag.h"

// func mxcsr() uint32
TEXT ·mxcsr(SB), NOSPLIT, $8-4
	STMXCSR state-8(SP)
	MOVL    state-8(SP), AX
	MOVL    AX, ret+0(FP)
	RET

// func setMXCSR(v uint32)
TEXT ·setMXCSR(SB), NOSPLIT, $0-4
	LDMXCSR v+0(FP)
	RET

// func takeDirection() uint64
// Returns the direction flag (bit 10 of RFLAGS) and clears it, since Go code runs with it clear.
TEXT ·takeDirection(SB), NOSPLIT, $0-8
	PUSHFQ
	POPQ AX
	CLD
	ANDQ $0x400, AX
	MOVQ AX, ret+0(FP)
	RET
