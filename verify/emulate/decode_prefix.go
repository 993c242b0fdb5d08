package emulate

import "fmt"

// prefixes reads everything up to and with the opcode byte.
func (d *decoder) prefixes() error {
	d.key.enc = 'L'
	for {
		b, err := d.next()
		if err != nil {
			return err
		}
		switch {
		case b == 0x66:
			d.data16 = true
		case b == 0xf2 || b == 0xf3:
			d.key.pp = b
		case b == 0xc4 || b == 0xc5 || b == 0x62:
			if d.data16 || d.key.pp != 0 {
				return fmt.Errorf("a legacy prefix before VEX or EVEX")
			}
			return d.vector(b)
		case b == 0xf0 || b == 0x67 || b == 0x2e || b == 0x36 || b == 0x3e || b == 0x26 || b == 0x64 || b == 0x65:
			return fmt.Errorf("prefix %#02x (LOCK, segment or address size) is not interpreted", b)
		case b&0xf0 == 0x40:
			d.rex, d.w, d.r, d.x, d.b = true, b>>3&1, b>>2&1<<3, b>>1&1<<3, b&1<<3
			return d.legacy()
		default:
			d.pos--
			return d.legacy()
		}
	}
}

// legacy reads the escape bytes and the opcode after REX.
func (d *decoder) legacy() error {
	b, err := d.next()
	if err == nil && b == 0x0f {
		d.key.mm = 1
		b, err = d.next()
	}
	d.key.opcode = b
	if err == nil && d.key.mm == 0 && b == 0x90 && d.b != 0 {
		return fmt.Errorf("XCHG R8, AX in its short form is not interpreted")
	}
	return err
}

// vector reads the rest of a VEX (two or three bytes) or EVEX prefix and the opcode.
func (d *decoder) vector(first byte) error {
	n := map[byte]int{0xc5: 1, 0xc4: 2, 0x62: 3}[first]
	if d.pos+n >= len(d.code) {
		return errTruncated
	}
	p := d.code[d.pos : d.pos+n]
	d.key.opcode = d.code[d.pos+n]
	d.pos += n + 1

	d.key.enc, d.key.mm = 'V', 1
	d.r = ^p[0] >> 7 & 1 << 3
	last := p[n-1]
	if first != 0xc5 {
		d.x, d.b = ^p[0]>>6&1<<3, ^p[0]>>5&1<<3
		d.key.mm = p[0] & 0x1f
		d.w = p[1] >> 7
		last = p[1]
	}
	d.v = ^last >> 3 & 0xf
	d.l = last >> 2 & 1
	d.key.pp = [4]byte{0, 0x66, 0xf3, 0xf2}[last&3]
	if first == 0x62 {
		if p[0]&0x08 != 0 || p[1]&0x04 == 0 {
			return fmt.Errorf("bad reserved bits in EVEX")
		}
		d.key.enc, d.key.mm = 'E', p[0]&7
		d.r4, d.x4 = ^p[0]>>4&1<<4, ^p[0]>>6&1<<4
		d.v |= ^p[2] >> 3 & 1 << 4
		d.l, d.evexB, d.aaa, d.z = p[2]>>5&3, p[2]>>4&1 == 1, p[2]&7, p[2]>>7 == 1
	}
	return nil
}

// modRM reads the ModRM byte, SIB and displacement.
func (d *decoder) modRM() error {
	m, err := d.next()
	if err != nil {
		return err
	}
	d.mod, d.reg, d.rm = m>>6, m>>3&7, m&7
	if d.mod == 3 {
		return nil
	}
	mem := &d.in.Mem
	mem.Scale = 1
	size := [3]int{0, 1, 4}[d.mod]
	base := d.rm
	if d.rm == 4 {
		sib, err := d.next()
		if err != nil {
			return err
		}
		base = sib & 7
		if index := sib>>3&7 | d.x; index != 4 {
			mem.Index, mem.Scale = int8(index), 1<<(sib>>6)
		}
	}
	if base == 5 && d.mod == 0 {
		size, mem.RIP = 4, d.rm == 5
	} else {
		mem.Base = int8(base | d.b)
	}
	d.disp8 = size == 1
	if size != 0 {
		mem.Disp, err = d.number(size)
	}
	return err
}
