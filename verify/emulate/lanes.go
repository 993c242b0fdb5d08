package emulate

// The lanewise instructions: what is computed in a lane is given, what is around it (operands, masks, upper lanes) is here.

// lanes1 is dst[i] = f(src[i]).
func lanes1[T element](f func(a T) T) exec {
	elem := sizeof[T]()
	return func(m *Machine, in *Inst) error {
		active := m.active(in, in.Vector, elem)
		var buf, out Vec
		a, err := m.source(in, &in.Args[1], &buf, elem, active)
		if err != nil {
			return err
		}
		for i := range in.Vector / elem {
			if active>>i&1 != 0 {
				setLane(&out, i, f(lane[T](a, i)))
			}
		}
		m.write(in, &out, in.Vector, elem, active)
		return nil
	}
}

// lanes2 is dst[i] = f(a[i], b[i]).
func lanes2[T laneBits](f func(a, b T) T) exec {
	elem := sizeof[T]()
	return func(m *Machine, in *Inst) error {
		active := m.active(in, in.Vector, elem)
		var buf, out Vec
		b, err := m.source(in, &in.Args[2], &buf, elem, active)
		if err != nil {
			return err
		}
		a := &m.V[in.Args[1].Reg]
		for i := range in.Vector / elem {
			if active>>i&1 != 0 {
				setLane(&out, i, f(lane[T](a, i), lane[T](b, i)))
			}
		}
		m.write(in, &out, in.Vector, elem, active)
		return nil
	}
}

// lanes3 is dst[i] = f(dst[i], a[i], b[i]).
func lanes3[T element](f func(d, a, b T) T) exec {
	elem := sizeof[T]()
	return func(m *Machine, in *Inst) error {
		active := m.active(in, in.Vector, elem)
		var buf, out Vec
		b, err := m.source(in, &in.Args[2], &buf, elem, active)
		if err != nil {
			return err
		}
		d, a := &m.V[in.Args[0].Reg], &m.V[in.Args[1].Reg]
		for i := range in.Vector / elem {
			if active>>i&1 != 0 {
				setLane(&out, i, f(lane[T](d, i), lane[T](a, i), lane[T](b, i)))
			}
		}
		m.write(in, &out, in.Vector, elem, active)
		return nil
	}
}

// lanesImm is dst[i] = f(src[i], imm8).
func lanesImm[T laneBits](f func(a T, imm uint8) T) exec {
	elem := sizeof[T]()
	return func(m *Machine, in *Inst) error {
		active := m.active(in, in.Vector, elem)
		var buf, out Vec
		a, err := m.source(in, &in.Args[1], &buf, elem, active)
		if err != nil {
			return err
		}
		for i := range in.Vector / elem {
			if active>>i&1 != 0 {
				setLane(&out, i, f(lane[T](a, i), uint8(in.Args[2].Imm)))
			}
		}
		m.write(in, &out, in.Vector, elem, active)
		return nil
	}
}

// scalar is dst[0] = f(a[0], b[0]); the rest of the low 16 bytes is a's, all above is zero.
func scalar[T element](f func(a, b T) T) exec {
	return scalarOf(func(_ *Inst, a, b T) T { return f(a, b) })
}

// scalarImm is dst[0] = f(b[0], imm8) around which scalar's rule holds.
func scalarImm[T element](f func(b T, imm uint8) T) exec {
	return scalarOf(func(in *Inst, _, b T) T { return f(b, uint8(in.Args[3].Imm)) })
}

func scalarOf[T element](f func(in *Inst, a, b T) T) exec {
	elem := sizeof[T]()
	return func(m *Machine, in *Inst) error {
		active := m.active(in, elem, elem)
		var buf Vec
		b, err := m.source(in, &in.Args[2], &buf, elem, active)
		if err != nil {
			return err
		}
		out := m.V[in.Args[1].Reg]
		if active != 0 {
			setLane(&out, 0, f(in, lane[T](&out, 0), lane[T](b, 0)))
		}
		m.writeScalar(in, &out, elem, active)
		return nil
	}
}

// scalarFused is dst[0] = f(dst[0], a[0], b[0]); unlike with other scalar instructions the rest stays the destination's.
func scalarFused[T element](f func(d, a, b T) T) exec {
	elem := sizeof[T]()
	return func(m *Machine, in *Inst) error {
		active := m.active(in, elem, elem)
		var buf Vec
		b, err := m.source(in, &in.Args[2], &buf, elem, active)
		if err != nil {
			return err
		}
		out := m.V[in.Args[0].Reg]
		if active != 0 {
			setLane(&out, 0, f(lane[T](&out, 0), lane[T](&m.V[in.Args[1].Reg], 0), lane[T](b, 0)))
		}
		m.writeScalar(in, &out, elem, active)
		return nil
	}
}
