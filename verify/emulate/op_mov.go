package emulate

import "fmt"

// movForms are moves of integers: MOV, LEA, MOVZX, MOVSX, XCHG, CMOVcc, SETcc, PUSH, POP and the sign extensions of AX.
func movForms() []form {
	all := []form{
		{op: "MOV", enc: "LEG 88", args: "Eb,Gb", run: mov}, {op: "MOV", enc: "LEG 89", args: "Ev,Gv", run: mov},
		{op: "MOV", enc: "LEG 8A", args: "Gb,Eb", run: mov}, {op: "MOV", enc: "LEG 8B", args: "Gv,Ev", run: mov},
		{op: "MOV", enc: "LEG C6 /0", args: "Eb,Ib", run: mov}, {op: "MOV", enc: "LEG C7 /0", args: "Ev,Iz", run: mov},
		{op: "MOVZX", enc: "LEG.0F B6", args: "Gv,Eb", run: mov}, {op: "MOVZX", enc: "LEG.0F B7", args: "Gv,Ew", run: mov},
		{op: "MOVSX", enc: "LEG.0F BE", args: "Gv,Eb", run: movSigned},
		{op: "MOVSX", enc: "LEG.0F BF", args: "Gv,Ew", run: movSigned},
		{op: "MOVSXD", enc: "LEG 63", args: "Gv,Ed", run: movSigned},
		{op: "LEA", enc: "LEG 8D", args: "Gv,M", run: lea},
		{op: "XCHG", enc: "LEG 87", args: "Ev,Gv", run: exchange},
		{op: "PUSH", enc: "LEG 68", args: "Iz", run: push}, {op: "PUSH", enc: "LEG 6A", args: "Ib", run: push},
		{op: "PUSH", enc: "LEG FF /6", args: "Eq", run: push}, {op: "POP", enc: "LEG 8F /0", args: "Eq", run: pop},
		{op: "CBW/CWDE/CDQE", enc: "LEG 98", args: "Av", run: extendHalf},
		{op: "CWD/CDQ/CQO", enc: "LEG 99", args: "Av", run: extendInto},
	}
	for r := range 8 {
		all = append(all,
			form{op: "MOV", enc: fmt.Sprintf("LEG %02X", 0xb0+r), args: "Zb,Ib", run: mov},
			form{op: "MOV", enc: fmt.Sprintf("LEG %02X", 0xb8+r), args: "Zv,Iv", run: mov},
			form{op: "PUSH", enc: fmt.Sprintf("LEG %02X", 0x50+r), args: "Zq", run: push},
			form{op: "POP", enc: fmt.Sprintf("LEG %02X", 0x58+r), args: "Zq", run: pop})
	}
	for cc, name := range conditions {
		all = append(all,
			form{op: "CMOV" + name, enc: fmt.Sprintf("LEG.0F %02X", 0x40+cc), args: "Gv,Ev", run: conditionalMove(byte(cc))},
			form{op: "SET" + name, enc: fmt.Sprintf("LEG.0F %02X", 0x90+cc), args: "Eb", run: setCondition(byte(cc))})
	}
	return all
}

// conditions are the manual's names of the condition codes 0..15.
var conditions = [16]string{"O", "NO", "B", "AE", "E", "NE", "BE", "A", "S", "NS", "P", "NP", "L", "GE", "LE", "G"}

func mov(m *Machine, in *Inst) error {
	v, err := m.integer(in, 1)
	if err != nil {
		return err
	}
	return m.setInteger(in, 0, v)
}

func movSigned(m *Machine, in *Inst) error {
	v, err := m.integer(in, 1)
	if err != nil {
		return err
	}
	return m.setInteger(in, 0, signExtend(v, in.Args[1].Size))
}

func lea(m *Machine, in *Inst) error { return m.setInteger(in, 0, m.address(in)) }

func exchange(m *Machine, in *Inst) error {
	a, err := m.integer(in, 0)
	if err != nil {
		return err
	}
	b, err := m.integer(in, 1)
	if err != nil {
		return err
	}
	if err := m.setInteger(in, 0, b); err != nil {
		return err
	}
	return m.setInteger(in, 1, a)
}

func push(m *Machine, in *Inst) error {
	v, err := m.integer(in, 0)
	if err != nil {
		return err
	}
	m.R[regSP] -= 8
	return m.storeInt(in, m.R[regSP], 8, v)
}

func pop(m *Machine, in *Inst) error {
	v, err := m.load(in, m.R[regSP], 8)
	if err != nil {
		return err
	}
	m.R[regSP] += 8
	return m.setInteger(in, 0, v)
}

// extendHalf sign-extends the lower half of AX into AX.
func extendHalf(m *Machine, in *Inst) error {
	return m.setInteger(in, 0, signExtend(m.R[regAX], in.osize/2))
}

// extendInto fills DX with the sign of AX.
func extendInto(m *Machine, in *Inst) error {
	sign := signOf(m.R[regAX], in.osize)
	if in.osize == 2 {
		m.R[regDX] = m.R[regDX]&^0xffff | sign&0xffff
		return nil
	}
	m.R[regDX] = sign & sizeMask(in.osize)
	return nil
}

// conditionalMove reads its source and, for 32 bits, clears the upper half whether or not the condition holds.
func conditionalMove(cc byte) exec {
	return func(m *Machine, in *Inst) error {
		v, err := m.integer(in, 1)
		if err != nil {
			return err
		}
		hit, err := m.condition(in, cc)
		if err != nil {
			return err
		}
		if !hit {
			v = m.R[in.Args[0].Reg]
		}
		return m.setInteger(in, 0, v)
	}
}

func setCondition(cc byte) exec {
	return func(m *Machine, in *Inst) error {
		hit, err := m.condition(in, cc)
		if err != nil {
			return err
		}
		return m.setInteger(in, 0, uint64(flag(hit, 1)))
	}
}
