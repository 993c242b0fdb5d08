package main

import (
	"runtime"

	"golang.org/x/sys/cpu"
)

// feature is a property of the CPU that kernels of an instruction set need.
type feature struct {
	Name string `json:"name"`
	Here bool   `json:"here"`
}

// features lists, for an instruction set, what its kernels may need. Generated packages ask for what their own instructions use,
// which may be less.
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

// lacks returns what this machine does not have of an instruction set, nil if it runs it.
func lacks(isa string) []string {
	var out []string
	if isa != "go" && runtime.GOARCH != "amd64" {
		return []string{"amd64"}
	}
	for _, f := range features(isa) {
		if !f.Here {
			out = append(out, f.Name)
		}
	}
	return out
}

// runnable lists the instruction sets that this machine runs, the best last.
func runnable() []string {
	var out []string
	for _, isa := range []string{"go", "avx2", "avx512"} {
		if len(lacks(isa)) == 0 {
			out = append(out, isa)
		}
	}
	return out
}
