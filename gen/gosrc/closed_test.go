package gosrc

import (
	"errors"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/gen"
	"github.com/pyragen/pyragen/ir"
)

// hostileText has what must not get out of a comment.
const hostileText = "*/ x\n//go:linkname a b\n\u2028func init() {}\r//line evil.go:1"

// hostileProgram has it wherever a program has free text.
func hostileProgram(target string) *ir.Program {
	z := &ir.Buffer{Name: "z", Type: ir.F32, Role: ir.Out, Space: ir.Memory, Dims: []ir.Index{ir.Var("n")}}
	one := &ir.Const{Type: ir.F32, Value: 1}
	fill := &ir.For{Var: "i", Lo: ir.Int(0), Hi: ir.Var("n"), Step: 1, Note: hostileText, Body: []ir.Stmt{
		&ir.Store{Buf: z, At: []ir.Index{ir.Var("i")}, Value: one}}}
	f := &ir.Func{Name: "fill", Doc: hostileText, Ints: []string{"n"}, Buffers: []*ir.Buffer{z}, Body: []ir.Stmt{fill}}
	call := func(n ir.Index) []ir.Stmt { return []ir.Stmt{&ir.Call{Func: f, Args: []ir.Index{n}}} }
	n := ir.Var("n")
	return &ir.Program{Name: "probe", Type: ir.F32, Target: target, Sizes: []string{"n"}, Buffers: []*ir.Buffer{z}, Funcs: []*ir.Func{f},
		Body: []ir.Stmt{
			&ir.For{Var: "i", Lo: ir.Int(0), Hi: n, Step: 1, Parallel: true, Note: hostileText, Body: call(ir.Var("i"))},
			&ir.If{Cond: &ir.And{X: &ir.And{X: &ir.Compare{Op: ir.GT, X: n, Y: ir.Int(3)}, Y: &ir.Aligned{Buf: z, Bytes: 32}}, Y: &ir.Uncached{Bytes: n}},
				Then: call(n), Else: call(n), Note: hostileText},
		}}
}

// TestClosed reads each file back and finds in it what the back end announced, and nothing else.
func TestClosed(t *testing.T) {
	for _, c := range []struct {
		name, target string
		write        func(string, []*ir.Program, string) (*source, error)
		want         string
	}{
		{"kernels", "go", kernels, "func probeF32GoFill(z []float32, n int) {"},
		{"twins", "avx2", twins, "func probeF32AVX2FillTwin(z []float32, n int) {"},
		{"drivers", "avx512", asmDrivers, "if n > 3 && uintptr(unsafe.Pointer(&z[0]))%32 == 0 && uncached(n) {"},
	} {
		s, err := c.write("pam", []*ir.Program{hostileProgram(c.target)}, gen.Mark+"\n//\n// "+hostileText+"\n\n")
		if err != nil {
			t.Fatal(err)
		}
		text := string(s.text)
		files := []gen.File{{Name: "pam.go", Content: s.text}}
		want := []gen.Expect{s.Expect}
		if c.name == "drivers" {
			files = append(files, gen.File{Name: "pam.s", Content: []byte(gen.Mark + "\n\n//go:build " + AsmTag +
				"\n\n#include \"textflag.h\"\n\nTEXT \u00b7probeF32AVX512Fill(SB), NOSPLIT, $0-16\n\tRET\n\nTEXT \u00b7cpuid(SB), NOSPLIT, $0-24\n\tRET\n")})
			want = append(want, gen.Expect{Constraint: AsmTag, Texts: []string{"probeF32AVX512Fill", "cpuid"}})
		}
		if err := gen.Closed(files, want); err != nil {
			t.Errorf("%s: %v\n%s", c.name, err, text)
		}
		if c.name != "drivers" && !strings.Contains(text, "if n > 3 {") {
			t.Errorf("%s: got\n%s\nwant the condition without what it asks of the machine", c.name, text)
		}
		if !gen.HasHeader(s.text) || !strings.Contains(text, c.want) || strings.Count(text, `// */ x //go:linkname a b \u2028func init() {} //line`) < 2 {
			t.Errorf("%s: got\n%s\nwant the header, %s, and the comments", c.name, text, c.want)
		}
	}
}

// TestRefused are programs that no file is made of; the error says kernel, type, target and what was wanted.
func TestRefused(t *testing.T) {
	for _, c := range []struct {
		change func(p *ir.Program)
		want   string
	}{
		{func(p *ir.Program) { p.Funcs[0].Name = "a b" }, `got the name "probeF32GoA b", want an identifier`},
		{func(p *ir.Program) { p.Sizes[0] = "n\nm" }, `got the name "n\nm", want an identifier`},
		{func(p *ir.Program) { p.Funcs = append(p.Funcs, p.Funcs[0]) }, "got a second probeF32GoFill, want one name a function"},
		{func(p *ir.Program) { p.Buffers[0].Type = 0 }, "got elements of Type(0), want f32, f64, f16, bf16, i32 or u64"},
		{func(p *ir.Program) { p.Funcs[0].Ints = nil }, "got n, want an integer that is defined here"},
		{func(p *ir.Program) { p.Funcs[0].Body = p.Body }, "got a call in a function, want it in the driver"},
		{func(p *ir.Program) { p.Body[0].(*ir.For).Hi = &ir.Apply{Fn: ir.LevelN, Args: []ir.Index{ir.Int(0)}} },
			"got the index n(0), want it scheduled away"},
	} {
		p := hostileProgram("go")
		c.change(p)
		_, err := EmitKernels("pam", []*ir.Program{p}, gen.Mark)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "gosrc: probe f32 go: ") {
			t.Errorf("got %v\nwant gosrc: probe f32 go: ... %s", err, c.want)
		}
	}
	if _, err := EmitKernels("p m", nil, gen.Mark); err == nil || errors.Unwrap(err) != nil || !strings.Contains(err.Error(), `got the name "p m"`) {
		t.Errorf("got %v, want the package refused", err)
	}
}
