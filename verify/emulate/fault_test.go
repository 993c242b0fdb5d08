package emulate_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/verify/emulate"
)

// checkFault runs a function of the hardware test, whose line has an operand near R10, without the memory there, all masks and
// lanes being ones. It must fault there, but for the instructions that only compute or hint at an address.
func checkFault(t *testing.T, image *emulate.Image, fn *emulate.Func, line string) {
	t.Helper()
	err := callWithoutOperand(t, image, fn)
	if strings.Contains(line, "LEA") || strings.Contains(line, "PREFETCH") || strings.Contains(line, "NOP") {
		if err != nil {
			t.Errorf("%s: %v", line, err)
		}
		return
	}
	var fault *emulate.Fault
	if !errors.As(err, &fault) || fault.Addr < blockAddr+memoryAt || fault.Addr >= blockAddr+generalAt {
		t.Errorf("%s without its operand in memory: got %v, want a fault there", line, err)
	}
}

// TestMaskSuppressesFaults runs the element-wise AVX-512 loads, stores and arithmetic without memory under an empty mask.
func TestMaskSuppressesFaults(t *testing.T) {
	var asm strings.Builder
	asm.WriteString("#include \"textflag.h\"\n")
	lines := []string{"VMOVUPS 64(R10), K1, Z3", "VMOVUPD.Z 64(R10), K1, Y3", "VMOVUPS Z3, K1, 64(R10)",
		"VADDPS 64(R10), Z2, K1, Z3",
		"VFMADD231PD.BCST 8(R10), Z2, K1, Z3", "VMOVSS 4(R10), K1, X3", "VMOVSD X3, K1, 8(R10)", "VADDSS 4(R10), X2, K1, X3",
		"VBROADCASTSS 4(R10), K1, Z3", "VEXTRACTF32X4 $2, Z1, K1, 16(R10)", "VCMPPS $1, 64(R10), Z2, K1, K4",
		"VBLENDMPS 64(R10), Z2, K1, Z3"}
	for i, line := range lines {
		writeFunction(&asm, i, "KXORW K1, K1, K1; "+line, true)
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
		if err := callWithoutOperand(t, image, fn); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// callWithoutOperand calls a function of writeFunction with a block in which the memory near R10 is missing.
func callWithoutOperand(t *testing.T, image *emulate.Image, fn *emulate.Func) error {
	t.Helper()
	state := bytes.Repeat([]byte{0xff}, blockSize)
	m := emulate.NewMachine(image)
	for _, r := range []emulate.Region{
		{Name: "registers", Addr: blockAddr, Data: state[:memoryAt]},
		{Name: "more registers", Addr: blockAddr + generalAt, Data: state[generalAt:]},
	} {
		if err := m.Map(r); err != nil {
			t.Fatal(err)
		}
	}
	return m.Call(fn, emulate.Frame(uint64(blockAddr)))
}
