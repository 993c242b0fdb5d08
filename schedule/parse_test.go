package schedule_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/ops"
	"github.com/pyragen/pyragen/schedule"
)

// badTexts are texts that are no schedules, and what is said of them.
var badTexts = []struct{ text, want string }{
	{"", "empty schedule; want `schedule OP TYPE TARGET` first"},
	{"# nothing\n\n", "empty schedule; want `schedule OP TYPE TARGET` first"},
	{"levels i\n", "line 1: got \"levels i\", want `schedule OP TYPE TARGET` first"},
	{"schedule scores f32\n", "line 1: got \"schedule scores f32\", want `schedule OP TYPE TARGET` first"},
	{"schedule scores f32 avx2 now\n", "line 1: got \"schedule scores f32 avx2 now\", want `schedule OP TYPE TARGET` first"},
	{"schedule scores f33 avx2\n", `line 1: unknown type "f33"; use f32, f64, f16, bf16, i32 or u64`},
	{"\nschedule scores f32 sse\n", `line 2: unknown target "sse"; use go, avx2 or avx512`},
	{"schedule scores f32 go\n  fold i\n", `line 2: unknown step "fold"; use one of inline, gather, cache, sink, fuse, shrink, transpose, levels, segments, compress, edgewise, chunks, vectorise, contract, jam, unroll, ` +
		`tree, stage, reorder, specialise, tile, parallel, peel, edges, families, handover, partial, split, distribute, reuse, invariant, pad, flatten, stream, prefetch, pairs, copy`},
	{"schedule scores f32 go\n  jam j # twice\n", "line 2: got 1 argument, want `jam LOOP COUNT [REST] [turn]`"},
	{"schedule scores f32 go\n  tree j\n", "line 2: got 1 argument, want `tree`"},
	{"schedule scores f32 go\n  split i 2 o perfect now\n", "line 2: got 5 arguments, want `split LOOP SIZE OUTER [TAIL]`"},
	{"schedule scores f32 go\n" + strings.Repeat("tree\n", 257), "line 258: more than 256 steps"},
	{strings.Repeat(" ", 64<<10+1), "schedule of 65537 bytes; at most 65536 are read"},
}

func TestParseErrors(t *testing.T) {
	for _, b := range badTexts {
		_, err := schedule.Parse(b.text)
		if err == nil || err.Error() != b.want {
			t.Errorf("%.60q: got error %v, want %s", b.text, err, b.want)
		}
	}
}

func TestParse(t *testing.T) {
	got, err := schedule.Parse("# scores\n\n schedule scores bf16 avx512 # head\n\tjam  j\t4\r\n\n  tree# last\n")
	want := schedule.Schedule{Op: "scores", Type: ir.BF16, Target: "avx512", Steps: []schedule.Action{{Step: "jam", Args: []string{"j", "4"}}, {Step: "tree"}}}
	if err != nil || !equal(got, want) {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	if text := got.String(); text != "schedule scores bf16 avx512\n  jam j 4\n  tree\n" {
		t.Errorf("got\n%s", text)
	}
}

// equal compares schedules; no arguments are as good as a list of none.
func equal(a, b schedule.Schedule) bool {
	if a.Op != b.Op || a.Type != b.Type || a.Target != b.Target || len(a.Steps) != len(b.Steps) {
		return false
	}
	for k := range a.Steps {
		x, y := a.Steps[k], b.Steps[k]
		if x.Step != y.Step || len(x.Args)+len(y.Args) > 0 && !reflect.DeepEqual(x.Args, y.Args) {
			return false
		}
	}
	return true
}

// defaults are the texts of default schedules.
func defaults(t testing.TB) []string {
	var out []string
	for _, name := range []string{"scores", "context", "reverse"} {
		op, err := ops.ByName(name)
		if err != nil {
			t.Fatal(err)
		}
		for gi, g := range pyramids {
			for _, target := range schedule.Targets {
				s, err := schedule.Default(op.Build(ops.Options{Type: ir.F32, Graph: g, Dim: []int{0, 8, 100}[gi%3]}), target)
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, s.String())
			}
		}
	}
	return out
}

func TestDefaultsReadBack(t *testing.T) {
	for _, text := range defaults(t) {
		s, err := schedule.Parse(text)
		if err != nil || s.String() != text {
			t.Errorf("%v: got\n%swant\n%s", err, s, text)
		}
	}
}

// FuzzParse checks that whatever is read is written and read back the same, within the bounds, and that the rest is refused with a
// reason.
func FuzzParse(f *testing.F) {
	for _, text := range defaults(f) {
		f.Add(text)
	}
	for _, b := range badTexts {
		if len(b.text) < 1<<10 {
			f.Add(b.text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := schedule.Parse(text)
		if err != nil {
			if err.Error() == "" {
				t.Fatal("refused without a reason")
			}
			return
		}
		if len(text) > 64<<10 || len(s.Steps) > 256 {
			t.Fatalf("read %d bytes and %d steps", len(text), len(s.Steps))
		}
		again, err := schedule.Parse(s.String())
		if err != nil || !equal(s, again) {
			t.Fatalf("%q was read as %+v, printed as %q and read back as %+v, %v", text, s, s.String(), again, err)
		}
	})
}

// FuzzSchedule runs what was read, with the text's kernel: it is refused with a typed error or gives a program, in bounded time.
func FuzzSchedule(f *testing.F) {
	for _, text := range defaults(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := schedule.Parse(text)
		if err != nil || len(s.Steps) > 24 {
			return
		}
		op, err := ops.ByName(s.Op)
		if err != nil || s.Type != ir.F32 && s.Type != ir.F64 {
			return
		}
		k := op.Build(ops.Options{Type: s.Type, Graph: pyramids[0], Dim: 20})
		if _, err := schedule.Run(k, s, nil); err != nil {
			mustBeTyped(t, err)
		}
	})
}

// mustBeTyped wants an error that says which step was refused.
func mustBeTyped(t *testing.T, err error) {
	t.Helper()
	var typed *schedule.Error
	if !errors.As(err, &typed) || typed.Kernel == "" || typed.Action.Step == "" {
		t.Fatalf("got error %v of type %T, want a *schedule.Error", err, err)
	}
}
