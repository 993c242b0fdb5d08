package emulate

import "fmt"

// branchForms are jumps and RET.
func branchForms() []form {
	all := []form{
		{op: "JMP", enc: "LEG EB", args: "Jb", run: jump},
		{op: "JMP", enc: "LEG E9", args: "Jz", run: jump},
		{op: "RET", enc: "LEG C3", run: ret},
	}
	for cc, name := range conditions {
		run := conditionalJump(byte(cc))
		all = append(all,
			form{op: "J" + name, enc: fmt.Sprintf("LEG %02X", 0x70+cc), args: "Jb", run: run},
			form{op: "J" + name, enc: fmt.Sprintf("LEG.0F %02X", 0x80+cc), args: "Jz", run: run})
	}
	return all
}

func jump(m *Machine, in *Inst) error {
	if in.target < 0 {
		return m.stop(in, "jumps out of the function or into the middle of an instruction")
	}
	m.next = in.target
	return nil
}

func conditionalJump(cc byte) exec {
	return func(m *Machine, in *Inst) error {
		hit, err := m.condition(in, cc)
		if err != nil || !hit {
			return err
		}
		return jump(m, in)
	}
}

func ret(m *Machine, in *Inst) error {
	addr, err := m.load(in, m.R[regSP], 8)
	if err != nil {
		return err
	}
	m.R[regSP] += 8
	if addr != returnAddr {
		return &ABIError{Func: m.fn.Name, What: "the return address", Got: hex(addr), Want: hex(returnAddr)}
	}
	return errReturned
}
