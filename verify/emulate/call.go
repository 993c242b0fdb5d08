package emulate

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// Addresses of the stack and of what a Go function finds in the registers that it must leave alone.
const (
	stackBase  = 0x7f00_0000_0000
	stackSize  = 2 << 10 // below the return address; the linker lets a function without a stack check have less than 800
	returnAddr = 0x7fee_0000_1234
	poison     = 0x7ff7_dead_7fb7_beef // a NaN in float64 and, in each half, in float32
)

// Call runs fn as Go calls an assembly function: frame holds the arguments that fn finds at 8(SP) and on (0(FP) in its
// source), and is updated with what fn leaves there. All other registers and the stack hold poison.
//
// Errors are a *Fault (memory), a *Stop (too many steps, jump out, undefined flag) or an *ABIError: BP, SP, R14, R15, X15, DF
// or the return address changed, or the upper halves of vector registers were left dirty.
func (m *Machine) Call(fn *Func, frame []byte) error {
	stack := make([]byte, stackSize+8+len(frame))
	for i := 0; i < stackSize; i += 8 {
		binary.LittleEndian.PutUint64(stack[i:], poison)
	}
	binary.LittleEndian.PutUint64(stack[stackSize:], returnAddr)
	args := stack[stackSize+8:]
	copy(args, frame)
	if err := m.Map(Region{Name: "the stack", Addr: stackBase, Data: stack}); err != nil {
		return err
	}
	defer m.unmap(stackBase)

	m.enter(fn)
	entry := m.R
	if err := m.run(); err != nil {
		return err
	}
	copy(frame, args)
	return m.checkABI(&entry)
}

// enter puts the registers into the state of a call.
func (m *Machine) enter(fn *Func) {
	m.fn, m.next, m.Steps, m.last = fn, 0, 0, nil
	m.Flags, m.undefined, m.dirty = 0, CF|PF|ZF|SF|OF, false
	for i := range m.R {
		m.R[i] = poison + uint64(i)<<8
	}
	m.R[regSP] = stackBase + stackSize
	for i := range m.V {
		m.V[i] = Vec{}
		lanes := 8
		if i < 16 { // whose upper parts are clean at a call
			lanes = 2
		}
		for l := range lanes {
			setLane(&m.V[i], l, poison+uint64(i)<<8)
		}
	}
	m.V[15] = Vec{}
	for i := range m.K {
		m.K[i] = poison
	}
}

func (m *Machine) run() error {
	limit := m.Limit
	if limit == 0 {
		limit = DefaultLimit
	}
	insts := m.fn.Insts
	for {
		if m.next >= len(insts) {
			return m.stop(&insts[len(insts)-1], "runs past the end of the function")
		}
		in := &insts[m.next]
		if m.Steps++; m.Steps > limit {
			return m.stop(in, "more than %d steps", limit)
		}
		m.next++
		if err := in.form.run(m, in); err == errReturned {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// errReturned is what RET answers to the loop that runs instructions.
var errReturned = errors.New("returned")

// checkABI compares the registers after RET with those at entry.
func (m *Machine) checkABI(entry *[16]uint64) error {
	fail := func(what, got, want string) error {
		return &ABIError{Func: m.fn.Name, What: what, Got: got, Want: want}
	}
	for _, r := range []int{regBP, regR14, regR15} {
		if m.R[r] != entry[r] {
			return fail(gprNames[r], hex(m.R[r]), hex(entry[r])+" as at entry")
		}
	}
	if got, want := m.R[regSP], entry[regSP]+8; got != want {
		return fail("SP", fmt.Sprintf("%+d", int64(got-want)), "where it was")
	}
	if !bytes.Equal(m.V[15][:16], make([]byte, 16)) {
		return fail("X15", fmt.Sprintf("% x", m.V[15][:16]), "zero")
	}
	if m.Flags&DF != 0 {
		return fail("DF", "set", "clear")
	}
	if m.dirty {
		return fail("the upper part of the vector registers", "dirty", "clean: VZEROUPPER before RET")
	}
	return nil
}

func (m *Machine) unmap(addr uint64) {
	m.regions = slices.DeleteFunc(m.regions, func(r *Region) bool { return r.Addr == addr })
	m.last = nil
}
