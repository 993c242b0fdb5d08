package emulate_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/verify/emulate"
	"golang.org/x/sys/cpu"
)

// The state block that a test function loads its registers from and stores them to.
const (
	vectorsAt = 0    // 16 vectors: registers 0..7, and 16..23 (AVX-512) or 8..14 (AVX2)
	memoryAt  = 1024 // 256 bytes; R10 points into their middle
	generalAt = 1280 // AX, BX, CX, DX, R8, R9, R11, R12
	masksAt   = 1344 // K1..K7
	flagsAt   = 1400 // CF, ZF, SF, OF, PF: a byte each; before the call: number whose doubling sets the flags
	blockSize = 1408
	blockAddr = 1 << 40 // in the emulator: a multiple of 64, as in the program, for instructions that want that
	samples   = 12      // blocks a function
)

var generals = []string{"AX", "BX", "CX", "DX", "R8", "R9", "R11", "R12"}

// TestHardware runs every instruction form on this CPU and in the emulator, on the same code bytes and states.
func TestHardware(t *testing.T) {
	var tried []*emulate.Func
	t.Run("avx2", func(t *testing.T) {
		if !cpu.X86.HasAVX2 || !cpu.X86.HasFMA {
			t.Skip("this CPU has no AVX2 and FMA to compare with")
		}
		tried = append(tried, compare(t, avx2Lines(), false)...)
	})
	t.Run("avx512", func(t *testing.T) {
		if !cpu.X86.HasAVX512F || !cpu.X86.HasAVX512DQ || !cpu.X86.HasAVX512BW || !cpu.X86.HasAVX512VL {
			t.Skip("this CPU has no AVX-512 (F, VL, DQ, BW) to compare with")
		}
		tried = append(tried, compare(t, avx512Lines(), true)...)
		for _, form := range emulate.Untried(tried) {
			t.Errorf("no line tries %s", form)
		}
	})
}

// compare builds a program with a function a line of assembly, runs it and interprets it. It returns the functions.
func compare(t *testing.T, lines []string, zmm bool) []*emulate.Func {
	t.Helper()
	var asm strings.Builder
	asm.WriteString("#include \"textflag.h\"\n")
	for i, line := range lines {
		writeFunction(&asm, i, line, zmm)
	}
	path := build(t, len(lines), asm.String())

	rng := rand.New(rand.NewPCG(1, 2))
	in := make([]byte, 0, len(lines)*samples*blockSize)
	for range lines {
		for i := range samples {
			in = append(in, randomBlock(rng, i)...)
		}
	}
	cmd := exec.Command(path, fmt.Sprint(samples))
	cmd.Stdin = bytes.NewReader(in)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	want, err := cmd.Output()
	if err != nil || len(want) != len(in) {
		t.Fatalf("the program gave %d of %d bytes: %v\n%.500s", len(want), len(in), err, stderr.Bytes())
	}

	image, err := emulate.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	var tried []*emulate.Func
	for i, line := range lines {
		fn, err := image.Func(fmt.Sprintf("main.t%d", i))
		if err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		if strings.Contains(line, "(R10)") {
			checkFault(t, image, fn, line)
		}
		compareFunction(t, image, fn, line, in[i*samples*blockSize:], want[i*samples*blockSize:])
		crossCheck(t, fn, line)
		tried = append(tried, fn)
	}
	return tried
}

// compareFunction interprets one function on its blocks and reports the first difference.
func compareFunction(t *testing.T, image *emulate.Image, fn *emulate.Func, line string, in, want []byte) {
	t.Helper()
	for s := range samples {
		before, hardware := in[s*blockSize:][:blockSize], want[s*blockSize:][:blockSize]
		m := emulate.NewMachine(image)
		block := bytes.Clone(before)
		if err := m.Map(emulate.Region{Name: "block", Addr: blockAddr, Data: block}); err != nil {
			t.Fatal(err)
		}
		if err := m.Call(fn, emulate.Frame(uint64(blockAddr))); err != nil {
			t.Errorf("%s: %v", line, err)
			return
		}
		for at := 0; at < blockSize; at += 8 {
			if !bytes.Equal(block[at:at+8], hardware[at:at+8]) {
				t.Errorf("%s (sample %d): %s is % x, hardware has % x\n%s", line, s, place(at), block[at:at+8], hardware[at:at+8],
					inputs(before, at))
				return
			}
		}
	}
}

