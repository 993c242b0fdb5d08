package diff_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/diff"
	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/ops"
)

// The gradients of the three linear ops are the three linear ops, to the letter: gradients are given the names that the op has, and the
// other operand's name and the padding are the only differences.
func TestLinearOpsAreEachOthersGradients(t *testing.T) {
	for _, c := range []struct {
		of, wrt, seed, is string
		names             map[string]string // of the gradients
		renamed           *strings.Replacer // of what the op calls otherwise
	}{
		{"scores", "x", "s", "context", map[string]string{"x": "z", "s": "p"}, nil},
		{"scores", "y", "s", "reverse", map[string]string{"y": "z", "s": "p"}, strings.NewReplacer(" y", " x")},
		{"context", "p", "z", "scores", map[string]string{"p": "s", "z": "x"}, strings.NewReplacer("padding", "0.0")},
		{"context", "y", "z", "reverse", map[string]string{"y": "z", "z": "y"}, nil},
		{"reverse", "p", "z", "scores", map[string]string{"p": "s", "z": "x"},
			strings.NewReplacer("padding", "0.0", " y[", " x[", " x[", " y[", " x:", " y:", " y:", " x:")},
		{"reverse", "y", "z", "context", map[string]string{"y": "z", "z": "y"}, nil},
	} {
		for _, g := range []ir.Graph{{Kind: ir.Pyramid, Window: 4, Strides: []int{3, 2}}, {Kind: ir.Table}} {
			o := ops.Options{Type: ir.F32, Graph: g, Dim: 8}
			tables := opTables
			tables.RevSlot = "m"
			got, err := diff.Gradient(build(t, c.of, o), diff.Request{
				Kernel: c.is, WRT: []string{c.wrt}, Seeds: []string{c.seed}, Names: c.names, Tables: tables})
			if err != nil {
				t.Fatal(err)
			}
			want := build(t, c.is, o).String()
			if c.renamed != nil {
				want = c.renamed.Replace(want)
			}
			if a, b := parts(got.String()), parts(want); !slices.Equal(a, b) {
				t.Errorf("%s by %s: got\n%s\nwant\n%s", c.of, c.wrt, strings.Join(a, "\n"), strings.Join(b, "\n"))
			}
		}
	}
}

func build(t *testing.T, name string, o ops.Options) *ir.Kernel {
	t.Helper()
	op, err := ops.ByName(name)
	if err != nil {
		t.Fatal(err)
	}
	return op.Build(o)
}

// parts are the lines of a kernel, its declarations in alphabetical order and without an argument that is replaced by a constant.
// Reverse kernels over a table do not name their axis of slots.
func parts(text string) []string {
	head, stages, _ := strings.Cut(strings.ReplaceAll(text, "x3", "j"), "\n\n")
	lines := slices.DeleteFunc(strings.Split(head, "\n"), func(l string) bool { return strings.Contains(l, "in 0.0:") })
	slices.Sort(lines)
	return append(lines, strings.Split(stages, "\n")...)
}

// What a definition that is not run gives is what the op gives: the gradients of the op with its maximum held, which is another route to
// them, agree with central differences too (TestCentralDifferences). This is the whole of attention's gradient.
func TestAttentionGradReads(t *testing.T) {
	k := ops.AttentionGrad(ops.Options{Type: ir.F32, Graph: ir.Graph{Kind: ir.Pyramid, Window: 3, Strides: []int{4}}, Dim: 64})
	_, got, _ := strings.Cut(k.String(), "\n\n")
	const want = `  s[b < batch, i < nodes, h < heads, j < slots where nbr(i, j) >= 0] =
    sum(d < dim: q[b, i, h, d] * k[b, nbr(i, j), h, d])
  p[b < batch, i < nodes, h < heads, j < slots where nbr(i, j) >= 0] =
    lse[b, i, h] == -inf ? 0.0 : exp(scale * s[b, i, h, j] - lse[b, i, h])
  dp[b < batch, i < nodes, h < heads, j < slots where nbr(i, j) >= 0] =
    sum(d < dim: dout[b, i, h, d] * v[b, nbr(i, j), h, d])
  delta[b < batch, i < nodes, h < heads] = sum(d < dim: dout[b, i, h, d] * out[b, i, h, d])
  dx[b < batch, i < nodes, h < heads, j < slots where nbr(i, j) >= 0] =
    p[b, i, h, j] * (dp[b, i, h, j] - delta[b, i, h])
  ds[b < batch, i < nodes, h < heads, j < slots where nbr(i, j) >= 0] = scale * dx[b, i, h, j]
  dq[b < batch, i < nodes, h < heads, d < dim] =
    sum(j < slots where nbr(i, j) >= 0: ds[b, i, h, j] * k[b, nbr(i, j), h, d])
  dk[b < batch, i < nodes, h < heads, d < dim] =
    sum(j < slots where rev(i, j) >= 0: ds[b, rev(i, j), h, revslot(i, j)] * q[b, rev(i, j), h, d])
  dv[b < batch, i < nodes, h < heads, d < dim] =
    sum(j < slots where rev(i, j) >= 0: p[b, rev(i, j), h, revslot(i, j)] * dout[b, rev(i, j), h, d])
}
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// The gradient of a bias is dS before the scale, and 0 in empty slots.
func TestBiasGradReads(t *testing.T) {
	o := ops.Options{Type: ir.F32, Graph: ir.Graph{Kind: ir.Pyramid, Window: 3, Strides: []int{4}}, Dim: 64, Bias: true}
	text := ops.AttentionGrad(o).String()
	for _, line := range []string{
		"exp(scale * s[b, i, h, j] + bias[b, i, h, j] - lse[b, i, h])\n",
		"    p[b, i, h, j] * (dp[b, i, h, j] - delta[b, i, h])\n",
		"  dbias[b < batch, i < nodes, h < heads, j < slots] = nbr(i, j) >= 0 ? dx[b, i, h, j] : 0.0\n",
	} {
		if !strings.Contains(text, line) {
			t.Errorf("got\n%s\nwant in it %s", text, line)
		}
	}
}

// With dropout the sum over P * dP is still that over dO * O: O has the factors Z in it that dP has.
func TestDropoutKeepsDelta(t *testing.T) {
	o := ops.Options{Type: ir.F32, Graph: ir.Graph{Kind: ir.Pyramid, Window: 3, Strides: []int{4}}, Dim: 64, Mask: true, Dropout: true}
	text := ops.AttentionGrad(o).String()
	for _, line := range []string{
		"  delta[b < batch, i < nodes, h < heads] = sum(d < dim: dout[b, i, h, d] * out[b, i, h, d])\n",
		"    sum(d < dim: dout[b, i, h, d] * v[b, nbr(i, j), h, d])\n",
		" = dpz[b, i, h, j] * z[b, i, h, j]\n",
		"exp(scale * s[b, i, h, j] + mask[b, nbr(i, j)] - lse[b, i, h])\n",
		"pz[b, rev(i, j), h, revslot(i, j)] * dout[b, rev(i, j), h, d])\n",
	} {
		if !strings.Contains(text, line) {
			t.Errorf("got\n%s\nwant in it %s", text, line)
		}
	}
}
