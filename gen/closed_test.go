package gen

import (
	"strings"
	"testing"
)

const closedGoText = Mark + `

//go:build amd64

// Package pam is for a test.
package pam

import (
	"fmt"
	"math"
)

// Window is a constant.
const Window = 3

type sizes struct{ n int }

func (s *sizes) check() error { return fmt.Errorf("%v", math.Pi) }

// leaf is in assembly.
//
//go:noescape
func leaf(x *float32, n int)
`

const closedAsmText = Mark + `

//go:build amd64

#include "textflag.h"

DATA masks<>+0(SB)/8, $0xffffffff
DATA masks<>+8(SB)/4, $(-1.5)
GLOBL masks<>(SB), RODATA|NOPTR, $12

// leaf does it.
TEXT ·leaf(SB), NOSPLIT, $8-16
	MOVQ x+0(FP), AX
	MOVQ n+8(FP), CX

loop:
	VMOVUPS masks<>+0(SB), Y0    // comment; TEXT
	VFMADD231PS.BCST (AX)(CX*4), Z1, K1, Z2
	DECQ CX
	JNE loop
	VZEROUPPER
	RET
`

var closedExpect = []Expect{
	{Constraint: "amd64", Package: "pam", Imports: []string{"math", "fmt"}, Decls: []string{"leaf", "sizes", "sizes.check", "Window"},
		Directives: []string{"go:noescape leaf"}},
	{Constraint: "amd64", Texts: []string{"leaf"}, Tables: []string{"masks"}},
}

// TestClosed changes a Go file and an assembly file in one place each, and wants that found.
func TestClosed(t *testing.T) {
	check := func(goText, asmText string) error {
		return Closed([]File{{"pam.go", []byte(goText)}, {"pam.s", []byte(asmText)}}, closedExpect)
	}
	if err := check(closedGoText, closedAsmText); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, want string }{
		{"package pam", "package pan", `package clause: got ["pan"] beyond what is expected, lacks ["pam"]`},
		{"//go:build amd64", "//go:build ignore", `build constraint: got ["ignore"] beyond what is expected, lacks ["amd64"]`},
		{"//go:build amd64\n\n", "", `build constraint: got [] beyond what is expected, lacks ["amd64"]`},
		{"//go:build amd64\n", "//go:build amd64\n// +build amd64\n", "got the build constraint"},
		{"\t\"math\"\n", "\t\"math\"\n\t\"os\"\n", `imports: got ["os"] beyond what is expected`},
		{"\t\"math\"\n", "", `imports: got [] beyond what is expected, lacks ["math"]`},
		{"\"math\"\n", "\"math\"\n\t\"unsafe\"\n", `imports: got ["unsafe"]`},
		{"\t\"math\"\n", "\tm \"math\"\n", `imports: got ["renamed or unreadable`},
		{"\t\"math\"\n", "\t_ \"math\"\n", `imports: got ["renamed or unreadable`},
		{"type sizes", "func init() { panic(1) }\n\ntype sizes", `declarations: got ["init"] beyond`},
		{"type sizes", "var _ = 1\n\ntype sizes", `declarations: got ["_"] beyond`},
		{"const Window = 3", "const Window, hidden = 3, 4", `declarations: got ["hidden"] beyond`},
		{"(s *sizes) check", "(s *sizes) String", `declarations: got ["sizes.String"] beyond what is expected, lacks ["sizes.check"]`},
		{"func leaf(x", "func le\u0430f(x", `declarations: got ["le\u0430f"] beyond`},
		{"//go:noescape\n", "//go:noescape\n//go:nosplit\n", `directives: got ["go:nosplit leaf"] beyond`},
		{"//\n//go:noescape\n", "", `directives: got [] beyond what is expected, lacks ["go:noescape leaf"]`},
		{"const Window", "//\n//go:linkname Window runtime.x\nconst Window", `directives: got ["go:linkname`},
		{"type sizes", "//go:embed x\n\ntype sizes", `directives: got ["go:embed x"] beyond`},
		{"// Window is", "//line evil.go:1\n\n// Window is", "got the directive"},
		{"const Window", "//\n//export Window\nconst Window", "got the directive"},
		{"// Window is", "/* Window */\n// Window is", "got a block comment"},
		{"func leaf(x *float32, n int)", "func leaf(x *float32, n int) {}", "functions without body, and those of the assembly: got [] beyond"},
		{"const Window = 3", "const Window = ", "is no Go"},

		{"#include \"textflag.h\"\n", "", `includes: got [] beyond what is expected, lacks`},
		{"#include \"textflag.h\"\n", "#include \"textflag.h\"\n#include \"go_asm.h\"\n", "got \"#include"},
		{"#include \"textflag.h\"\n", "#include \"textflag.h\"\n#define RET NOP\n", "pam.s:6: got \"#define RET NOP\""},
		{"TEXT ·leaf", "TEXT ·evil(SB), NOSPLIT, $0-0\n\tRET\n\nTEXT ·leaf", `functions: got ["evil"] beyond`},
		{"TEXT ·leaf", "TEXT runtime·leaf", "got \"TEXT runtime"},
		{"TEXT ·leaf(SB), NOSPLIT,", "TEXT ·leaf(SB), NOSPLIT|DUPOK,", "got \"TEXT"},
		{"TEXT ·leaf(SB), NOSPLIT,", "TEXT ·leaf(SB), $8-16\n//", "got \"TEXT"},
		{"TEXT ·leaf", "TEXT ·twig", `functions: got ["twig"] beyond what is expected, lacks ["leaf"]`},
		{"\tRET\n", "\tRET\n\tCALL ·evil(SB)\n", "got \"CALL"},
		{"\tRET\n", "\tRET; CALL ·evil(SB)\n", "got \"RET; CALL"},
		{"\tRET\n", "\tJMP ·evil(SB)\n", "got \"JMP"},
		{"\tRET\n", "\tJMP evil(SB)\n", "got the symbol \"evil\""},
		{"\tRET\n", "\tBYTE $0xc3\n", "got \"BYTE $0xc3\""},
		{"\tRET\n", "\tSYSCALL\n", "got \"SYSCALL\""},
		{"\tRET\n", "\tMOVQ runtime·g(SB), AX\n", "got \"MOVQ runtime"},
		{"\tRET\n", "\tMOVQ other<>+8(SB), AX\n", `tables that are used but not there: got ["other"]`},
		{"\tRET\n", "\tRET /* MOVQ */\n", "got \"RET /* MOVQ */\""},
		{"\tRET\n", "\tRET\n//go:nosplit\n", "got the directive"},
		{"RODATA|NOPTR", "NOPTR", "got \"GLOBL"},
		{"GLOBL masks<>(SB)", "GLOBL masks(SB)", "got \"GLOBL"},
		{"DATA masks<>+0(SB)/8, $0xffffffff", "DATA masks<>+0(SB)/8, $·leaf(SB)", "got \"DATA"},
		{"//go:build amd64\n\n#include", "#include", `build constraint: got [] beyond what is expected, lacks ["amd64"]`},
	} {
		// The first change that applies: what both files have is changed in the Go file.
		goText, asmText := strings.Replace(closedGoText, c.old, c.new, 1), closedAsmText
		if goText == closedGoText {
			asmText = strings.Replace(closedAsmText, c.old, c.new, 1)
		}
		if goText == closedGoText && asmText == closedAsmText {
			t.Fatalf("%q is in neither file", c.old)
		}
		if err := check(goText, asmText); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q for %q: got %v, want %s", c.new, c.old, err, c.want)
		}
	}
}
