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

// func xsaveFeatures() uint32
// CPUID leaf 0xd, subleaf 1: bit 2 of the result says that XGETBV can tell which registers are in use.
TEXT ·xsaveFeatures(SB), NOSPLIT, $0-4
	MOVL $0xd, AX
	MOVL $1, CX
	CPUID
	MOVL AX, ret+0(FP)
	RET

// func inUse() uint32
// XGETBV of register 1: the parts of the register state that are not in their initial configuration.
TEXT ·inUse(SB), NOSPLIT, $0-4
	MOVL $1, CX
	XGETBV
	MOVL AX, ret+0(FP)
	RET

// func soil()
// Puts ones into the upper half of a YMM register and leaves them there.
TEXT ·soil(SB), NOSPLIT, $0-0
	VPCMPEQB X0, X0, X0
	VINSERTI128 $1, X0, Y0, Y0
	RET

// func clean()
TEXT ·clean(SB), NOSPLIT, $0-0
	VZEROUPPER
	RET
