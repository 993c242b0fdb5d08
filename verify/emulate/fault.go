package emulate

import "fmt"

// A Fault is an access that the memory given to the machine does not allow.
type Fault struct {
	Func   string
	Inst   string // the instruction
	PC     uint64 // its address
	Addr   uint64 // what it touched
	Size   int    // bytes
	Write  bool
	Reason string // such as "outside every region"
	Near   string // where that is, seen from the nearest region
}

func (f *Fault) Error() string {
	verb := "reads"
	if f.Write {
		verb = "writes"
	}
	return fmt.Sprintf("emulate: %s: %s at %#x %s %d bytes at %#x: %s; %s",
		f.Func, f.Inst, f.PC, verb, f.Size, f.Addr, f.Reason, f.Near)
}

// A Stop is an execution that could not go on for another reason than memory: too many steps, a jump out of the function, a
// division by zero, a flag that the manual leaves undefined.
type Stop struct {
	Func, Inst string
	PC         uint64
	Reason     string
}

func (s *Stop) Error() string {
	return fmt.Sprintf("emulate: %s: %s at %#x: %s", s.Func, s.Inst, s.PC, s.Reason)
}

// An ABIError is a function that came back without what its caller relies on.
type ABIError struct {
	Func string
	What string // BP, SP, R14, R15, X15, DF, return address, upper halves
	Want string
	Got  string
}

func (e *ABIError) Error() string {
	return fmt.Sprintf("emulate: %s: after RET %s is %s, want %s", e.Func, e.What, e.Got, e.Want)
}

func (m *Machine) fault(in *Inst, addr uint64, size int, write bool, reason string) error {
	return &Fault{Func: m.fn.Name, Inst: in.String(), PC: in.Addr, Addr: addr, Size: size, Write: write,
		Reason: reason, Near: m.near(addr)}
}

func (m *Machine) stop(in *Inst, format string, args ...any) error {
	return &Stop{Func: m.fn.Name, Inst: in.String(), PC: in.Addr, Reason: fmt.Sprintf(format, args...)}
}

// near describes addr relative to the region closest to it.
func (m *Machine) near(addr uint64) string {
	var best *Region
	var distance uint64
	for _, r := range m.regions {
		var d uint64
		switch {
		case addr < r.Addr:
			d = r.Addr - addr
		case addr >= r.end():
			d = addr - r.end()
		}
		if best == nil || d < distance {
			best, distance = r, d
		}
	}
	switch {
	case best == nil:
		return "no region is mapped"
	case addr < best.Addr:
		return fmt.Sprintf("%d bytes before %s, which has %d", distance, best.Name, len(best.Data))
	case addr >= best.end():
		return fmt.Sprintf("%d bytes after the end of %s, which has %d", distance, best.Name, len(best.Data))
	}
	return fmt.Sprintf("byte %d of %s, which has %d", addr-best.Addr, best.Name, len(best.Data))
}
