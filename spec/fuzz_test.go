package spec_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pyragen/pyragen/spec"
)

// FuzzParse: any bytes are read in bounded time, without panic, into specs that are valid or problems that are whole lines of
// visible ASCII; the canonical text of what is accepted reads back as the same spec.
func FuzzParse(f *testing.F) {
	_, files, _ := wrongFiles(f)
	for _, src := range files {
		f.Add([]byte(src))
	}
	f.Add([]byte(presets))
	f.Fuzz(func(t *testing.T, src []byte) {
		began := time.Now()
		targets, err := spec.Parse("pyragen.yaml", src)
		if d := time.Since(began); d > 5*time.Second {
			t.Errorf("took %v", d)
		}
		if err != nil {
			checkProblems(t, err)
			return
		}
		for _, target := range targets {
			if ps := target.Validate(); len(ps) > 0 {
				t.Fatalf("accepted %+v: %v", target, ps)
			}
			entry := "packages:\n  - " + strings.ReplaceAll(strings.TrimSpace(target.Text()), "\n", "\n    ")
			again, err := spec.Parse("again.yaml", []byte(entry))
			if err != nil || len(again) != 1 || again[0].Hash() != target.Hash() {
				t.Fatalf("text reads back as %v, %v:\n%s", again, err, entry)
			}
		}
	})
}

func checkProblems(t *testing.T, err error) {
	var ps spec.Problems
	if !errors.As(err, &ps) || len(ps) == 0 {
		t.Fatalf("got %T: %v", err, err)
	}
	for _, p := range ps {
		if _, known := spec.FindCode(p.Code); !known || !strings.HasPrefix(p.Place, "pyragen.yaml") || p.Text == "" || p.Fix == "" {
			t.Errorf("incomplete problem %#v", p)
		}
		if text := p.Error(); len(text) > 800 || strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c > '~' }) {
			t.Errorf("message of %d bytes is not a line of visible ASCII: %q", len(text), text)
		}
	}
}

// TestParseIsQuick gives the parser what it is slow at, as much of it as the limits let through: at most 2 s of computing each, in the better of two
// tries where the machine is slow in the first.
func TestParseIsQuick(t *testing.T) {
	for _, unit := range []string{"[", "{", "- ", "- [", "{a: ", "a:\n", "a: |\n", "-\n", "[\n", "? ", "&a ", "*a ", "<<: ", "!t ", "'", "\"", "#", " ", "\n",
		"- a\n", "a\n", "{a,", "---\n", ": ", "a: &a [*a]\n", "%", "x", "1", "é", "- - ", "[]", "\"\\u0061"} {
		src := []byte(strings.Repeat(unit, spec.MaxConfig/len(unit)))
		if err := parsedQuickly(t, unit+" repeated", src); err == nil {
			t.Errorf("%q repeated is accepted", unit)
		} else {
			checkProblems(t, err)
		}
	}
	var deep strings.Builder
	for i := range 1400 {
		deep.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	if parsedQuickly(t, "deep nesting", []byte(deep.String())) == nil {
		t.Error("deep nesting is accepted")
	}
}

// parsedQuickly parses a text, and once more if that takes long, and returns the parser's error.
func parsedQuickly(t *testing.T, what string, src []byte) (err error) {
	t.Helper()
	var took time.Duration
	for range 2 {
		began := cpuTime()
		_, err = spec.Parse("pyragen.yaml", src)
		if took = cpuTime() - began; took <= 2*time.Second {
			return err
		}
	}
	t.Errorf("%q takes %v", what, took)
	return err
}

// FuzzArgs: any words as flags give a valid spec, or problems that are whole lines of visible ASCII.
func FuzzArgs(f *testing.F) {
	f.Add("pam", "3", "4,4,4", "64", "f32,f64", "scores", "go,avx2")
	f.Add("", "-0", "", "0", ",", " scores ", "avx512,avx512")
	f.Add("a\nb", "99999999999", "4,,x", "1e3", "f32\x00", "\u2028", "*/")
	f.Fuzz(func(t *testing.T, pkg, window, strides, dim, types, ops, isa string) {
		s, err := spec.Args{Pkg: &pkg, Window: &window, Strides: &strides, Dim: &dim, Types: &types, Ops: &ops, ISA: &isa}.Spec()
		if err == nil {
			if ps := s.Validate(); len(ps) > 0 {
				t.Fatalf("accepted %+v: %v", s, ps)
			}
			return
		}
		for line := range strings.SplitSeq(err.Error(), "\n") {
			if !strings.HasPrefix(line, "--") || strings.ContainsFunc(line, func(c rune) bool { return c < ' ' || c > '~' }) || len(line) > 800 {
				t.Errorf("message is not a line of visible ASCII: %q", line)
			}
		}
	})
}
