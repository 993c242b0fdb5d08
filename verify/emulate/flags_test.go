package emulate_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/verify/emulate"
)

// TestUndefinedFlags runs instructions and then one that depends on a flag which the manual leaves undefined after them.
func TestUndefinedFlags(t *testing.T) {
	lines := []string{
		"IMULQ AX, BX; SETEQ CX", "IMULQ AX, BX; SETMI CX", "IMULQ AX, BX; SETPS CX", "MULQ BX; SETEQ CX",
		"TZCNTQ AX, BX; SETMI CX", "LZCNTQ AX, BX; SETOS CX",
		"TZCNTQ AX, BX; SETPS CX", "BZHIQ AX, BX, R9; SETPS CX", "ANDNQ AX, BX, R9; SETPS CX", "BLSRQ AX, R9; SETPS CX",
		"SHLQ $3, AX; SETOS CX",
		"ROLQ $3, AX; SETOS CX", "SHLB $9, AX; SETCS CX", "SHRW $16, AX; SETHI CX",
		"MOVL $0, DX; ORQ $1, R8; DIVQ R8; SETCS CX",
		"IMULQ AX, BX; INCQ R9; ADCQ R9, R9; IMULQ AX, BX; INCQ R9; CMOVQMI AX, R9; IMULQ AX, BX; CMOVQLE AX, R9",
	}
	var asm strings.Builder
	asm.WriteString("#include \"textflag.h\"\n")
	for i, line := range lines {
		writeFunction(&asm, i, line, false)
	}
	image, err := emulate.Load(build(t, len(lines), asm.String()))
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range lines {
		fn, err := image.Func(fmt.Sprintf("main.t%d", i))
		if err != nil {
			t.Fatal(err)
		}
		m := emulate.NewMachine(image)
		err = m.Call(fn, emulate.Frame(m.PlaceAligned("block", make([]byte, blockSize), false)))
		var stop *emulate.Stop
		if !errors.As(err, &stop) || !strings.Contains(stop.Reason, "undefined") {
			t.Errorf("%s: got %v, want a stop for an undefined flag", line, err)
		}
	}
}
