#include "textflag.h"

// func breakState()
// Leaves flush-to-zero and denormals-are-zero set.
TEXT ·breakState(SB), NOSPLIT, $8-0
	MOVL    $0x9fc0, state-8(SP)
	LDMXCSR state-8(SP)
	RET

// func breakDirection()
TEXT ·breakDirection(SB), NOSPLIT, $0-0
	STD
	RET

// func load(p unsafe.Pointer)
// Reads 32 bytes, in a function with a frame and without its own BP.
TEXT ·load(SB), NOSPLIT, $64-8
	MOVQ    p+0(FP), BX
	XORL    R14, R14
	VMOVUPS (BX), Y0
	VZEROUPPER
	RET

// func soil()
// Returns without VZEROUPPER.
TEXT ·soil(SB), NOSPLIT, $0-0
	VPCMPEQB X1, X1, X1
	VINSERTI128 $1, X1, Y1, Y1
	RET