// place names the part of a block at a byte offset.
func place(at int) string {
	switch {
	case at < memoryAt:
		return fmt.Sprintf("vector %d byte %d", at/64, at%64)
	case at < generalAt:
		return fmt.Sprintf("memory %d(R10)", at-memoryAt-128)
	case at < masksAt:
		return generals[(at-generalAt)/8]
	case at < flagsAt:
		return fmt.Sprintf("K%d", (at-masksAt)/8+1)
	}
	return "flags (CF, ZF, SF, OF, PF)"
}

// inputs shows what the registers that test functions use held at the place of a difference.
func inputs(block []byte, at int) string {
	lane := at % 64
	return fmt.Sprintf("inputs there: 1: % x, 2: % x, 3: % x, memory 64(R10): % x; K1 % x",
		block[64+lane:][:8], block[128+lane:][:8],
		block[192+lane:][:8], block[memoryAt+128+64+lane%64:][:8], block[masksAt:][:8])
}

// writeFunction writes func t<i>(p *byte): load the state from p, run the line (instructions separated by ;), store the state.
// A line may start with "flags CZSOP: ", which of the flags it defines.
func writeFunction(w *strings.Builder, i int, line string, zmm bool) {
	flags := ""
	if rest, ok := strings.CutPrefix(line, "flags "); ok {
		flags, line, _ = strings.Cut(rest, ": ")
	}
	registers := func(format string) {
		for v := range 16 {
			reg := fmt.Sprintf("Y%d", v)
			if zmm {
				reg = fmt.Sprintf("Z%d", v+v/8*8)
			}
			if reg != "Y15" {
				args := []any{fmt.Sprintf("%d(SI)", vectorsAt+64*v), reg}
				if strings.HasPrefix(format, "VMOVUPS R") {
					args[0], args[1] = args[1], args[0]
				}
				fmt.Fprintf(w, "\tVMOVUPS %s, %s\n", args...)
			}
		}
	}
	fmt.Fprintf(w, "\n// func t%d(p *byte)\nTEXT ·t%d(SB), NOSPLIT, $0-8\n", i, i)
	fmt.Fprintf(w, "\tMOVQ p+0(FP), SI\n\tLEAQ %d(SI), R10\n", memoryAt+128)
	registers("VMOVUPS M, R")
	for k := 1; zmm && k < 8; k++ {
		fmt.Fprintf(w, "\tKMOVQ %d(SI), K%d\n", masksAt+8*(k-1), k)
	}
	fmt.Fprintf(w, "\tMOVQ %d(SI), R13\n\tADDQ R13, R13\n", flagsAt)
	for g, reg := range generals {
		fmt.Fprintf(w, "\tMOVQ %d(SI), %s\n", generalAt+8*g, reg)
	}
	for inst := range strings.SplitSeq(line, ";") {
		fmt.Fprintf(w, "\t%s\n", strings.TrimSpace(inst))
	}
	for f, set := range map[rune]string{'C': "SETCS", 'Z': "SETEQ", 'S': "SETMI", 'O': "SETOS", 'P': "SETPS"} {
		if strings.ContainsRune(flags, f) {
			fmt.Fprintf(w, "\t%s %d(SI)\n", set, flagsAt+strings.IndexRune("CZSOP", f))
		}
	}
	for g, reg := range generals {
		fmt.Fprintf(w, "\tMOVQ %s, %d(SI)\n", reg, generalAt+8*g)
	}
	for k := 1; zmm && k < 8; k++ {
		fmt.Fprintf(w, "\tKMOVQ K%d, %d(SI)\n", k, masksAt+8*(k-1))
	}
	registers("VMOVUPS R, M")
	w.WriteString("\tVZEROUPPER\n\tRET\n")
}
