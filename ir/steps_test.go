package ir

import (
	"strings"
	"testing"
)

// spacedText copies rows of 2 heads of 3 elements, those of x step elements apart.
const spacedText = `program copy f32 go {
  size batch, nodes, step, to
  in x: f32[batch, nodes by step, 2, 3]
  out z: f32[batch, nodes by to, 2, 3]

  for b in 0..batch {
    for i in 0..nodes {
      for h in 0..2 {
        z[b, i, h, 0] = x[b, i, h, 0]
        z[b, i, h, 1:2] = x[b, i, h, 1:2]
      }
    }
  }
}
`

func TestStepsText(t *testing.T) {
	p, err := ParseProgram(spacedText)
	if err != nil {
		t.Fatal(err)
	}
	if got := p.String(); got != spacedText {
		t.Errorf("got:\n%s\nwant:\n%s", got, spacedText)
	}
	x := p.Buffers[0]
	for d, want := range []string{"nodes*step", "step", "3", "1"} {
		if got := x.Step(d); !Same(got, p.parsed(t, want)) {
			t.Errorf("step %d: got %s, want %s", d, FormatIndex(got), want)
		}
	}
}

// parsed is an index expression in the sizes of the program.
func (p *Program) parsed(t *testing.T, text string) Index {
	t.Helper()
	q, err := ParseProgram("program q f32 go {\n  size " + strings.Join(p.Sizes, ", ") + "\n\n  let v = " + text + "\n}\n")
	if err != nil {
		t.Fatal(err)
	}
	return q.Body[0].(*Let).Value
}

// Rows lie where their steps say, and what is between them stays as it is.
func TestStepsRun(t *testing.T) {
	p, err := ParseProgram(spacedText)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Verify(); err != nil {
		t.Fatal(err)
	}
	const batch, nodes, step, to = 2, 3, 8, 7
	rows := int64(batch * nodes)
	x, z := NewArray(F32, int((rows-1)*step+6)), NewArray(F32, int((rows-1)*to+6))
	for i := range x.F32 {
		x.F32[i] = float32(i + 1)
	}
	for i := range z.F32 {
		z.F32[i] = -1
	}
	sizes := map[string]int64{"batch": batch, "nodes": nodes, "step": step, "to": to}
	if err := RunProgram(p, sizes, Args{"x": x, "z": z}); err != nil {
		t.Fatal(err)
	}
	for i, got := range z.F32 {
		row, at := i/to, i%to
		want := float32(-1)
		if at < 6 {
			want = float32(row*step + at + 1)
		}
		if got != want {
			t.Errorf("z[%d] = %v, want %v", i, got, want)
		}
	}

	long := NewArray(F32, x.Len()+1)
	for _, c := range []struct {
		name string
		size int64
		x    *Array
		want string
	}{
		{"longer than its rows", step, long, "argument x: got 47 elements, want 46"},
		{"overlap", 5, x, "buffer x: step 1 is 5, want >= 6, so that rows do not overlap"},
		{"none", 0, x, "buffer x: step 1 is 0, want >= 6"},
		{"overflow", 1 << 62, x, "buffer x: its number of elements overflows int64"},
	} {
		sizes["step"] = c.size
		if err := RunProgram(p, sizes, Args{"x": c.x, "z": z}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
}

// What lies in a gap or behind the last row is outside.
func TestStepsFaults(t *testing.T) {
	const text = `program p f32 avx2 {
  size n, step
  in x: f32[n by step, 2]
  out z: f32[n]

  call f(n, step, AT)
}

func f(n, step, at) {
  in x: f32[rows by step, 2]
  out z: f32[n]

  z[0] = x[at, N]
}
`
	for _, c := range []struct{ at, n, want string }{
		{"2", "1", ""},
		{"2", "2", "x[at, 2]: subscript 1 is 2, want within 0..1"},
		{"3", "0", "x[at, 0]: subscript 0 is 3, want within 0..2"},
	} {
		p, err := ParseProgram(strings.NewReplacer("AT", c.at, "N]", c.n+"]").Replace(text))
		if err != nil {
			t.Fatal(err)
		}
		err = RunProgram(p, map[string]int64{"n": 3, "step": 5}, Args{"x": NewArray(F32, 12), "z": NewArray(F32, 3)})
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("x[%s, %s]: got %v, want %q", c.at, c.n, err, c.want)
		}
	}
}

func TestStepsRefused(t *testing.T) {
	for _, c := range []struct{ decl, want string }{
		{"in x: f32[n by m, 3]", ""},
		{"in x: f32[n, 3 by m]", "buffer x: got step m of the last dimension, want none"},
		{"in x: f32[n by k, 3]", "buffer x: got k, want an integer that is defined here"},
		{"temp x: f32[n by m, 3]", "buffer x: got steps of a temporary, want none"},
		{"in register x: f32[2 by 4, 3]", "buffer x: got steps of a temporary, want none"},
	} {
		p, err := ParseProgram("program p f32 go {\n  size n, m\n  " + c.decl + "\n}\n")
		if err != nil {
			t.Fatal(err)
		}
		checkVerify(t, c.decl, p.Verify, c.want)
	}
	if _, err := ParseProgram("program p f32 go {\n  size n\n\n  alloc memory x: f32[n by 4, 3]\n}\n"); err == nil {
		t.Error("a temporary with steps was parsed")
	}
	x := &Buffer{Name: "x", Type: F32, Role: In, Space: Memory, Dims: []Index{Int(2), Int(3)}, Steps: []Index{Int(4)}}
	p := &Program{Name: "p", Type: F32, Target: "go", Buffers: []*Buffer{x}}
	checkVerify(t, "one step", p.Verify, "buffer x: got 1 steps, want one for each of the 2 dimensions, or none")
}
