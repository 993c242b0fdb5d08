package goasm_test

import (
	"bytes"
	"flag"
	"go/format"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pyragen/pyragen/gen/goasm"
	"github.com/pyragen/pyragen/ir"
)

var update = flag.Bool("update", false, "write the assembly of testdata/*.pyr anew")

// TestGolden compares the assembly of the programs of testdata with what is committed beside them: read the program, then the
// assembly.
func TestGolden(t *testing.T) {
	programs, err := filepath.Glob("testdata/*.pyr")
	if err != nil || len(programs) == 0 {
		t.Fatalf("no programs in testdata: %v", err)
	}
	for _, path := range programs {
		t.Run(filepath.Base(path), func(t *testing.T) {
			got, err := goasm.Emit([]*ir.Program{read(t, path)}, name)
			if err != nil {
				t.Fatal(err)
			}
			golden := strings.TrimSuffix(path, ".pyr") + ".s"
			if *update {
				if err := os.WriteFile(golden, got.Source, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatalf("%v; write it with: go test ./gen/goasm -run TestGolden -update", err)
			}
			if d := cmp.Diff(string(want), string(got.Source)); d != "" {
				t.Errorf("assembly differs from %s (-want +got); if that is meant: go test ./gen/goasm -run TestGolden -update\n%s", golden, d)
			}
		})
	}
}

func read(t *testing.T, path string) *ir.Program {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	p, err := ir.ParseProgram(string(text))
	if err == nil {
		err = p.VerifyScheduled()
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return p
}

// TestStubs: what the caller is told of the functions.
func TestStubs(t *testing.T) {
	a, err := goasm.Emit([]*ir.Program{read(t, "testdata/dot.pyr"), read(t, "testdata/rows.pyr")}, name)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range a.Stubs {
		decl := "// " + s.Doc + "\nfunc " + s.Name + s.Signature
		if src, err := format.Source([]byte("package p\n\n" + decl + "\n")); err != nil || !bytes.Contains(src, []byte(decl)) {
			t.Errorf("%s: not as gofmt has it: %v\n%s", decl, err, src)
		}
		if s.Instructions < 10 || s.Bytes < 4*s.Instructions {
			t.Errorf("%s: %d instructions of at most %d bytes", s.Name, s.Instructions, s.Bytes)
		}
		got = append(got, s.Target+" func "+s.Name+s.Signature)
	}
	want := []string{
		"avx2 func dotavx2row(s *float32, x *float32, y *float32, i, n int)",
		"avx512 func rowsavx512leaves(z *float64, p *float64, y *float64, scale float64, row, m, heads, dim int)",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	features := map[string][]string{
		"avx2":   {"HasAVX", "HasFMA"},
		"avx512": {"HasAVX", "HasAVX512F", "HasBMI2"},
	}
	if d := cmp.Diff(features, a.Features); d != "" {
		t.Error(d)
	}
}

// TestRepeats: the same programs give the same bytes.
func TestRepeats(t *testing.T) {
	emit := func() *goasm.Assembly {
		a, err := goasm.Emit([]*ir.Program{read(t, "testdata/dot.pyr"), read(t, "testdata/rows.pyr")}, name)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	first := emit()
	for range 5 {
		if again := emit(); !reflect.DeepEqual(first, again) {
			t.Fatal(cmp.Diff(string(first.Source), string(again.Source)))
		}
	}
}
