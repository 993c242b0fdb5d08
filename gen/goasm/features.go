package goasm

import (
	"fmt"

	avo "github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/reg"
)

// cpuFields maps avo's names of instruction set extensions to fields of golang.org/x/sys/cpu.X86; "" is what every amd64 has.
var cpuFields = map[string]string{
	"AVX": "HasAVX", "AVX2": "HasAVX2", "FMA3": "HasFMA", "BMI": "HasBMI1", "BMI2": "HasBMI2",
	"F16C":    "HasF16C",
	"AVX512F": "HasAVX512F", "AVX512DQ": "HasAVX512DQ", "AVX512VL": "HasAVX512VL", "AVX512BW": "HasAVX512BW",
	"SSE": "", "SSE2": "", "MMX+": "", "CMOV": "",
}

// features adds the fields that a function's instructions need.
func features(fn *avo.Function, set map[string]bool) error {
	for _, isa := range fn.ISA {
		field, ok := cpuFields[isa]
		if !ok {
			return fmt.Errorf("%s: internal error: extension %s of its instructions is not known", fn.Name, isa)
		}
		if field != "" {
			set[field] = true
		}
	}
	for _, i := range instructions(fn) {
		for _, op := range i.Operands {
			// Registers from 16 on are in EVEX alone, which below 512 bits is AVX512VL. avo has chosen the form before registers
			// were dealt out; of the instructions written here, in EVEX only these are in an extension of their own.
			if p, ok := op.(reg.Physical); ok && p.Kind() == reg.KindVector && p.PhysicalIndex() >= 16 && p.Size() < 64 {
				set["HasAVX512F"], set["HasAVX512VL"] = true, true
				switch i.Opcode {
				case "VXORPS":
					set["HasAVX512DQ"] = true
				case "VPBROADCASTW", "VPEXTRW":
					set["HasAVX512BW"] = true
				}
			}
		}
	}
	return nil
}
