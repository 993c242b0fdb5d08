package diff_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/diff"
	"github.com/pyragen/pyragen/ir"
)

// frame declares what the stages of rules are about.
const frame = `kernel rules f64 {
  pyramid window 3 strides 2, 2
  size batch, len, heads, dim
  out z: f64[batch, nodes, heads, dim]
  in x: f64[batch, nodes, heads, dim]
  in y: f64[batch, nodes, heads, dim]
  in p: f64[batch, nodes, heads, slots]
  in c: f64
`

// rules are kernels that need each rule and each way to turn a subscript round. Declarations come first, then stages.
var rules = map[string]string{
	"sum":        `z[b < batch, i < nodes, h < heads, d < dim] = x[b, i, h, d] + y[b, i, h, d] - c + 2.0`,
	"difference": `z[b < batch, i < nodes, h < heads, d < dim] = c - x[b, i, h, d]`,
	"product":    `z[b < batch, i < nodes, h < heads, d < dim] = x[b, i, h, d] * y[b, i, h, d] * c`,
	"square":     `z[b < batch, i < nodes, h < heads, d < dim] = x[b, i, h, d] * x[b, i, h, d]`,
	"quotient":   `z[b < batch, i < nodes, h < heads, d < dim] = x[b, i, h, d] / (y[b, i, h, d] + c) / 4.0`,
	"negation":   `z[b < batch, i < nodes, h < heads, d < dim] = -(x[b, i, h, d] * -y[b, i, h, d])`,
	"exp":        `z[b < batch, i < nodes, h < heads, d < dim] = exp(x[b, i, h, d] * c) * exp(-y[b, i, h, d])`,
	"log":        `z[b < batch, i < nodes, h < heads, d < dim] = x[b, i, h, d] * log(x[b, i, h, d] + y[b, i, h, d])`,
	"recip":      `z[b < batch, i < nodes, h < heads, d < dim] = recip(x[b, i, h, d] * y[b, i, h, d])`,
	"max": `z[b < batch, i < nodes, h < heads, d < dim] = max(x[b, i, h, d], y[b, i, h, d] * c) +
    min(x[b, i, h, d], c)`,
	"select": `z[b < batch, i < nodes, h < heads, d < dim] =
    x[b, i, h, d] > y[b, i, h, d] ? x[b, i, h, d] * c : i < 2 ? y[b, i, h, d] : 1.0`,
	"broadcast": `z[b < batch, i < nodes, h < heads, d < dim] = x[b, 0, h, d] * y[b, i, 0, 0] * c`,
	"sums": `z[b < batch, i < nodes, h < heads, d < dim] =
    sum(j < slots: p[b, i, h, j]) * sum(j < slots where j != d: p[b, i, h, j] * x[b, i, h, d])`,
	"nested": `z[b < batch, i < nodes, h < heads, d < dim] =
    sum(j < slots where nbr(i, j) >= 0: p[b, i, h, j] * sum(e < dim where e <= d: x[b, i, h, e] * y[b, nbr(i, j), h, e]))`,
	"neighbours": `z[b < batch, i < nodes, h < heads, d < dim] =
    sum(j < slots where nbr(i, j) >= 0: p[b, i, h, j] * x[b, nbr(i, j), h, d] * y[b, nbr(i, j), h, d])`,
	"reverse": `z[b < batch, i < nodes, h < heads, d < dim] =
    sum(j < slots where rev(i, j) >= 0: p[b, rev(i, j), h, revslot(i, j)] * x[b, rev(i, j), h, d] * y[b, i, h, d])`,
	"shift": `z[b < batch, i < nodes, h < heads, d < dim] =
    sum(e < dim where d + e < dim: x[b, i, h, d + e] * y[b, i, h, e]) + sum(e < dim where d >= e: x[b, i, h, d - e])`,
	"diagonal": `temp t: f64[dim, dim]
  t[d < dim, e < dim] = x[0, 0, 0, d] * c * x[0, 0, 0, e]
  z[b < batch, i < nodes, h < heads, d < dim] = t[d, d] * y[b, i, h, d]`,
	"one place": `z[b < batch, i < nodes, h < heads, d < dim] = d == 0 ? x[b, i, h, 0] * y[b, 1 - 1, h, d] : c`,
	"levels": `temp t: f64[batch, n(1), heads, dim]
  t[b < batch, i < n(1), h < heads, d < dim] = sum(k < C(0): x[b, i*C(0) + k, h, d]) / 2.0
  z[b < batch, i < nodes, h < heads, d < dim] = i < n(1) ? t[b, i, h, d] * y[b, i, h, d] : 0.0`,
	"partly": `temp t: f64[batch, nodes, heads, dim]
  t[b < batch, i < nodes, h < heads, d < dim] = i < 2 ? exp(x[b, i, h, d]) : 0.0
  z[b < batch, i < nodes, h < heads, d < dim] = t[b, i, h, d] * y[b, i, h, d] + exp(x[b, i, h, d]) * c`,
	"two sums": `temp t: f64[batch, nodes, heads]
  t[b < batch, i < nodes, h < heads] = sum(d < dim: sum(e < dim: exp(x[b, i, h, d]) * y[b, i, h, e]))
  z[b < batch, i < nodes, h < heads, d < dim] = t[b, i, h] + c * sum(e < dim: exp(x[b, i, h, e]) * y[b, i, h, e])`,
	"pipeline": `temp s: f64[batch, nodes, heads, slots]
  temp t: f64[batch, nodes, heads]
  temp copy: f64[batch, nodes, heads]
  s[b < batch, i < nodes, h < heads, j < slots where nbr(i, j) >= 0] =
    sum(d < dim: x[b, i, h, d] * x[b, nbr(i, j), h, d])
  t[b < batch, i < nodes, h < heads] = log(sum(j < slots where nbr(i, j) >= 0: exp(s[b, i, h, j])))
  copy[b < batch, i < nodes, h < heads] = -t[b, i, h]
  z[b < batch, i < nodes, h < heads, d < dim] =
    sum(j < slots where nbr(i, j) >= 0: exp(s[b, i, h, j] + copy[b, i, h]) * y[b, nbr(i, j), h, d]) + t[b, i, h]`,
}

