package emulate

import "strings"

// A Machine is one logical CPU and its memory. It is not safe for concurrent use; an Image may be shared by machines.
type Machine struct {
	R     [16]uint64 // general registers AX, CX, DX, BX, SP, BP, SI, DI, R8 ...
	V     [32]Vec
	K     [8]uint64
	Flags Flags
	Steps int // instructions that the last call ran
	Limit int // instructions that a call may run; 0: DefaultLimit

	undefined Flags // flags that the last instruction left undefined
	dirty     bool  // an upper half of V[0..15] was written since the last VZEROUPPER
	image     *Image
	regions   []*Region // by address
	last      *Region   // the region of the last access
	placed    uint64    // calls of Place
	fn        *Func     // that runs
	next      int       // index in fn.Insts of the next instruction
}

// DefaultLimit is how many instructions a call may run if the machine does not say.
const DefaultLimit = 100_000_000

// Numbers of the general registers that the calling convention names.
const (
	regAX  = 0
	regCX  = 1
	regDX  = 2
	regSP  = 4
	regBP  = 5
	regR14 = 14
	regR15 = 15
)

// NewMachine returns a machine without memory of its own that can read and write the segments of image.
func NewMachine(image *Image) *Machine { return &Machine{image: image} }

// Flags are the condition flags.
type Flags uint8

const (
	CF Flags = 1 << iota // carry
	PF                   // parity of the low byte
	ZF                   // zero
	SF                   // sign
	OF                   // overflow
	DF                   // direction of string instructions
)

var flagNames = []string{"CF", "PF", "ZF", "SF", "OF", "DF"}

func (f Flags) String() string {
	var names []string
	for i, name := range flagNames {
		if f>>i&1 == 1 {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}

// set makes the flags in which equal to those in value, and defined.
func (m *Machine) set(which, value Flags) {
	m.Flags = m.Flags&^which | value&which
	m.undefined &^= which
}
