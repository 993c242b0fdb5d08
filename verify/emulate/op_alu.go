package emulate

import "fmt"

// aluForms are ADD, OR, ADC, SBB, AND, SUB, XOR, CMP, TEST, INC, DEC, NEG and NOT.
func aluForms() []form {
	var all []form
	for i, k := range []struct {
		op  string
		run exec
	}{{"ADD", alu(sum, true)}, {"OR", alu(or, true)}, {"ADC", alu(carrySum, true)}, {"SBB", alu(borrow, true)},
		{"AND", alu(and, true)}, {"SUB", alu(difference, true)}, {"XOR", alu(xor, true)}, {"CMP", alu(difference, false)}} {
		for opcode, args := range []string{"Eb,Gb", "Ev,Gv", "Gb,Eb", "Gv,Ev", "Ab,Ib", "Av,Iz"} {
			all = append(all, form{op: k.op, enc: fmt.Sprintf("LEG %02X", 8*i+opcode), args: args, run: k.run})
		}
		for _, g := range []struct{ opcode, args string }{{"80", "Eb,Ib"}, {"81", "Ev,Iz"}, {"83", "Ev,Ib"}} {
			all = append(all, form{op: k.op, enc: fmt.Sprintf("LEG %s /%d", g.opcode, i), args: g.args, run: k.run})
		}
	}
	test := alu(and, false)
	return append(all,
		form{op: "TEST", enc: "LEG 84", args: "Eb,Gb", run: test}, form{op: "TEST", enc: "LEG 85", args: "Ev,Gv", run: test},
		form{op: "TEST", enc: "LEG A8", args: "Ab,Ib", run: test}, form{op: "TEST", enc: "LEG A9", args: "Av,Iz", run: test},
		form{op: "TEST", enc: "LEG F6 /0", args: "Eb,Ib", run: test}, form{op: "TEST", enc: "LEG F7 /0", args: "Ev,Iz", run: test},
		form{op: "NOT", enc: "LEG F6 /2", args: "Eb", run: alu1(not)}, form{op: "NOT", enc: "LEG F7 /2", args: "Ev", run: alu1(not)},
		form{op: "NEG", enc: "LEG F6 /3", args: "Eb", run: alu1(neg)}, form{op: "NEG", enc: "LEG F7 /3", args: "Ev", run: alu1(neg)},
		form{op: "INC", enc: "LEG FE /0", args: "Eb", run: alu1(inc)}, form{op: "INC", enc: "LEG FF /0", args: "Ev", run: alu1(inc)},
		form{op: "DEC", enc: "LEG FE /1", args: "Eb", run: alu1(dec)}, form{op: "DEC", enc: "LEG FF /1", args: "Ev", run: alu1(dec)})
}

// alu is dst = f(dst, src); only the flags are kept if write is false.
func alu(f func(m *Machine, a, b uint64, size int) uint64, write bool) exec {
	return func(m *Machine, in *Inst) error {
		a, err := m.integer(in, 0)
		if err != nil {
			return err
		}
		b, err := m.integer(in, 1)
		if err != nil {
			return err
		}
		r := f(m, a, b, in.Args[0].Size)
		if !write {
			return nil
		}
		return m.setInteger(in, 0, r)
	}
}

// alu1 is dst = f(dst).
func alu1(f func(m *Machine, a uint64, size int) uint64) exec {
	return func(m *Machine, in *Inst) error {
		a, err := m.integer(in, 0)
		if err != nil {
			return err
		}
		return m.setInteger(in, 0, f(m, a, in.Args[0].Size))
	}
}

func sum(m *Machine, a, b uint64, size int) uint64        { return m.addFlags(a, b, 0, size) }
func difference(m *Machine, a, b uint64, size int) uint64 { return m.subFlags(a, b, 0, size) }
func carrySum(m *Machine, a, b uint64, size int) uint64   { return m.addFlags(a, b, m.carry(), size) }
func borrow(m *Machine, a, b uint64, size int) uint64     { return m.subFlags(a, b, m.carry(), size) }
func and(m *Machine, a, b uint64, size int) uint64        { return m.logic(a&b, size) }
func or(m *Machine, a, b uint64, size int) uint64         { return m.logic(a|b, size) }
func xor(m *Machine, a, b uint64, size int) uint64        { return m.logic(a^b, size) }
func not(_ *Machine, a uint64, _ int) uint64              { return ^a }
func neg(m *Machine, a uint64, size int) uint64           { return m.subFlags(0, a, 0, size) }

// inc and dec leave CF alone.
func inc(m *Machine, a uint64, size int) uint64 {
	return m.keepCarry(func() uint64 { return m.addFlags(a, 1, 0, size) })
}

func dec(m *Machine, a uint64, size int) uint64 {
	return m.keepCarry(func() uint64 { return m.subFlags(a, 1, 0, size) })
}

func (m *Machine) keepCarry(f func() uint64) uint64 {
	carry, undefined := m.Flags&CF, m.undefined&CF
	r := f()
	m.set(CF, carry)
	m.undefined |= undefined
	return r
}

func (m *Machine) carry() uint64 { return uint64(m.Flags & CF) }

// logic sets the flags of AND, OR, XOR and TEST.
func (m *Machine) logic(r uint64, size int) uint64 {
	m.result(r, size)
	m.set(CF|OF, 0)
	return r
}
