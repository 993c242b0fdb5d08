package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pyragen/pyragen"
	"github.com/pyragen/pyragen/gen/gosrc"
	"github.com/pyragen/pyragen/spec"
	"github.com/pyragen/pyragen/verify"
	"github.com/pyragen/pyragen/verify/emulate"
)

// TestDeclaredNarrow: the machine code of kernels of tensors in 16 bits, decoded again, needs nothing that dispatch does not ask for (R9).
func TestDeclaredNarrow(t *testing.T) {
	specs := verify.NarrowSpecs()
	h, packages := harnessFor(t, specs)
	defer h.Close()
	image, err := emulate.Load(h.Server())
	if err != nil {
		t.Fatal(err)
	}
	functions := 0
	for i, p := range packages {
		need := needs(t, p)
		unit, err := pyragen.Unit(&spec.Spec{Package: p.Name, Window: p.Window, Strides: p.Strides, Dim: p.Dim, Types: p.Types, Ops: p.Ops, With: p.With})
		if err != nil {
			t.Fatal(err)
		}
		for _, program := range unit.Programs {
			if program.Target == "go" {
				continue
			}
			for _, f := range program.Funcs {
				fn, err := image.Func(fmt.Sprintf("scratch/p%d.%s", i, gosrc.FuncName(program, f)))
				if err != nil {
					t.Fatal(err)
				}
				for _, name := range fn.Features().Names() {
					if !slices.Contains(need[program.Target], strings.ToLower(name)) {
						t.Errorf("%s of %s needs %s, dispatch asks for %v", fn.Name, p.Name, name, need[program.Target])
					}
				}
				functions++
			}
		}
	}
	if functions < 60 {
		t.Errorf("%d functions, want at least 60", functions)
	}
}
