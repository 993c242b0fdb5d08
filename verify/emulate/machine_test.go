package emulate_test

import (
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/verify/emulate"
)

// A call is one call of a function of asm_test.go with operands of some floats.
type call struct {
	name     string
	p, q     int // elements
	n        int
	readOnly bool // q
	limit    int
}

// run calls the function and returns the machine, q's bytes and the error.
func (c call) run(t *testing.T, image *emulate.Image) ([]byte, []byte, error) {
	t.Helper()
	fn, err := image.Func("main." + c.name)
	if err != nil {
		return nil, nil, err
	}
	m := emulate.NewMachine(image)
	m.Limit = c.limit
	p, q := make([]byte, 4*c.p), make([]byte, 4*c.q)
	for i := range c.p {
		binary.LittleEndian.PutUint32(p[4*i:], math.Float32bits(float32(i+1)))
	}
	err = m.Call(fn, emulate.Frame(m.Place("p", p, false), m.Place("q", q, c.readOnly), c.n))
	return p, q, err
}

// TestViolations calls functions that do what they must not and compares the error.
func TestViolations(t *testing.T) {
	image := loadFaulty(t)
	for _, c := range []struct {
		call
		want string
	}{
		{call{name: "copy8", p: 7, q: 8},
			"main.copy8: VMOVUPS Y0, [SI] at * reads 32 bytes at *: outside every region; byte 0 of p, which has 28"},
		{call{name: "copy8", p: 8, q: 7},
			"main.copy8: VMOVUPS [DI], Y0 at * writes 32 bytes at *: outside every region; byte 0 of q, which has 28"},
		{call{name: "copy8", p: 8, q: 8, readOnly: true},
			"VMOVUPS [DI], Y0 at * writes 32 bytes at *: read-only; byte 0 of q, which has 32"},
		{call{name: "aligned", p: 4},
			"VMOVAPS X0, [SI] at * reads 16 bytes at *: not a multiple of 16; byte 0 of p, which has 16"},
		{call{name: "masked", p: 5, q: 5, n: 6},
			"VMOVUPS Y0{K1}{z}, [SI] at * reads 4 bytes at *: outside every region; 0 bytes after the end of p, which has 20"},
		{call{name: "masked", p: 5, q: 4, n: 5},
			"VMOVUPS [DI]{K1}, Y0 at * writes 4 bytes at *: outside every region; 0 bytes after the end of q, which has 16"},
		{call{name: "tableBeyond"}, "reads 32 bytes at *: outside every region"},
		{call{name: "clobberR14"}, "main.clobberR14: after RET R14 is 0x0, want *"},
		{call{name: "clobberR15"}, "after RET R15 is *, want *"},
		{call{name: "clobberBP"}, "after RET BP is 0x1, want *"},
		{call{name: "clobberX15"}, "after RET X15 is ff *, want zero"},
		{call{name: "setDF"}, "after RET DF is set, want clear"},
		{call{name: "unbalanced"}, "after RET SP is -8, want where it was"},
		{call{name: "dirty"}, "after RET the upper part of the vector registers is dirty, want clean: VZEROUPPER before RET"},
		{call{name: "dirtyOnOneWay", n: 0}, "after RET the upper part of the vector registers is dirty"},
		{call{name: "mxcsr", p: 1}, "MXCSR is 0x3f800000, want 0x1f80"},
		{call{name: "endless", limit: 1000}, "main.endless: INC AX at *: more than 1000 steps"},
		{call{name: "jumpsOut"}, "main.jumpsOut: JMP * at *: jumps out of the function or into the middle of an instruction"},
		{call{name: "runsOut"}, "main.runsOut: NOP at *: runs past the end of the function"},
		{call{name: "intoInstruction"}, "jumps out of the function or into the middle of an instruction"},
		{call{name: "divides", n: 0}, "DIV CX at *: divide error"},
		{call{name: "undefinedFlag", n: 3}, "JE * at *: depends on flags ZF, which are undefined"},
		{call{name: "noFlag"}, "JE * at *: depends on flags ZF, which are undefined"},
		{call{name: "unknown"}, "main.unknown at *: bytes 0f a2 *: unknown opcode 0xa2 (map 1, prefix 0x00, encoding L)"},
		{call{name: "sse"}, "main.sse at *: bytes 0f 58 *: unknown opcode 0x58"},
		{call{name: "missing"}, "has no function \"main.missing\"; it has main.*"},
	} {
		_, _, err := c.run(t, image)
		if err == nil || !like(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
}

// like reports whether text contains the parts of pattern between its stars, in that order.
func like(text, pattern string) bool {
	for part := range strings.SplitSeq(pattern, "*") {
		_, rest, ok := strings.Cut(text, part)
		if !ok {
			return false
		}
		text = rest
	}
	return true
}

// TestLegal calls functions at the edge of what is allowed.
func TestLegal(t *testing.T) {
	image := loadFaulty(t)
	for _, c := range []call{
		{name: "copy8", p: 8, q: 8}, {name: "masked", p: 5, q: 5, n: 5}, {name: "masked", n: 0}, {name: "tableSecond", p: 2},
		{name: "dirtyOnOneWay", n: 1}, {name: "divides", n: 2}, {name: "frame", p: 8, n: 7},
	} {
		p, q, err := c.run(t, image)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		first := func(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) }
		switch {
		case c.name == "copy8" && first(q[28:]) != 8, c.name == "masked" && c.n == 5 && first(q[16:]) != 10:
			t.Errorf("%s: q = %v", c.name, q)
		case c.name == "tableSecond" && binary.LittleEndian.Uint64(p) != math.Float64bits(5), c.name == "frame" && p[28] != 7:
			t.Errorf("%s: p = %v", c.name, p)
		}
	}
}

// TestErrorTypes checks that callers can tell kinds of errors apart.
func TestErrorTypes(t *testing.T) {
	image := loadFaulty(t)
	var fault *emulate.Fault
	var stop *emulate.Stop
	var abi *emulate.ABIError
	var decode *emulate.DecodeError
	for name, target := range map[string]any{"copy8": &fault, "divides": &stop, "dirty": &abi, "sse": &decode} {
		if _, _, err := (call{name: name}).run(t, image); !errors.As(err, target) {
			t.Errorf("%s: error %v is a %T", name, err, err)
		}
	}
}

func TestMapRefusesOverlap(t *testing.T) {
	m := emulate.NewMachine(nil)
	region := func(name string, addr uint64, n int) error {
		return m.Map(emulate.Region{Name: name, Addr: addr, Data: make([]byte, n)})
	}
	if err := region("a", 0x1000, 16); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		addr uint64
		n    int
	}{{0x1000, 16}, {0x0ff8, 8}, {0x1010, 8}, {0x0f00, 0x200}, {0x1008, 1}, {^uint64(0), 2}} {
		if region("b", c.addr, c.n) == nil {
			t.Errorf("region [%#x, +%d) beside [0x1000, +16) was accepted", c.addr, c.n)
		}
	}
	if err := region("c", 0x1018, 8); err != nil {
		t.Error(err)
	}
}
