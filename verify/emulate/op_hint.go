package emulate

// hintForms are instructions that change nothing a kernel computes, and those that change how the CPU computes.
func hintForms() []form {
	nothing := func(*Machine, *Inst) error { return nil }
	return []form{
		{op: "NOP", enc: "LEG 90", run: nothing},
		{op: "PAUSE", enc: "LEG.F3 90", run: nothing},
		{op: "NOP", enc: "LEG.0F 1F /0", args: "Ev", run: nothing},
		{op: "PREFETCHNTA", enc: "LEG.0F 18 /0", args: "Mb", run: nothing},
		{op: "PREFETCHT0", enc: "LEG.0F 18 /1", args: "Mb", run: nothing},
		{op: "PREFETCHT1", enc: "LEG.0F 18 /2", args: "Mb", run: nothing},
		{op: "PREFETCHT2", enc: "LEG.0F 18 /3", args: "Mb", run: nothing},
		{op: "PREFETCHW", enc: "LEG.0F 0D /1", args: "Mb", run: nothing},
		{op: "LFENCE", enc: "LEG.0F AE /5", run: nothing},
		{op: "MFENCE", enc: "LEG.0F AE /6", run: nothing},
		{op: "SFENCE", enc: "LEG.0F AE /7", run: nothing},
		{op: "LDMXCSR", enc: "LEG.0F AE /2", args: "Md", run: loadMXCSR},
		{op: "STMXCSR", enc: "LEG.0F AE /3", args: "Md", run: storeMXCSR},
		{op: "VLDMXCSR", enc: "VEX.128.NP.0F.WIG AE /2", args: "Md", run: loadMXCSR},
		{op: "VSTMXCSR", enc: "VEX.128.NP.0F.WIG AE /3", args: "Md", run: storeMXCSR},
		{op: "CLD", enc: "LEG FC", run: func(m *Machine, _ *Inst) error { m.set(DF, 0); return nil }},
		{op: "STD", enc: "LEG FD", run: func(m *Machine, _ *Inst) error { m.set(DF, DF); return nil }},
	}
}

const (
	defaultMXCSR = 0x1f80 // all exceptions masked, round to nearest, subnormals kept
	stickyMXCSR  = 0x003f // exception flags, which nobody reads
)

// loadMXCSR refuses any other control word than Go's: kernels share it with everything else on the thread.
func loadMXCSR(m *Machine, in *Inst) error {
	v, err := m.load(in, m.address(in), 4)
	if err != nil {
		return err
	}
	if v&^stickyMXCSR != defaultMXCSR {
		return &ABIError{Func: m.fn.Name, What: "MXCSR", Got: hex(v), Want: hex(defaultMXCSR) + " throughout"}
	}
	return nil
}

func storeMXCSR(m *Machine, in *Inst) error { return m.storeInt(in, m.address(in), 4, defaultMXCSR) }
