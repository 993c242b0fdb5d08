package emulate_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/verify/emulate"
	"golang.org/x/arch/x86/x86asm"
)

// crossCheck decodes a function with x/arch as well and compares lengths and mnemonics. It leaves out VZEROUPPER and VZEROALL,
// which x/arch v0.32.0 takes for one byte longer than they are, because it reads a ModRM byte behind every VEX opcode.
func crossCheck(t *testing.T, fn *emulate.Func, line string) {
	t.Helper()
	for i := range fn.Insts {
		in := &fn.Insts[i]
		if in.Op == "VZEROUPPER" || in.Op == "VZEROALL" {
			continue
		}
		code := fn.Code[in.Addr-fn.Addr:]
		other, err := x86asm.Decode(code, 64)
		if err != nil {
			t.Errorf("%s: % x is %v, x/arch says %v", line, code[:in.Len], in, err)
		} else if other.Len != in.Len || other.Op.String() != in.Op {
			t.Errorf("%s: % x is %v (%d bytes), x/arch says %v (%d bytes)", line, code[:in.Len], in, in.Len, other, other.Len)
		}
	}
}

// TestDecodeText decodes bytes that the assembler does not write and shows how instructions print.
func TestDecodeText(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{"\x62\xf1\x74\x4a\x58\x50\x01", "VADDPS Z2{K2}, Z1, [AX+0x40]"},
		{"\x62\xf1\x74\xda\x58\x50\x01", "VADDPS Z2{K2}{z}, Z1, [AX+0x4]{1to16}"},
		{"\x62\xf1\xf5\x38\x58\x50\xff", "VADDPD Y2, Y1, [AX-0x8]{1to4}"},
		{"\x62\x01\x04\x40\x58\xd0", "VADDPS Z26, Z31, Z24"},
		{"\xc4\xe3\x7d\x19\xc8\x01", "VEXTRACTF128 X0, Y1, 0x1"},
		{"\x48\x8d\x44\x8b\xf0", "LEA AX, [BX+CX*4-0x10]"},
		{"\x4a\x8d\x04\xa5\x00\x01\x00\x00", "LEA AX, [R12*4+0x100]"},
		{"\x48\x8b\x05\x10\x00\x00\x00", "MOV AX, [IP+0x10]"},
		{"\x41\x83\xc0\xff", "ADD R8d, -0x1"},
		{"\x40\x88\xf8", "MOV AXb, DIb"},
		{"\x75\xfe", "JNE 0x1000"},
		{"\xc5\xf8\x77", "VZEROUPPER"},
	} {
		in, err := emulate.Decode([]byte(c.code), 0x1000)
		if err != nil {
			t.Errorf("% x: %v", c.code, err)
		} else if got := in.String(); got != c.want || in.Len != len(c.code) {
			t.Errorf("% x: got %q (%d bytes), want %q", c.code, got, in.Len, c.want)
		}
	}
}

// TestDecodeRefuses decodes bytes that are no instruction of the tables.
func TestDecodeRefuses(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{"", "ends inside"},
		{"\x62\xf1\x74", "ends inside"},
		{"\xc5\xf8\x58", "ends inside"},
		{"\x48\x8d\x44", "ends inside"},
		{"\x81\xc0\x01\x00", "ends inside"},
		{"\x62\xf1\x74\x18\x58\xd0", "embedded rounding"},
		{"\x62\xf1\x7c\x58\x10\x10", "VMOVUPS has no broadcast operand"},
		{"\x62\xf1\x74\xc8\x58\xd0", "zeroing without a mask"},
		{"\x62\xf1\x7c\xc9\x11\x10", "a store cannot be zeroing"},
		{"\x62\xf1\x7d\x09\x6e\xc0", "VMOVD takes no mask"},
		{"\x62\xf1\x6c\xc9\xc2\xe1\x01", "VCMPPS: a mask register cannot be zeroing"},
		{"\x62\xf9\x74\x48\x58\xd0", "reserved bits in EVEX"},
		{"\x62\xf1\x74\x68\x58\xd0", "no form with W=0 L=3"},
		{"\x62\xf1\xf4\x48\x58\xd0", "no form with W=1 L=2"},
		{"\xc5\xc8\x10\xc0", "vvvv names register 6 though it is unused"},
		{"\x66\xc5\xf8\x10\xc0", "legacy prefix before VEX"},
		{"\x64\x48\x8b\x04\x25\xf8\xff\xff\xff", "prefix 0x64"},
		{"\xf0\x48\xff\x00", "prefix 0xf0"},
		{"\x88\xe0", "AH, CH, DH and BH"},
		{"\x49\x90", "XCHG"},
		{"\xe8\x00\x00\x00\x00", "unknown opcode 0xe8"},
		{"\xf3\xc3", "unknown opcode 0xc3"},
		{"\x8d\xc0", "LEA: no form"},
	} {
		_, err := emulate.Decode([]byte(c.code), 0x1000)
		var decode *emulate.DecodeError
		if !errors.As(err, &decode) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("% x: got %v, want %s", c.code, err, c.want)
		}
	}
}

// TestTables checks that no two forms claim the same encoding.
func TestTables(t *testing.T) {
	for _, clash := range emulate.Clashes() {
		t.Error(clash)
	}
}

// FuzzDecode checks that no bytes make the decoder panic or run beyond them.
func FuzzDecode(f *testing.F) {
	f.Add([]byte("\x62\xf1\x74\x4a\x58\x50\x01"))
	f.Add([]byte("\xc4\xe3\x7d\x19\xc8\x01"))
	f.Add([]byte("\x48\x8d\x44\x8b\xf0"))
	f.Fuzz(func(t *testing.T, code []byte) {
		in, err := emulate.Decode(code, 0)
		if err == nil && (in.Len < 1 || in.Len > len(code) || in.String() == "") {
			t.Errorf("% x: %d bytes, %q", code, in.Len, in.String())
		}
	})
}
