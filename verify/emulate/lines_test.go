package emulate_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pyragen/pyragen/verify/emulate"
)

// arithmetic are the operations that exist for packed and scalar floats of both types.
var arithmetic = []string{"VADD", "VSUB", "VMUL", "VDIV", "VMIN", "VMAX"}

// suffixes of packed and scalar floats, with whether they are scalar.
var floatSuffixes = []struct {
	name   string
	scalar bool
}{{"PS", false}, {"PD", false}, {"SS", true}, {"SD", true}}

func fmaNames() []string {
	var names []string
	for _, op := range []string{"VFMADD", "VFMSUB", "VFNMADD", "VFNMSUB"} {
		for _, order := range []string{"132", "213", "231"} {
			names = append(names, op+order)
		}
	}
	return names
}

// avx2Lines are the forms that AVX2 CPUs run, in Go's operand order: destination last.
func avx2Lines() []string {
	var lines []string
	for _, op := range append(arithmetic, fmaNames()...) {
		for _, s := range floatSuffixes {
			if s.scalar {
				lines = append(lines, op+s.name+" X1, X2, X3", op+s.name+" 64(R10), X2, X3")
				continue
			}
			lines = append(lines, op+s.name+" X1, X2, X3", op+s.name+" Y1, Y2, Y3", op+s.name+" 64(R10)(R11*8), Y2, Y3",
				op+s.name+" -128(R10), X12, X13")
		}
	}
	for _, op := range []string{"VSQRTPS", "VSQRTPD"} {
		lines = append(lines, op+" X1, X3", op+" Y1, Y3", op+" 64(R10), Y3")
	}
	lines = append(lines, "VSQRTSS X1, X2, X3", "VSQRTSD X1, X2, X3")
	return slices.Concat(lines, usesLines(false), moveLines, shuffleLines, compareLines, convertLines, integerLines, generalLines)
}

var moveLines = []string{
	"VMOVUPS X1, X3", "VMOVUPS Y1, Y3", "VMOVUPS 64(R10), Y3", "VMOVUPD Y2, -64(R10)", "VMOVUPD (R10), X1", "VMOVAPS Y1, Y9",
	"VMOVAPD X1, X2", "VMOVDQU Y1, 1(R10)", "VMOVDQU 1(R10), X3", "VMOVDQA Y1, Y2",
	"VMOVSS 4(R10), X3", "VMOVSS X3, 4(R10)", "VMOVSS X1, X2, X3", "VMOVSD 8(R10), X3", "VMOVSD X3, 4(R10)",
	"VMOVSD X1, X2, X3",
	"VMASKMOVPS 64(R10), Y1, Y3", "VMASKMOVPS Y1, Y2, 64(R10)", "VMASKMOVPD 64(R10), Y1, Y3", "VMASKMOVPD Y1, Y2, 64(R10)",
	"VMASKMOVPS X1, X2, 64(R10)", "VPMASKMOVD 64(R10), Y1, Y3", "VPMASKMOVQ X1, X2, 64(R10)",
	"VMOVD AX, X3", "VMOVD X1, AX", "VMOVQ AX, X3", "VMOVQ X1, AX", "VMOVD (R10), X3", "VMOVD X3, (R10)", "VMOVQ (R10), X3",
	"VMOVQ X3, (R10)", "VMOVQ X1, X3", "VMOVHLPS X1, X2, X3", "VMOVLHPS X1, X2, X3", "VMOVLPS (R10), X2, X3",
	"VMOVHPS (R10), X2, X3",
	"VMOVLPD (R10), X2, X3", "VMOVHPD (R10), X2, X3", "VMOVLPS X1, (R10)", "VMOVHPS X1, (R10)", "VMOVHPD X1, (R10)",
	"VBROADCASTSS 4(R10), X3", "VBROADCASTSS 4(R10), Y3", "VBROADCASTSS X1, Y3", "VBROADCASTSD 8(R10), Y3",
	"VBROADCASTSD X1, Y3",
	"VBROADCASTF128 (R10), Y3", "VBROADCASTI128 (R10), Y3", "VPBROADCASTD X1, Y3", "VPBROADCASTD 4(R10), X3",
	"VPBROADCASTQ X1, Y3",
	"VZEROUPPER", "VZEROALL", "VMOVAPS 64(R10), Y3", "VMOVAPD (R10), X3", "VMOVDQA 64(R10), Y3", "VMOVAPS Y3, 64(R10)",
	"VMOVDQA X1, -64(R10)",
	"VMOVNTPS Y1, 64(R10)", "VMOVNTPD X1, 16(R10)", "VMOVNTDQ Y1, 64(R10)", "VMOVLPD X1, 8(R10)",
	"VPMASKMOVD Y1, Y2, 64(R10)", "VPMASKMOVQ 64(R10), X1, X3",
}

// avx512Lines are the forms with EVEX and mask registers.
func avx512Lines() []string {
	var lines []string
	for _, op := range append(arithmetic, fmaNames()...) {
		for _, s := range floatSuffixes {
			lines = append(lines, evexLines(op+s.name, s.scalar)...)
		}
	}
	for _, op := range evexTwoSources {
		lines = append(lines, evexLines(op, false)...)
	}
	for _, op := range evexOneSource {
		lines = append(lines, shapes(op, " Z1, K1, Z3", ".Z Z17, K2, Z19", " 64(R10), K1, Z3", ".BCST 16(R10), Z3",
			" Y17, K1, Y3", " X1, X19")...)
	}
	return slices.Concat(lines, usesLines(true), evexMoveLines, evexShuffleLines, evexOtherLines, maskLines())
}

