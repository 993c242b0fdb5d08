package emulate

import (
	"fmt"
	"strings"
)

// A Use is machine code of one instruction, made from the tables: what the form names are registers 3 (modrm.reg), 2 (vvvv) and
// 1 (modrm.rm) or memory near R10.
type Use struct {
	Code   []byte
	Text   string // form, and operand (R10) if it is memory
	AVX512 bool
}

// Uses encodes every form with a register and with memory, and of forms with several vector lengths, masks or broadcast every
// length, a merging and a zeroing mask, and a broadcast. It leaves out jumps, divisions, what moves the stack pointer, and LEA,
// whose result differs from run to run.
func Uses() []Use {
	var uses []Use
	for key, list := range forms() {
		for _, f := range list {
			if strings.ContainsAny(f.args, "ZJ") || !f.modrm || f.args == "" {
				continue
			}
			switch f.op {
			case "DIV", "IDIV", "PUSH", "POP", "LEA", "LDMXCSR", "STMXCSR", "VLDMXCSR", "VSTMXCSR":
				continue
			}
			for _, u := range variants(key, f) {
				uses = append(uses, u.encode())
			}
		}
	}
	return uses
}

// A variant is a form with everything chosen that it leaves open.
type variant struct {
	key       opcodeKey
	f         *form
	l         int // vector length: 0, 1, 2
	memory    bool
	broadcast bool
	mask      bool
	zeroing   bool
}

func variants(key opcodeKey, f *form) []variant {
	lowest, highest := 0, 0
	for l := range 3 {
		if f.lengths>>l&1 == 1 && f.lengths != anyLength {
			highest = l
		}
	}
	for f.lengths != 0 && f.lengths>>lowest&1 == 0 {
		lowest++
	}
	middle := (lowest + highest + 1) / 2
	masked := key.enc == 'E' && !f.unmasked
	var all []variant
	add := func(l int, memory, broadcast, mask, zeroing bool) {
		if memory && f.rmMem || !memory && (f.rmReg || !f.rmMem) {
			all = append(all, variant{key, f, l, memory, broadcast, mask, zeroing})
		}
	}
	store := f.kinds[0][0] == 'M' || f.kinds[0][0] == 'W'
	for i, l := range []int{highest, middle, lowest} {
		if i > 0 && l == highest && highest != lowest {
			continue
		}
		add(l, false, false, masked && i < 2, masked && i == 1 && f.kinds[0] != "K")
		add(l, true, false, masked && i < 2, masked && i == 1 && !store && f.kinds[0] != "K")
	}
	if f.mem.bcast != 0 && key.enc == 'E' {
		add(highest, true, true, false, false)
		add(lowest, true, true, masked, false)
	}
	return all
}

func (v variant) encode() Use {
	w := byte(max(v.f.w, 0))
	var code []byte
	switch v.key.enc {
	case 'L':
		code = v.legacyPrefix()
	case 'V':
		code = []byte{0xc4, 0xc0 | v.key.mm, w<<7 | ^v.vvvv()&0xf<<3 | byte(v.l)<<2 | v.pp()}
		if !v.memory {
			code[1] |= 0x20
		}
	case 'E':
		code = []byte{0x62, 0xd0 | v.key.mm, w<<7 | ^v.vvvv()&0xf<<3 | 4 | v.pp(), byte(v.l)<<5 | 8}
		if !v.memory {
			code[1] |= 0x20
		}
		for bit, on := range map[byte]bool{0x80: v.zeroing, 0x10: v.broadcast, 0x01: v.mask} {
			if on {
				code[3] |= bit
			}
		}
	}
	code = append(code, v.key.opcode)
	reg := byte(3)
	if v.f.digit >= 0 {
		reg = byte(v.f.digit)
	}
	if v.memory {
		disp := map[byte]byte{'L': 16, 'V': 64, 'E': 1}[v.key.enc] // EVEX multiplies it by the operand's size
		code = append(code, 0x40|reg<<3|2, disp)
	} else {
		code = append(code, 0xc0|reg<<3|1)
	}
	avx512 := v.key.enc == 'E' || v.key.enc == 'V' && strings.ContainsAny(v.f.args, "KkQq")
	return Use{append(code, v.immediate()...), v.text(), avx512}
}

func (v variant) legacyPrefix() []byte {
	var code []byte
	if v.key.pp != 0 {
		code = append(code, v.key.pp)
	}
	if v.memory {
		code = append(code, 0x41)
	}
	if v.key.mm == 1 {
		code = append(code, 0x0f)
	}
	return code
}

func (v variant) pp() byte { return map[byte]byte{0: 0, 0x66: 1, 0xf3: 2, 0xf2: 3}[v.key.pp] }

func (v variant) vvvv() byte {
	if strings.ContainsAny(v.f.args, "HBk") {
		return 2
	}
	return 0
}

func (v variant) immediate() []byte {
	for _, k := range v.f.kinds {
		switch {
		case k == "L":
			return []byte{4 << 4}
		case k == "Ib":
			return []byte{0x9d}
		case k == "Iz":
			return []byte{0x9d, 2, 0, 0x80}
		}
	}
	return nil
}

func (v variant) text() string {
	text := fmt.Sprintf("%s %s, %s, L=%d", v.f.op, v.f.args, v.f.enc, v.l)
	for word, on := range map[string]bool{"masked": v.mask, "zeroing": v.zeroing, "broadcast": v.broadcast} {
		if on {
			text += " " + word
		}
	}
	if v.memory {
		text += " (R10)"
	}
	return text
}
