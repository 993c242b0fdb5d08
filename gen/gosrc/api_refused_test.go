package gosrc_test

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/gen"
	"github.com/pyragen/pyragen/gen/gosrc"
	"github.com/pyragen/pyragen/ir"
)

// stubAPI is what the API of a unit follows from.
func stubAPI(u *gen.Unit) gosrc.APISpec {
	return gosrc.APISpec{Package: u.Spec.Package, Window: u.Spec.Window, Strides: u.Spec.Strides, Dim: u.Spec.Dim,
		Programs: u.Programs, Features: maps.Clone(stubFeatures)}
}

// TestAPIRefused are units that no API is written for: what would not come out as Go, or not call what was meant.
func TestAPIRefused(t *testing.T) {
	for _, c := range []struct {
		change func(s *gosrc.APISpec)
		want   string
	}{
		{func(s *gosrc.APISpec) { s.Package = "p m" }, `gosrc: package p m: got the name "p m", want an identifier`},
		{func(s *gosrc.APISpec) { s.Package = "pam\n\nfunc init() {}" }, `got the name "pam\n\nfunc init() {}", want an identifier`},
		{func(s *gosrc.APISpec) { s.Package = "p\u0430m" }, "want an identifier"},
		{func(s *gosrc.APISpec) { s.Window = 0 }, "gosrc: package pam: got window 0, strides [4 3], dim 2, slots 0, want a spec that is valid"},
		{func(s *gosrc.APISpec) { s.Strides = []int{4, 0} }, "want a spec that is valid"},
		{func(s *gosrc.APISpec) { s.Dim = -1 }, "want a spec that is valid"},
		{func(s *gosrc.APISpec) { s.Programs = nil }, "gosrc: package pam: got no program, want some"},
		{func(s *gosrc.APISpec) { s.Programs[0].Target = "mmx" }, `got the target "mmx", want one of schedule.Targets`},
		{func(s *gosrc.APISpec) { s.Programs[0].Name = "sum" }, `gosrc: sum f32 go: got op "sum", want one that the API describes`},
		{func(s *gosrc.APISpec) { s.Programs[0].Sizes = []string{"len", "batch", "heads"} },
			"gosrc: scores f32 go: got the sizes [len batch heads], want [batch len heads rowStride]"},
		{func(s *gosrc.APISpec) { s.Dim = 0 },
			"gosrc: scores f32 go: got the sizes [batch len heads rowStride], want [batch len heads dim rowStride]"},
		{func(s *gosrc.APISpec) {
			s.Programs[0].Buffers[1].Steps = []ir.Index{ir.Var("rowStride"), nil, nil, nil}
		},
			"gosrc: scores f32 go: got buffer x with steps, want those of nodes alone, one of [rowStride gradStride]"},
		{func(s *gosrc.APISpec) { s.Programs[0].Buffers[1].Steps = []ir.Index{nil, ir.Var("len"), nil, nil} },
			"gosrc: scores f32 go: got buffer x with steps, want those of nodes alone, one of [rowStride gradStride]"},
		{func(s *gosrc.APISpec) { s.Programs[1] = s.Programs[0] }, "gosrc: scores f32 go: got a second program, want one for each"},
		{func(s *gosrc.APISpec) { s.Programs = s.Programs[1:] }, "gosrc: scores f32: got no program for the target go, want one"},
		{func(s *gosrc.APISpec) { b := s.Programs[0].Buffers; b[1], b[2] = b[2], b[1] },
			"gosrc: scores f32 go: got buffer y, want the arguments of the op, in their order"},
		{func(s *gosrc.APISpec) { s.Programs[0].Buffers[0].Role = ir.In }, "gosrc: scores f32 go: got buffer s, want the arguments"},
		{func(s *gosrc.APISpec) { s.Programs[0].Buffers[3].Dims = s.Programs[0].Buffers[0].Dims }, "got buffer padding, want the arguments"},
		{func(s *gosrc.APISpec) { s.Programs[0].Buffers = s.Programs[0].Buffers[:3] }, "got no buffer padding, want the arguments"},
		{func(s *gosrc.APISpec) { delete(s.Features, "avx2") }, "got no CPU features for the target avx2, want those that its instructions need"},
		{func(s *gosrc.APISpec) { s.Features["avx2"] = []string{"AVX2"} }, `got the CPU feature "AVX2", want a field of cpu.X86 such as HasAVX2`},
		{func(s *gosrc.APISpec) { s.Features["avx2"] = []string{"HasAVX2 || true"} }, `got the name "HasAVX2 || true", want an identifier`},
	} {
		for what, emit := range map[string]func(gosrc.APISpec, string) ([]byte, error){
			"api": gosrc.EmitAPI, "isa": gosrc.EmitISA, "noasm": gosrc.EmitNoasm,
		} {
			s := stubAPI(stubUnit(t, pamSpec, "go", "avx2"))
			c.change(&s)
			if text, err := emit(s, gen.Mark); err == nil || text != nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: got %v, want %s", what, err, c.want)
			}
		}
	}
}

