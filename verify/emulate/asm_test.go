package emulate_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/pyragen/pyragen/verify/emulate"
)

// faulty are functions func(p, q *float32, n int) that are wrong, or right at the edge of wrong; tests look them up by name.
const faulty = `#include "textflag.h"

DATA table<>+0(SB)/8, $0x4000000000000000
DATA table<>+8(SB)/8, $0x4008000000000000
GLOBL table<>(SB), RODATA|NOPTR, $16

TEXT ·copy8(SB), NOSPLIT, $0-24
	MOVQ p+0(FP), SI
	MOVQ q+8(FP), DI
	VMOVUPS (SI), Y0
	VMOVUPS Y0, (DI)
	VZEROUPPER
	RET

TEXT ·aligned(SB), NOSPLIT, $0-24
	MOVQ p+0(FP), SI
	VMOVAPS (SI), X0
	RET

// copies as many of eight elements as n says
TEXT ·masked(SB), NOSPLIT, $0-24
	MOVQ p+0(FP), SI
	MOVQ q+8(FP), DI
	MOVQ n+16(FP), CX
	MOVL $1, AX
	SHLQ CX, AX
	DECQ AX
	KMOVB AX, K1
	VMOVUPS.Z (SI), K1, Y0
	VADDPS.Z (SI), Y0, K1, Y0
	VMOVUPS Y0, K1, (DI)
	VZEROUPPER
	RET

TEXT ·tableSecond(SB), NOSPLIT, $0-24
	MOVQ p+0(FP), SI
	VMOVUPD table<>+0(SB), X0
	VMOVSD table<>+8(SB), X1
	VADDSD X1, X0, X0
	VMOVSD X0, (SI)
	RET

TEXT ·tableBeyond(SB), NOSPLIT, $0-24
	VMOVUPD table<>+0(SB), Y0
	VZEROUPPER
	RET

TEXT ·clobberR14(SB), NOSPLIT, $0-24
	XORL R14, R14
	RET

TEXT ·clobberR15(SB), NOSPLIT, $0-24
	INCQ R15
	RET

TEXT ·clobberBP(SB), NOSPLIT, $0-24
	MOVL $1, BP
	RET

TEXT ·clobberX15(SB), NOSPLIT, $0-24
	VPCMPEQD X15, X15, X15
	RET

TEXT ·setDF(SB), NOSPLIT, $0-24
	STD
	RET

TEXT ·unbalanced(SB), NOSPLIT, $0-24
	POPQ AX
	BYTE $0x50 // PUSHQ AX, unknown to the assembler's count
	BYTE $0x50
	BYTE $0xc3

TEXT ·dirty(SB), NOSPLIT, $0-24
	VXORPS Y0, Y0, Y0
	RET

TEXT ·dirtyOnOneWay(SB), NOSPLIT, $0-24
	MOVQ n+16(FP), CX
	VXORPS Y0, Y0, Y0
	TESTQ CX, CX
	JEQ out
	VZEROUPPER
out:
	RET

TEXT ·mxcsr(SB), NOSPLIT, $0-24
	MOVQ p+0(FP), SI
	VLDMXCSR (SI)
	RET

TEXT ·endless(SB), NOSPLIT, $0-24
loop:
	INCQ AX
	JMP loop

TEXT ·jumpsOut(SB), NOSPLIT, $0-24
	JMP ·endless(SB)

TEXT ·runsOut(SB), NOSPLIT, $0-24
	NOP
	INCQ AX
	BYTE $0x90

TEXT ·intoInstruction(SB), NOSPLIT, $0-24
	BYTE $0xeb; BYTE $0x01
	MOVL $5, AX
	RET

TEXT ·divides(SB), NOSPLIT, $0-24
	MOVQ n+16(FP), CX
	MOVL $7, AX
	XORL DX, DX
	DIVQ CX
	RET

TEXT ·undefinedFlag(SB), NOSPLIT, $0-24
	MOVQ n+16(FP), CX
	IMULQ CX, CX
	JEQ out
out:
	RET

TEXT ·noFlag(SB), NOSPLIT, $0-24
	JEQ out
out:
	RET

TEXT ·unknown(SB), NOSPLIT, $0-24
	CPUID
	RET

TEXT ·sse(SB), NOSPLIT, $0-24
	ADDPS X1, X0
	RET

TEXT ·frame(SB), NOSPLIT, $64-24
	MOVQ p+0(FP), SI
	MOVQ n+16(FP), CX
	MOVQ CX, local-8(SP)
	MOVQ local-8(SP), AX
	VMOVD AX, X0
	VPBROADCASTD X0, Y0
	VMOVUPS Y0, (SI)
	VZEROUPPER
	RET

TEXT ·fma(SB), NOSPLIT, $0-24
	MOVQ p+0(FP), SI
	MOVQ n+16(FP), CX
	VXORPS X0, X0, X0
	VXORPS X1, X1, X1
	VXORPS X2, X2, X2
loop:
	VMOVUPS (SI), Z4
	VFMADD231PS 64(SI), Z4, Z0
	VFMADD231PS.BCST 4(SI), Z4, Z1
	VFMADD231PS Z4, Z4, Z2
	DECQ CX
	JNE loop
	VZEROUPPER
	RET
`

var faultyImage struct {
	sync.Once
	*emulate.Image
}

// loadFaulty builds and loads the functions above, once for all tests.
func loadFaulty(t testing.TB) *emulate.Image {
	t.Helper()
	faultyImage.Do(func() { faultyImage.Image = buildFaulty(t) })
	if faultyImage.Image == nil {
		t.Fatal("the functions of asm_test.go were not built; see the first test that tried")
	}
	return faultyImage.Image
}

func buildFaulty(t testing.TB) *emulate.Image {
	t.Helper()
	main := "package main\n\nfunc main() {\n\tfor _, f := range table {\n\t\tf(nil, nil, 0)\n\t}\n}\n\n" +
		"var table = []func(p, q *float32, n int){"
	var stubs string
	for line := range strings.Lines(faulty) {
		if rest, ok := strings.CutPrefix(line, "TEXT ·"); ok {
			name, _, _ := strings.Cut(rest, "(")
			main += name + ", "
			stubs += "\nfunc " + name + "(p, q *float32, n int)\n"
		}
	}
	image, err := emulate.Load(buildModule(t, map[string]string{
		"main.go":     main + "}\n" + stubs,
		"asm_amd64.s": faulty,
	}))
	if err != nil {
		t.Fatal(err)
	}
	return image
}
