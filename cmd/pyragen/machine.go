package main

import (
	"reflect"
	"runtime"
	"strings"

	"golang.org/x/sys/cpu"

	"github.com/pyragen/pyragen"
	"github.com/pyragen/pyragen/gen/goasm"
	"github.com/pyragen/pyragen/gen/gosrc"
	"github.com/pyragen/pyragen/spec"
)

// feature is a property of the CPU that kernels of an instruction set need.
type feature struct {
	Name string `json:"name"`
	Here bool   `json:"here"`
}

// features lists, for an instruction set, what its kernels may need. A package asks for what its own instructions use, which may be
// less: see featuresOf.
func features(isa string) []feature {
	switch isa {
	case "avx2":
		return []feature{{"AVX", cpu.X86.HasAVX}, {"AVX2", cpu.X86.HasAVX2}, {"FMA", cpu.X86.HasFMA}}
	case "avx512":
		return append(features("avx2"), feature{"AVX512F", cpu.X86.HasAVX512F}, feature{"AVX512DQ", cpu.X86.HasAVX512DQ},
			feature{"AVX512VL", cpu.X86.HasAVX512VL}, feature{"AVX512BW", cpu.X86.HasAVX512BW})
	}
	return nil
}

// featuresOf lists, for each instruction set of a spec, the features that its emitted instructions use.
func featuresOf(s spec.Spec) (map[string][]feature, error) {
	unit, err := pyragen.Unit(&s)
	if err != nil {
		return nil, err
	}
	assembly, err := goasm.Emit(append(unit.For("avx2"), unit.For("avx512")...), gosrc.FuncName)
	if err != nil {
		return nil, err
	}
	here := reflect.ValueOf(cpu.X86)
	out := map[string][]feature{}
	for isa, fields := range assembly.Features {
		for _, field := range fields {
			out[isa] = append(out[isa], feature{strings.TrimPrefix(field, "Has"), here.FieldByName(field).Bool()})
		}
	}
	return out, nil
}

// generally are the features of every instruction set.
func generally() map[string][]feature {
	out := map[string][]feature{}
	for _, isa := range spec.ISAs() {
		out[isa] = features(isa)
	}
	return out
}

// lacks returns what this machine does not have of what an instruction set needs, nil if it runs it.
func lacks(isa string, needed []feature) []string {
	var out []string
	if isa != "go" && runtime.GOARCH != "amd64" {
		return []string{"amd64"}
	}
	for _, f := range needed {
		if !f.Here {
			out = append(out, f.Name)
		}
	}
	return out
}