// ruleKernel is the kernel of a text like those of rules.
func ruleKernel(t *testing.T, text string) *ir.Kernel {
	t.Helper()
	var temps, stages strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "temp ") {
			temps.WriteString("  " + strings.TrimSpace(line) + "\n")
		} else {
			stages.WriteString(line)
		}
	}
	k, err := ir.ParseKernel(frame + temps.String() + "\n  " + stages.String() + "\n}\n")
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return k
}

// Every rule agrees with central differences, over random sizes, with respect to everything.
func TestRules(t *testing.T) {
	worst := 0.0
	for name, text := range rules {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			k := ruleKernel(t, text)
			request := diff.Request{Kernel: "gradient", WRT: []string{"x", "y", "p", "c"}, Seeds: []string{"z"}}
			g, err := diff.Gradient(k, request)
			if err != nil {
				t.Fatal(err)
			}
			if again, err := ir.ParseKernel(g.String()); err != nil || again.String() != g.String() {
				t.Fatalf("does not read back: %v\n%s", err, g)
			}
			for range 10 {
				s := shape{graph: k.Graph, sizes: map[string]int64{
					"batch": 1 + r.Int64N(2), "len": 1 + r.Int64N(11), "heads": 1 + r.Int64N(2), "dim": 1 + r.Int64N(4)}}
				e := s.adjointError(t, k, g, request, s.random(k, r), r)
				worst = max(worst, e)
				if !(e <= 1e-8) {
					t.Fatalf("sizes %v: relative error %.3g, want <= 1e-8\n%s", s.sizes, e, g)
				}
			}
		})
	}
	t.Logf("worst relative error %.3g", worst)
}

// Where nothing reaches an input its gradient is 0, and nothing else is there.
func TestNoGradient(t *testing.T) {
	for _, value := range []string{"c * y[b, i, h, d]", "d < 0 ? x[b, i, h, d] : y[b, i, h, d]", "x[b, i, h, d] * 0.0"} {
		k := ruleKernel(t, "z[b < batch, i < nodes, h < heads, d < dim] = "+value)
		g, err := diff.Gradient(k, diff.Request{Kernel: "gradient", WRT: []string{"x"}, Seeds: []string{"z"}})
		if err != nil {
			t.Fatal(err)
		}
		if want := "\n\n  dx[b < batch, i < nodes, h < heads, d < dim] = 0.0\n}\n"; !strings.HasSuffix(g.String(), want) {
			t.Errorf("z = %s: got\n%s", value, g)
		}
	}
}
