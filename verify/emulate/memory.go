package emulate

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
)

// A Region is memory that a function may touch, to the byte: the byte before and the byte after are faults.
type Region struct {
	Name     string // what errors call it
	Addr     uint64
	Data     []byte // written in place
	ReadOnly bool
}

func (r *Region) end() uint64 { return r.Addr + uint64(len(r.Data)) }

// Map adds a region. Regions must not overlap nor touch.
func (m *Machine) Map(r Region) error {
	if r.end() < r.Addr {
		return fmt.Errorf("emulate: region %s at %#x: %d bytes wrap around", r.Name, r.Addr, len(r.Data))
	}
	at, _ := slices.BinarySearchFunc(m.regions, r.Addr, func(o *Region, addr uint64) int { return cmp.Compare(o.Addr, addr) })
	for _, i := range []int{at - 1, at} {
		if i >= 0 && i < len(m.regions) && m.regions[i].Addr <= r.end() && r.Addr <= m.regions[i].end() {
			o := m.regions[i]
			return fmt.Errorf("emulate: region %s [%#x, %#x) overlaps or touches region %s [%#x, %#x)", r.Name, r.Addr, r.end(),
				o.Name, o.Addr, o.end())
		}
	}
	m.regions = slices.Insert(m.regions, at, &r)
	return nil
}

// placeStep keeps placed regions so far apart that no 32-bit offset leads from one to another.
const placeStep = 1 << 34

// Place maps data at an address of the machine's choice and returns it. The address is a multiple of 8 but not of 16, as Go
// may align a slice of float64, so that an instruction that wants more alignment than that faults.
func (m *Machine) Place(name string, data []byte, readOnly bool) uint64 {
	return m.place(name, data, readOnly, 8)
}

// PlaceAligned is Place at a multiple of 64, the start of a cache line, for what a kernel does only there (streaming stores).
func (m *Machine) PlaceAligned(name string, data []byte, readOnly bool) uint64 {
	return m.place(name, data, readOnly, 0)
}

func (m *Machine) place(name string, data []byte, readOnly bool, offset uint64) uint64 {
	m.placed++
	addr := (placeStep+0x1000)*m.placed + offset
	if err := m.Map(Region{Name: name, Addr: addr, Data: data, ReadOnly: readOnly}); err != nil {
		panic(err) // only if the caller mapped a region of its own there
	}
	return addr
}

// find returns the bytes [addr, addr+n) or why they can't be had.
func (m *Machine) find(in *Inst, addr uint64, n int, write bool) ([]byte, error) {
	r := m.last
	if r == nil || addr < r.Addr || addr-r.Addr > uint64(len(r.Data)) || uint64(len(r.Data))-(addr-r.Addr) < uint64(n) {
		r = m.region(addr, n)
		if r == nil {
			return nil, m.fault(in, addr, n, write, "outside every region")
		}
		m.last = r
	}
	if write && r.ReadOnly {
		return nil, m.fault(in, addr, n, write, "read-only")
	}
	at := addr - r.Addr
	return r.Data[at : at+uint64(n)], nil
}

// region returns the region that holds all of [addr, addr+n), or nil.
func (m *Machine) region(addr uint64, n int) *Region {
	next, _ := slices.BinarySearchFunc(m.regions, addr+1, func(r *Region, at uint64) int { return cmp.Compare(r.Addr, at) })
	if next > 0 {
		if r := m.regions[next-1]; addr < r.end() {
			if r.end()-addr < uint64(n) {
				return nil
			}
			return r
		}
	}
	r := m.image.region(addr, n)
	if r != nil { // the next access finds it above
		m.regions = slices.Insert(m.regions, next, r)
	}
	return r
}

func (m *Machine) read(in *Inst, addr uint64, n int) ([]byte, error) {
	return m.find(in, addr, n, false)
}

func (m *Machine) put(in *Inst, addr uint64, data []byte) error {
	b, err := m.find(in, addr, len(data), true)
	copy(b, data)
	return err
}

// aligned faults if the memory operand of in is not a multiple of n.
func (m *Machine) aligned(in *Inst, n int) error {
	if addr := m.address(in); addr%uint64(n) != 0 {
		return m.fault(in, addr, n, false, fmt.Sprintf("not a multiple of %d", n))
	}
	return nil
}

// load reads an integer of n bytes.
func (m *Machine) load(in *Inst, addr uint64, n int) (uint64, error) {
	b, err := m.read(in, addr, n)
	if err != nil {
		return 0, err
	}
	switch n {
	case 1:
		return uint64(b[0]), nil
	case 2:
		return uint64(binary.LittleEndian.Uint16(b)), nil
	case 4:
		return uint64(binary.LittleEndian.Uint32(b)), nil
	}
	return binary.LittleEndian.Uint64(b), nil
}

// storeInt writes the low n bytes of v.
func (m *Machine) storeInt(in *Inst, addr uint64, n int, v uint64) error {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], v)
	return m.put(in, addr, b[:n])
}

// address is the effective address of in's memory operand.
func (m *Machine) address(in *Inst) uint64 {
	a := uint64(in.Mem.Disp)
	if in.Mem.Base >= 0 {
		a += m.R[in.Mem.Base]
	}
	if in.Mem.Index >= 0 {
		a += m.R[in.Mem.Index] * uint64(in.Mem.Scale)
	}
	if in.Mem.RIP {
		a += in.Addr + uint64(in.Len)
	}
	return a
}