// TestAPIWithoutAssembly: a package that has only Go has only one file of the API.
func TestAPIWithoutAssembly(t *testing.T) {
	u := stubUnit(t, pamSpec, "go")
	for _, emit := range []func(gosrc.APISpec, string) ([]byte, error){gosrc.EmitISA, gosrc.EmitNoasm} {
		if text, err := emit(stubAPI(u), u.Header()); text != nil || err != nil {
			t.Errorf("got %s, %v, want nothing", text, err)
		}
	}
	text, err := gosrc.EmitAPI(stubAPI(u), u.Header())
	if err != nil || bytes.Contains(text, []byte("assembly")) {
		t.Errorf("got %v and\n%s\nwant nothing of assembly", err, text)
	}
}

// TestAPIHeader hands headers over that would do something if they were written as they are.
func TestAPIHeader(t *testing.T) {
	u := stubUnit(t, pamSpec, "go", "avx2")
	s := stubAPI(u)
	clean, err := gosrc.EmitAPI(s, u.Header())
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := bytes.Cut(clean, []byte("\n\n"))
	for _, hostile := range []string{"//go:build ignore", "package evil", "/*", "// x\rfunc init() {}", "\u2028import \"C\"", "// +build ignore", "{{.Common}}"} {
		text, err := gosrc.EmitAPI(s, gen.Mark+"\n"+hostile+"\n\n")
		if err != nil {
			t.Errorf("%+q: %v", hostile, err)
			continue
		}
		header, rest, _ := bytes.Cut(text, []byte("\n\n"))
		for line := range bytes.Lines(header) {
			if !bytes.HasPrefix(line, []byte("// ")) || bytes.ContainsFunc(bytes.TrimSuffix(line, []byte("\n")), func(r rune) bool { return r < ' ' || r > '~' }) {
				t.Errorf("%+q: got the line %q", hostile, line)
			}
		}
		if !bytes.Equal(rest, body) {
			t.Errorf("%+q: the header changed what stands below it", hostile)
		}
	}
}

// TestAPIOrder: the order of programs of one function makes no difference, as little as that of features.
func TestAPIOrder(t *testing.T) {
	u := stubUnit(t, pamSpec, "go", "avx2", "avx512")
	want, err := gosrc.EmitISA(stubAPI(u), u.Header())
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		s := stubAPI(u)
		s.Programs = slices.Clone(s.Programs)
		for i := 0; i < len(s.Programs); i += 3 {
			slices.Reverse(s.Programs[i : i+3])
		}
		s.Features = map[string][]string{"avx512": {"HasAVX512DQ", "HasAVX512F"}, "avx2": {"HasFMA", "HasAVX"}}
		if got, err := gosrc.EmitISA(s, u.Header()); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%v: got\n%s\nwant\n%s", err, got, want)
		}
	}
}
