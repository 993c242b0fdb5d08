package emulate

// zeroForms are VZEROUPPER and VZEROALL.
func zeroForms() []form {
	return []form{
		{op: "VZEROUPPER", enc: "VEX.128.NP.0F.WIG 77", run: zero(16)},
		{op: "VZEROALL", enc: "VEX.256.NP.0F.WIG 77", run: zero(0)},
	}
}

// zero clears registers 0..15 from byte on; 16..31 have no VEX instruction that the state of their upper halves could slow down.
func zero(from int) exec {
	return func(m *Machine, _ *Inst) error {
		for i := range 16 {
			clear(m.V[i][from:])
		}
		m.dirty = false
		return nil
	}
}
