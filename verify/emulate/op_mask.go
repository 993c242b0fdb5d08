package emulate

import "math/bits"

// maskForms are the instructions on mask registers.
func maskForms() []form {
	all := []form{}
	for _, s := range []struct {
		suffix, mem, general, size string
		bytes                      int
		feat, arith                Features
	}{
		{"W", "NP.0F.W0", "NP.0F.W0", "d", 2, AVX512F, AVX512DQ},
		{"B", "66.0F.W0", "66.0F.W0", "d", 1, AVX512DQ, AVX512DQ},
		{"Q", "NP.0F.W1", "F2.0F.W1", "q", 8, AVX512BW, AVX512BW},
		{"D", "66.0F.W1", "F2.0F.W0", "d", 4, AVX512BW, AVX512BW},
	} {
		mem := map[int]tuple{1: mem1, 2: mem2, 4: mem4, 8: mem8}[s.bytes]
		l0, l1 := "VEX.L0.", "VEX.L1."
		all = append(all,
			form{op: "KMOV" + s.suffix, enc: l0 + s.mem + " 90", args: "K,Q", mem: mem, feat: s.feat, run: maskRead(s.bytes)},
			form{op: "KMOV" + s.suffix, enc: l0 + s.mem + " 91", args: "M,K", mem: mem, feat: s.feat, run: maskWrite},
			form{op: "KMOV" + s.suffix, enc: l0 + s.general + " 92", args: "K,R" + s.size, feat: s.feat, run: maskRead(s.bytes)},
			form{op: "KMOV" + s.suffix, enc: l0 + s.general + " 93", args: "G" + s.size + ",q", feat: s.feat, run: maskGet(s.bytes)},
			form{op: "KNOT" + s.suffix, enc: l0 + s.mem + " 44", args: "K,q", feat: s.feat, run: maskNot(s.bytes)},
			form{op: "KORTEST" + s.suffix, enc: l0 + s.mem + " 98", args: "K,q", feat: s.feat, run: orTest(s.bytes)},
			form{op: "KTEST" + s.suffix, enc: l0 + s.mem + " 99", args: "K,q", feat: s.arith, run: maskTest(s.bytes)})
		for _, k := range []struct {
			op, opcode string
			f          func(a, b uint64) uint64
		}{
			{"KAND", "41", func(a, b uint64) uint64 { return a & b }}, {"KANDN", "42", func(a, b uint64) uint64 { return ^a & b }},
			{"KOR", "45", func(a, b uint64) uint64 { return a | b }}, {"KXNOR", "46", func(a, b uint64) uint64 { return ^(a ^ b) }},
			{"KXOR", "47", func(a, b uint64) uint64 { return a ^ b }}, {"KADD", "4A", func(a, b uint64) uint64 { return a + b }},
		} {
			feat := s.feat
			if k.op == "KADD" {
				feat = s.arith
			}
			run := maskOp2(s.bytes, k.f)
			all = append(all, form{op: k.op + s.suffix, enc: l1 + s.mem + " " + k.opcode, args: "K,k,q", feat: feat, run: run})
		}
	}
	return append(all, maskShifts()...)
}

// maskShifts are KSHIFTL, KSHIFTR and KUNPCK.
func maskShifts() []form {
	left := func(v uint64, n uint8) uint64 { return v << n }
	right := func(v uint64, n uint8) uint64 { return v >> n }
	var all []form
	for _, s := range []struct {
		suffix, w, left, right string
		bytes                  int
		feat                   Features
	}{
		{"B", "W0", "32", "30", 1, AVX512DQ}, {"W", "W1", "32", "30", 2, AVX512F},
		{"D", "W0", "33", "31", 4, AVX512BW}, {"Q", "W1", "33", "31", 8, AVX512BW},
	} {
		enc := "VEX.L0.66.0F3A." + s.w + " "
		all = append(all,
			form{op: "KSHIFTL" + s.suffix, enc: enc + s.left, args: "K,q,Ib", feat: s.feat, run: maskShift(s.bytes, left)},
			form{op: "KSHIFTR" + s.suffix, enc: enc + s.right, args: "K,q,Ib", feat: s.feat, run: maskShift(s.bytes, right)})
	}
	for _, u := range []struct {
		op, enc string
		half    int
		feat    Features
	}{{"KUNPCKBW", "66.0F.W0", 1, AVX512F}, {"KUNPCKWD", "NP.0F.W0", 2, AVX512BW}, {"KUNPCKDQ", "NP.0F.W1", 4, AVX512BW}} {
		join := func(a, b uint64) uint64 { return a<<(8*u.half) | b&sizeMask(u.half) }
		all = append(all, form{op: u.op, enc: "VEX.L1." + u.enc + " 4B", args: "K,k,q", feat: u.feat, run: maskOp2(2*u.half, join)})
	}
	return all
}

// maskRead is K = the low size bytes of a mask, memory or a general register; the rest becomes zero.
func maskRead(size int) exec {
	return func(m *Machine, in *Inst) error {
		if in.Args[1].Kind == MaskReg {
			m.K[in.Args[0].Reg] = m.K[in.Args[1].Reg] & sizeMask(size)
			return nil
		}
		v, err := m.integer(in, 1)
		m.K[in.Args[0].Reg] = v & sizeMask(size)
		return err
	}
}

func maskWrite(m *Machine, in *Inst) error { return m.setInteger(in, 0, m.K[in.Args[1].Reg]) }

func maskGet(size int) exec {
	return func(m *Machine, in *Inst) error {
		return m.setInteger(in, 0, m.K[in.Args[1].Reg]&sizeMask(size))
	}
}

func maskNot(size int) exec {
	return func(m *Machine, in *Inst) error {
		m.K[in.Args[0].Reg] = ^m.K[in.Args[1].Reg] & sizeMask(size)
		return nil
	}
}

func maskOp2(size int, f func(a, b uint64) uint64) exec {
	return func(m *Machine, in *Inst) error {
		m.K[in.Args[0].Reg] = f(m.K[in.Args[1].Reg], m.K[in.Args[2].Reg]) & sizeMask(size)
		return nil
	}
}

// maskShift shifts a mask by a constant; 64 and more give zero.
func maskShift(size int, f func(v uint64, n uint8) uint64) exec {
	return func(m *Machine, in *Inst) error {
		m.K[in.Args[0].Reg] = f(m.K[in.Args[1].Reg]&sizeMask(size), uint8(in.Args[2].Imm)) & sizeMask(size)
		return nil
	}
}

// orTest sets ZF if the union of two masks is empty and CF if it is full.
func orTest(size int) exec {
	return func(m *Machine, in *Inst) error {
		v := (m.K[in.Args[0].Reg] | m.K[in.Args[1].Reg]) & sizeMask(size)
		m.set(CF|ZF|SF|OF|PF, flag(v == 0, ZF)|flag(bits.OnesCount64(v) == 8*size, CF))
		return nil
	}
}

// maskTest sets ZF if two masks have nothing in common and CF if the second has nothing beyond the first.
func maskTest(size int) exec {
	return func(m *Machine, in *Inst) error {
		a, b := m.K[in.Args[0].Reg]&sizeMask(size), m.K[in.Args[1].Reg]&sizeMask(size)
		m.set(CF|ZF|SF|OF|PF, flag(a&b == 0, ZF)|flag(^a&b == 0, CF))
		return nil
	}
}
