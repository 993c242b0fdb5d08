package emulate

// scalarMoves are VMOVSS and VMOVSD: a load clears the register above the element, a move between registers takes bits 127 and
// below from the second operand, a store touches the element only.
func scalarMoves(op, pp, w string, mem tuple, elem int) []form {
	var all []form
	for _, enc := range []string{"VEX.LIG." + pp + ".0F.WIG", "EVEX.LIG." + pp + ".0F." + w} {
		all = append(all,
			form{op: op, enc: enc + " 10", args: "V,M", mem: mem, run: scalarLoad(elem)},
			form{op: op, enc: enc + " 11", args: "M,V", mem: mem, run: scalarStore(elem)},
			form{op: op, enc: enc + " 10", args: "V,H,U", mem: mem, run: scalarMerge(elem)},
			form{op: op, enc: enc + " 11", args: "U,H,V", mem: mem, run: scalarMerge(elem)})
	}
	return all
}

func scalarLoad(elem int) exec {
	return func(m *Machine, in *Inst) error {
		active := m.active(in, elem, elem)
		var out Vec
		if _, err := m.source(in, &in.Args[1], &out, elem, active); err != nil {
			return err
		}
		m.writeScalar(in, &out, elem, active)
		return nil
	}
}

func scalarStore(elem int) exec {
	return func(m *Machine, in *Inst) error {
		return m.store(in, &m.V[in.Args[1].Reg], elem, elem, m.active(in, elem, elem))
	}
}

func scalarMerge(elem int) exec {
	return func(m *Machine, in *Inst) error {
		out := m.V[in.Args[1].Reg]
		copy(out[:elem], m.V[in.Args[2].Reg][:elem])
		m.writeScalar(in, &out, elem, m.active(in, elem, elem))
		return nil
	}
}

// generalMoves are moves of one element between general and vector registers, and of halves of a 16-byte vector.
func generalMoves(encoding string) []form {
	w, wide := ".WIG", ".WIG"
	if encoding == "EVEX" {
		w, wide = ".W0", ".W1"
	}
	e := encoding + ".128."
	return unmasked([]form{
		{op: "VMOVD", enc: e + "66.0F.W0 6E", args: "V,Ed", mem: mem4, run: fromGeneral},
		{op: "VMOVQ", enc: e + "66.0F.W1 6E", args: "V,Eq", mem: mem8, run: fromGeneral},
		{op: "VMOVD", enc: e + "66.0F.W0 7E", args: "Ed,V", mem: mem4, run: toGeneral},
		{op: "VMOVQ", enc: e + "66.0F.W1 7E", args: "Eq,V", mem: mem8, run: toGeneral},
		{op: "VMOVQ", enc: e + "F3.0F" + wide + " 7E", args: "V,W", mem: mem8, run: moveQuad},
		{op: "VMOVQ", enc: e + "66.0F" + wide + " D6", args: "W,V", mem: mem8, run: moveQuad},
		{op: "VMOVHLPS", enc: e + "NP.0F" + w + " 12", args: "V,H,U", run: pairs(oneHigh, zeroHigh)},
		{op: "VMOVLHPS", enc: e + "NP.0F" + w + " 16", args: "V,H,U", run: pairs(zeroLow, oneLow)},
		{op: "VMOVLPS", enc: e + "NP.0F" + w + " 12", args: "V,H,M", mem: mem8, run: pairs(oneLow, zeroHigh)},
		{op: "VMOVLPD", enc: e + "66.0F" + wide + " 12", args: "V,H,M", mem: mem8, run: pairs(oneLow, zeroHigh)},
		{op: "VMOVHPS", enc: e + "NP.0F" + w + " 16", args: "V,H,M", mem: mem8, run: pairs(zeroLow, oneLow)},
		{op: "VMOVHPD", enc: e + "66.0F" + wide + " 16", args: "V,H,M", mem: mem8, run: pairs(zeroLow, oneLow)},
		{op: "VMOVLPS", enc: e + "NP.0F" + w + " 13", args: "M,V", mem: mem8, run: storeQuad(0)},
		{op: "VMOVLPD", enc: e + "66.0F" + wide + " 13", args: "M,V", mem: mem8, run: storeQuad(0)},
		{op: "VMOVHPS", enc: e + "NP.0F" + w + " 17", args: "M,V", mem: mem8, run: storeQuad(8)},
		{op: "VMOVHPD", enc: e + "66.0F" + wide + " 17", args: "M,V", mem: mem8, run: storeQuad(8)},
	}...)
}

func fromGeneral(m *Machine, in *Inst) error {
	x, err := m.integer(in, 1)
	if err != nil {
		return err
	}
	var out Vec
	setLane(&out, 0, x)
	m.V[in.Args[0].Reg] = out
	return nil
}

func toGeneral(m *Machine, in *Inst) error {
	return m.setInteger(in, 0, lane[uint64](&m.V[in.Args[1].Reg], 0))
}

func moveQuad(m *Machine, in *Inst) error {
	if in.Args[0].Kind == Memory {
		return m.store(in, &m.V[in.Args[1].Reg], 8, 8, 1)
	}
	var buf, out Vec
	a, err := m.source(in, &in.Args[1], &buf, 0, 0)
	if err != nil {
		return err
	}
	copy(out[:8], a[:8])
	m.V[in.Args[0].Reg] = out
	return nil
}

func storeQuad(at int) exec {
	return func(m *Machine, in *Inst) error {
		return m.put(in, m.address(in), m.V[in.Args[1].Reg][at:at+8])
	}
}

// Which half of which source goes where, for pairs.
const (
	zeroLow = iota
	zeroHigh
	oneLow
	oneHigh
)

// pairs makes 16 bytes of two halves of the two sources.
func pairs(low, high int) exec {
	return func(m *Machine, in *Inst) error {
		var buf, out Vec
		b, err := m.source(in, &in.Args[2], &buf, 0, 0)
		if err != nil {
			return err
		}
		a := &m.V[in.Args[1].Reg]
		for i, pick := range []int{low, high} {
			setLane(&out, i, lane[uint64]([]*Vec{a, b}[pick/2], pick%2))
		}
		m.V[in.Args[0].Reg] = out
		return nil
	}
}