// evexLines are the shapes of an instruction with two sources: lengths, registers beyond 15, masks, memory, broadcast.
func evexLines(op string, scalar bool) []string {
	if scalar {
		return []string{op + " X17, X2, X3", op + " X1, X18, K1, X3", op + ".Z X1, X2, K2, X19", op + " 64(R10), X2, K1, X3"}
	}
	return shapes(op, " Z1, Z2, Z3", " Z17, Z2, K1, Z19", ".Z Z1, Z18, K2, Z3", " 64(R10), Z2, K1, Z3",
		".BCST 16(R10), Z2, Z3",
		".BCST.Z -8(R10), Y2, K3, Y19", " Y17, Y18, K1, Y19", " 32(R10), X2, K1, X3")
}

var evexMoveLines = []string{
	"VMOVUPS 64(R10), Z3", "VMOVUPS 64(R10), K1, Z3", "VMOVUPS.Z 64(R10), K1, Z19", "VMOVUPS Z1, K1, 64(R10)",
	"VMOVUPD Z17, K1, -64(R10)",
	"VMOVUPD.Z Y1, K2, Y3", "VMOVAPS Z1, Z19", "VMOVAPD Z1, K1, Z3", "VMOVDQU32 64(R10), K1, Z3", "VMOVDQU64 Z3, K1, (R10)",
	"VMOVDQA32 Z1, K1, Z3", "VMOVDQA64.Z Z1, K1, Z3", "VMOVUPS X17, K1, 16(R10)", "VMOVUPS Y17, 32(R10)",
	"VMOVSS 4(R10), K1, X3", "VMOVSS.Z 4(R10), K1, X19", "VMOVSS X3, K1, 4(R10)", "VMOVSS X1, X2, K1, X3",
	"VMOVSD.Z X17, X18, K1, X19",
	"VMOVSD 8(R10), X19", "VMOVD AX, X19", "VMOVD X17, AX", "VMOVQ AX, X19", "VMOVQ X17, AX", "VMOVQ X17, (R10)",
	"VMOVQ 8(R10), X17",
	"VMOVHLPS X17, X2, X3", "VMOVLHPS X17, X2, X3", "VMOVHPS 8(R10), X18, X3", "VMOVLPD 8(R10), X18, X3",
	"VMOVHPD X17, 8(R10)",
	"VBROADCASTSS 4(R10), Z3", "VBROADCASTSS 4(R10), K1, Z3", "VBROADCASTSS.Z X17, K1, Z3", "VBROADCASTSD 8(R10), Z3",
	"VBROADCASTSD X1, K1, Y19",
	"VPBROADCASTD AX, Z3", "VPBROADCASTQ AX, K1, Z3", "VPBROADCASTD X1, K1, Z3", "VPBROADCASTQ 8(R10), Z19",
	"VBROADCASTF32X4 16(R10), Z3", "VBROADCASTF64X4 32(R10), K1, Z3", "VBROADCASTF32X8 32(R10), Z3",
	"VBROADCASTF64X2 16(R10), K1, Z3",
	"VBROADCASTF32X2 X1, Z3", "VBROADCASTI32X4 16(R10), Z3", "VBROADCASTI32X8 32(R10), K1, Z3", "VBROADCASTI64X2 16(R10), Z3",
	"VBROADCASTI64X4 32(R10), Z3", "VMOVAPS 64(R10), K1, Z3", "VMOVAPD -64(R10), Z19", "VMOVAPD Z1, K1, 64(R10)",
	"VMOVDQA32 64(R10), K1, Z3", "VMOVDQA64 Y17, 32(R10)",
	"VMOVDQA64 64(R10), Z3", "VMOVDQU32 Z3, K1, 64(R10)", "VMOVDQU64 64(R10), K1, Z3", "VMOVUPD 64(R10), K2, Z3",
	"VMOVNTPS Z1, 64(R10)", "VMOVNTPD Z1, 64(R10)",
	"VMOVNTDQ Y17, 32(R10)", "VMOVSD X17, K1, 8(R10)", "VMOVHPD 8(R10), X18, X3", "VMOVHPS X17, 8(R10)",
	"VMOVLPS 8(R10), X18, X3", "VMOVLPS X17, 8(R10)",
	"VMOVLPD X17, 8(R10)",
	"VSQRTSS X17, X2, X3", "VSQRTSD X17, X2, X3",
}

// shapes joins an instruction, which may end in an immediate operand ("VPSLLD $5,"), with suffixes and operands.
func shapes(op string, operands ...string) []string {
	name, immediate, _ := strings.Cut(op, " ")
	var lines []string
	for _, o := range operands {
		suffix, rest, _ := strings.Cut(o, " ")
		lines = append(lines, fmt.Sprintf("%s%s %s %s", name, suffix, immediate, rest))
	}
	return lines
}

// usesLines are instructions made from the tables, as bytes, with what they are in a comment.
func usesLines(avx512 bool) []string {
	var lines []string
	for _, u := range emulate.Uses() {
		if u.AVX512 != avx512 {
			continue
		}
		var line strings.Builder
		for i, b := range u.Code {
			fmt.Fprintf(&line, "BYTE $%#02x", b)
			if i < len(u.Code)-1 {
				line.WriteString("; ")
			}
		}
		lines = append(lines, fmt.Sprintf("%s // %s", line.String(), u.Text))
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}
