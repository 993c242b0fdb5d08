package emulate

import (
	"encoding/binary"
	"unsafe"
)

// A Vec is a vector register, lane 0 first, little endian.
type Vec [64]byte

// An element is a lane as a number: the pattern of 32 or 64 bits.
type element interface{ uint32 | uint64 }

// laneBits is the pattern of any lane, one of 16 bits too.
type laneBits interface{ uint16 | element }

func sizeof[T laneBits]() int {
	var x T
	return int(unsafe.Sizeof(x))
}

// lane reads element i of v.
func lane[T laneBits](v *Vec, i int) T {
	switch sizeof[T]() {
	case 2:
		return T(binary.LittleEndian.Uint16(v[i*2:]))
	case 4:
		return T(binary.LittleEndian.Uint32(v[i*4:]))
	}
	return T(binary.LittleEndian.Uint64(v[i*8:]))
}

// setLane writes element i of v.
func setLane[T laneBits](v *Vec, i int, x T) {
	switch sizeof[T]() {
	case 2:
		binary.LittleEndian.PutUint16(v[i*2:], uint16(x))
	case 4:
		binary.LittleEndian.PutUint32(v[i*4:], uint32(x))
	default:
		binary.LittleEndian.PutUint64(v[i*8:], uint64(x))
	}
}

// active is the set of lanes, of elem bytes each, that in's mask keeps of vector bytes.
func (m *Machine) active(in *Inst, vector, elem int) uint64 {
	all := uint64(1)<<(vector/elem) - 1
	if vector/elem == 64 {
		all = ^uint64(0)
	}
	if in.Mask == 0 {
		return all
	}
	return m.K[in.Mask] & all
}

// source is the vector operand o: the register itself, or memory read into buf. Lanes of elem bytes that are not active are not
// read from memory; elem 0 reads all of it.
func (m *Machine) source(in *Inst, o *Operand, buf *Vec, elem int, active uint64) (*Vec, error) {
	if o.Kind == Vector {
		return &m.V[o.Reg], nil
	}
	switch {
	case in.Bcast:
		if active == 0 {
			return buf, nil
		}
		b, err := m.read(in, m.address(in), o.Size)
		if err != nil {
			return nil, err
		}
		for i := 0; i < in.Vector; i += o.Size {
			copy(buf[i:], b)
		}
	case elem == 0 || active == uint64(1)<<(o.Size/elem)-1:
		b, err := m.read(in, m.address(in), o.Size)
		if err != nil {
			return nil, err
		}
		copy(buf[:], b)
	default:
		at := m.address(in)
		for i := 0; i < o.Size; i += elem {
			if active>>(i/elem)&1 == 0 {
				continue
			}
			b, err := m.read(in, at+uint64(i), elem)
			if err != nil {
				return nil, err
			}
			copy(buf[i:], b)
		}
	}
	return buf, nil
}

// write puts the first size bytes of out into the destination register and clears the rest of it, as VEX and EVEX do. Lanes of
// elem bytes that are not active keep what the register holds, or become zero.
func (m *Machine) write(in *Inst, out *Vec, size, elem int, active uint64) {
	reg := in.Args[0].Reg
	dst := &m.V[reg]
	if in.Mask != 0 {
		for i := 0; i < size; i += elem {
			if active>>(i/elem)&1 != 0 {
				continue
			}
			if in.Zeroing {
				clear(out[i : i+elem])
			} else {
				copy(out[i:i+elem], dst[i:i+elem])
			}
		}
	}
	clear(out[size:])
	*dst = *out
	if size > 16 && reg < 16 {
		m.dirty = true
	}
}

// writeScalar puts the low 16 bytes of out into the destination register and clears the rest of it; a mask governs lane 0 only.
func (m *Machine) writeScalar(in *Inst, out *Vec, elem int, active uint64) {
	dst := &m.V[in.Args[0].Reg]
	if active == 0 && in.Zeroing {
		clear(out[:elem])
	} else if active == 0 {
		copy(out[:elem], dst[:elem])
	}
	clear(out[16:])
	*dst = *out
}

// store writes the active lanes of the first o.Size bytes of v to memory; the others are not touched.
func (m *Machine) store(in *Inst, v *Vec, size, elem int, active uint64) error {
	at := m.address(in)
	if in.Mask == 0 && active == uint64(1)<<(size/elem)-1 {
		return m.put(in, at, v[:size])
	}
	for i := 0; i < size; i += elem {
		if active>>(i/elem)&1 == 0 {
			continue
		}
		if err := m.put(in, at+uint64(i), v[i:i+elem]); err != nil {
			return err
		}
	}
	return nil
}
