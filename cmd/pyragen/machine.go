package main

import (
	"reflect"
	"runtime"
	"strings"

	"golang.org/x/sys/cpu"

	"github.com/pyragen/pyragen"
	"github.com/pyragen/pyragen/gen/goasm"
	"github.com/pyragen/pyragen/gen/gosrc"
	"github.com/pyragen/pyragen/schedule"
	"github.com/pyragen/pyragen/spec"
)

// feature is a property of the CPU that kernels of an instruction set need.
type feature struct {
	Name string `json:"name"`
	Here bool   `json:"here"`
}

// features lists, for an instruction set, what its kernels may need. A package asks for what its own instructions use, which may be
// less: see emittedBy.
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

// emitted is what explain tells of the code of a package.
type emitted struct {
	features map[string][]feature // of each instruction set: those that its instructions use
	kernels  map[string]footprint // by op, type and instruction set: see kernelKey
}

// footprint is the assembly of a kernel.
type footprint struct {
	registers, of int // vector registers that its functions need at most, of those that there are
	functions     int
	code          int // bytes of all of them, at most
}

func kernelKey(op, typ, isa string) string { return op + " " + typ + " " + isa }

// emittedBy compiles a spec as far as that takes.
func emittedBy(s spec.Spec) (*emitted, error) {
	unit, err := pyragen.Unit(&s)
	if err != nil {
		return nil, err
	}
	programs := append(unit.For("avx2"), unit.For("avx512")...)
	assembly, err := goasm.Emit(programs, gosrc.FuncName)
	if err != nil {
		return nil, err
	}
	code := map[string]int{}
	for _, s := range assembly.Stubs {
		code[s.Name] = s.Bytes
	}
	out := &emitted{map[string][]feature{}, map[string]footprint{}}
	for _, p := range programs {
		target, err := schedule.FindTarget(p.Target)
		if err != nil {
			return nil, err
		}
		k := footprint{of: target.VectorRegs, functions: len(p.Funcs)}
		for _, f := range p.Funcs {
			k.registers = max(k.registers, schedule.Registers(f).Total())
			k.code += code[gosrc.FuncName(p, f)]
		}
		out.kernels[kernelKey(p.Name, p.Storage().String(), p.Target)] = k
	}
	here := reflect.ValueOf(cpu.X86)
	for isa, fields := range assembly.Features {
		for _, field := range fields {
			out.features[isa] = append(out.features[isa], feature{strings.TrimPrefix(field, "Has"), here.FieldByName(field).Bool()})
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
