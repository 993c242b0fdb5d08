//go:build amd64 && gc && !purego && !noasm

#include "textflag.h"

// CHAINS is a multiply-add into each of twelve registers.
#define CHAINS(FMA, x, a, b, c, d, e, f, g, h, i, j, k, l) \
	FMA x, x, a; \
	FMA x, x, b; \
	FMA x, x, c; \
	FMA x, x, d; \
	FMA x, x, e; \
	FMA x, x, f; \
	FMA x, x, g; \
	FMA x, x, h; \
	FMA x, x, i; \
	FMA x, x, j; \
	FMA x, x, k; \
	FMA x, x, l

// func fmaF32AVX2(turns int)
TEXT ·fmaF32AVX2(SB), NOSPLIT, $0-8
	MOVQ turns+0(FP), CX
	VZEROALL

turn:
	CHAINS(VFMADD231PS, Y12, Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7, Y8, Y9, Y10, Y11)
	DECQ CX
	JNZ  turn
	VZEROUPPER
	RET

// func fmaF64AVX2(turns int)
TEXT ·fmaF64AVX2(SB), NOSPLIT, $0-8
	MOVQ turns+0(FP), CX
	VZEROALL

turn:
	CHAINS(VFMADD231PD, Y12, Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7, Y8, Y9, Y10, Y11)
	DECQ CX
	JNZ  turn
	VZEROUPPER
	RET

// func fmaF32AVX512(turns int)
TEXT ·fmaF32AVX512(SB), NOSPLIT, $0-8
	MOVQ turns+0(FP), CX
	VZEROALL

turn:
	CHAINS(VFMADD231PS, Z12, Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7, Z8, Z9, Z10, Z11)
	DECQ CX
	JNZ  turn
	VZEROUPPER
	RET

// func fmaF64AVX512(turns int)
TEXT ·fmaF64AVX512(SB), NOSPLIT, $0-8
	MOVQ turns+0(FP), CX
	VZEROALL

turn:
	CHAINS(VFMADD231PD, Z12, Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7, Z8, Z9, Z10, Z11)
	DECQ CX
	JNZ  turn
	VZEROUPPER
	RET
