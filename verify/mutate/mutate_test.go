package mutate

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/gen"
	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/spec"
)

func TestTable(t *testing.T) {
	name := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	seen := map[string]bool{}
	for _, f := range slices.Concat(Faults(), TableFaults(), NarrowFaults()) {
		if !name.MatchString(f.Name) || seen[f.Name] {
			t.Errorf("%q is no name, or one that is there already", f.Name)
		}
		seen[f.Name] = true
		if f.Doc == "" || strings.HasSuffix(f.Doc, ".") || f.Kind != Value && f.Kind != Memory && f.Kind != ABI || (f.program == nil) == (f.source == nil) {
			t.Errorf("%s: want one sentence without its dot, a kind, and one of program and source; got %+v", f.Name, f)
		}
	}
	if len(seen) < 50 {
		t.Errorf("%d faults, want at least 50", len(seen))
	}
}

// subjectOf generates a package.
func subjectOf(t *testing.T, op, isa string) *Subject {
	t.Helper()
	s, err := NewSubject(spec.Spec{Package: "pam", Window: 3, Strides: []int{4}, Dim: 9, Types: []string{"f32"}, Ops: []string{op}, ISA: []string{isa}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestMutant seeds every fault at its first and its last site: the package changes, and the subject does not.
func TestMutant(t *testing.T) {
	for _, s := range []*Subject{subjectOf(t, "scores", "avx2"), subjectOf(t, "context", "go")} {
		before, seeded := contents(s.Files), 0
		for _, f := range Faults() {
			sites := s.Sites(f)
			if sites == 0 {
				continue
			}
			seeded++
			var mutants [][]byte
			for _, site := range []int{0, sites - 1} {
				files, err := s.Mutant(f, site)
				if err != nil {
					t.Fatal(err)
				}
				mutants = append(mutants, contents(files))
			}
			if bytes.Equal(mutants[0], before) || sites > 1 && bytes.Equal(mutants[0], mutants[1]) {
				t.Errorf("%s: %s: two of the package and its mutants at two sites are the same", s.Name(), f.Name)
			}
			for _, site := range []int{-1, sites} {
				if _, err := s.Mutant(f, site); err == nil || !strings.Contains(err.Error(), f.Name+": want a site from 0 to ") {
					t.Errorf("%s: %s has %d sites, got %v for site %d", s.Name(), f.Name, sites, err, site)
				}
			}
			if s.Sites(f) != sites || !bytes.Equal(contents(s.Files), before) {
				t.Errorf("%s: %s has changed the subject", s.Name(), f.Name)
			}
		}
		if seeded < 15 {
			t.Errorf("%s: %d faults have sites, want at least 15", s.Name(), seeded)
		}
	}
}

func contents(files []gen.File) []byte {
	var all []byte
	for _, f := range files {
		all = append(append(all, f.Name...), f.Content...)
	}
	return all
}

// TestNothingChanged: a fault that leaves the package as it was is an error, not a mutant.
func TestNothingChanged(t *testing.T) {
	s := subjectOf(t, "context", "go")
	idle := Fault{Name: "idle", program: statements(func(s ir.Stmt) ir.Stmt { return s })}
	if _, err := s.Mutant(idle, 0); err == nil || err.Error() != "mutate: context f32 go w=3 s=[4] d=9: idle: site 0: the files are as they were" {
		t.Errorf("got %v", err)
	}
	missing := Fault{Name: "missing", source: inLines("_other.go", replaced("x", "y"))}
	if _, err := s.Mutant(missing, 0); err == nil || !strings.Contains(err.Error(), "there is no file *_other.go") {
		t.Errorf("got %v", err)
	}
	if n := s.Sites(missing); n != 0 {
		t.Errorf("%d sites in a file that is not there", n)
	}
}

// TestWhere: what a fault changes is what its doc says.
func TestWhere(t *testing.T) {
	for _, c := range []struct{ fault, op, isa, file, gone, instead string }{
		{"level-offset", "context", "go", "pam_generic.go", "b*nodes+i0+off0", "b*nodes+i0+(off0+1)"},
		{"batch-offset", "context", "go", "pam_generic.go", "b*nodes+i0", "b*(nodes+1)+i0"},
		{"aligned-move", "scores", "avx2", "pam_amd64.s", "VMOVUPS", "VMOVAPS"},
		{"32-bit-product", "scores", "avx512", "pam_amd64.s", "IMULQ", "IMULL"},
		{"no-vzeroupper", "scores", "avx512", "pam_amd64.s", "VZEROUPPER", ""},
		{"clobbered-g", "scores", "avx2", "pam_amd64.s", "", "XORL R14, R14"},
		{"long-operand", "softmax", "go", "pam.go", "t.length-l.length() >", ":"},
	} {
		s := subjectOf(t, c.op, c.isa)
		f := Faults()[slices.IndexFunc(Faults(), func(f Fault) bool { return f.Name == c.fault })]
		files, err := s.Mutant(f, 0)
		if err != nil {
			t.Fatal(err)
		}
		for i, file := range files {
			gone, instead := difference(string(s.Files[i].Content), string(file.Content))
			switch {
			case file.Name != c.file && gone+instead != "":
				t.Errorf("%s changes %s, want only %s", c.fault, file.Name, c.file)
			case file.Name == c.file && (!strings.Contains(gone, c.gone) || !strings.Contains(instead, c.instead)):
				t.Errorf("%s: %q became %q, want %q and %q in them", c.fault, gone, instead, c.gone, c.instead)
			}
		}
	}
}

// difference cuts off what two texts have in common at their start and end, up to whole lines.
func difference(a, b string) (string, string) {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for len(x) > 0 && len(y) > 0 && x[0] == y[0] {
		x, y = x[1:], y[1:]
	}
	for len(x) > 0 && len(y) > 0 && x[len(x)-1] == y[len(y)-1] {
		x, y = x[:len(x)-1], y[:len(y)-1]
	}
	return strings.Join(x, "\n"), strings.Join(y, "\n")
}

// TestLooksAt: an argument that only a loop uses which never runs is not looked at.
func TestLooksAt(t *testing.T) {
	p, err := ir.ParseProgram(`program context f32 go {
  pyramid window 1
  size batch, len, heads
  out z: f32[batch, nodes, heads, 8]
  call edge(0, len)
  call edge(len, len)
}

func edge(cHi, row) {
  out z: f32[rows, 1, 8]
  for c in 0..cHi {
    z[row + c, 0, 0] = 1.0
  }
}
`)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{false, true} {
		if got := looksAt(p.Body[i].(*ir.Call), 1); got != want {
			t.Errorf("call %d looks at row: %v, want %v", i, got, want)
		}
	}
}
