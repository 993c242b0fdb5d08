package gosrc_test

import (
	"strings"
	"testing"

	"github.com/pyragen/pyragen/gen/gosrc"
	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/spec"
)

// apiText is the API of attention and its gradient with features.
func apiText(t *testing.T, with ...string) string {
	t.Helper()
	s := spec.Spec{Package: "pam", Window: 3, Strides: []int{4}, Dim: 8, Ops: []string{"scores", "attention", "attention-grad"}, With: with}
	u := stubUnit(t, s, "go")
	text, err := gosrc.EmitAPI(gosrc.APISpec{Package: "pam", Window: 3, Strides: []int{4}, Dim: 8, Programs: u.Programs}, "// Made by a test.\n")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Features bring their arguments, equations and checks, and nothing where they are not asked for.
func TestAPIFeatures(t *testing.T) {
	for _, c := range []struct {
		with      []string
		has, lack []string
	}{
		{nil, []string{"func AttentionF32(out, lse, q, k, v []float32, scale float32, n Sizes) error"}, []string{"mask", "dropout", "seed"}},
		{[]string{"mask"}, []string{
			"func AttentionF32(out, lse, q, k, v, mask []float32, scale float32, n Sizes) error",
			"func AttentionGradF64(dq, dk, dv, q, k, v, mask, out, lse, dout []float64, scale float64, n Sizes) error",
			"func ScoresF32(s, x, y []float32, padding float32, n Sizes) error",
			"* k[b,N(i,j),h,d] + mask[b,N(i,j)]\n", "+ mask[b,N(i,j)] - lse[b,i,h])\n", "mask is (batch, nodes)",
			`input("mask", mask, `, `"batch", "nodes")`, "(|scale| * sum_d |q*k| + |mask|)",
		}, []string{"dropout", "seed"}},
		{[]string{"dropout"}, []string{
			"func AttentionF32(out, lse, q, k, v []float32, scale, dropout float32, seed uint64, n Sizes) error",
			"func AttentionGradF64(dq, dk, dv, q, k, v, out, lse, dout []float64, scale, dropout float64, seed uint64, n Sizes) error",
			"sum_j z[b,i,h,j] * p[b,i,h,j] * v[b,N(i,j),h,d]\n", "(z[b,i,h,j] * sum_d dout[b,i,h,d] * v[b,N(i,j),h,d] - ",
			"sum_j z[b,R(i,j),h,M(i,j)] * p[b,R(i,j),h,M(i,j)] * dout", "\tif !(dropout >= 0 && dropout < 1) {\n",
			`"%s.AttentionGradF64: dropout = %v, want from 0 to below 1", packageName, dropout)`,
		}, []string{"mask"}},
		{[]string{"bias"}, []string{
			"func AttentionF32(out, lse, q, k, v, bias []float32, scale float32, n Sizes) error",
			"func AttentionGradF64(dq, dk, dv, dbias, q, k, v, bias, out, lse, dout []float64, scale float64, n Sizes) error",
			"* k[b,N(i,j),h,d] + bias[b,i,h,j]\n", "+ bias[b,i,h,j] - lse[b,i,h])\n", "ds[b,i,h,j]    = scale * dbias[b,i,h,j]\n",
			"dbias[b,i,h,j] = p[b,i,h,j] * (sum_d dout", "the gradients of attention in q, k, v and bias,",
			`input("bias", bias, "batch", "nodes", "heads", "slots")`, `output("dbias", dbias, "batch", "nodes", "heads", "slots")`,
			"gamma(dim+3) * (|scale| * sum_d |q*k| + |bias|)",
		}, []string{"dropout", "seed", "mask"}},
		{[]string{"mask", "bias", "dropout"}, []string{
			"func AttentionF32(out, lse, q, k, v, mask, bias []float32, scale, dropout float32, seed uint64, n Sizes) error",
			"func AttentionGradF64(dq, dk, dv, dbias, q, k, v, mask, bias, out, lse, dout []float64, scale, dropout float64, seed uint64, n Sizes) error",
			"+ bias[b,i,h,j] + mask[b,N(i,j)]\n", "D = gamma(dim+4) *",
			"dbias[b,i,h,j] = p[b,i,h,j] * (z[b,i,h,j] * sum_d dout",
		}, nil},
		{[]string{"mask", "dropout"}, []string{
			"func AttentionF32(out, lse, q, k, v, mask []float32, scale, dropout float32, seed uint64, n Sizes) error",
		}, nil},
	} {
		text := apiText(t, c.with...)
		for _, want := range c.has {
			if !strings.Contains(text, want) {
				t.Errorf("with %v: there is no %q in\n%s", c.with, want, text)
			}
		}
		for _, other := range c.lack {
			if strings.Contains(text, other) {
				t.Errorf("with %v: there is %q", c.with, other)
			}
		}
		if got, want := strings.Count(text, "dropout < 1"), 0; c.with == nil && got != want {
			t.Errorf("without dropout: %d checks of a rate", got)
		}
	}
}

// A program whose arguments are in another order than the API passes them is refused.
func TestAPIFeaturesInOrder(t *testing.T) {
	s := spec.Spec{Package: "pam", Window: 3, Strides: []int{4}, Dim: 8, Types: []string{"f32"}, Ops: []string{"attention"}, With: spec.Features()}
	for _, name := range []string{"mask", "bias", "dropout", "seed"} {
		u := stubUnit(t, s, "go")
		p := *u.Programs[0]
		p.Buffers = append([]*ir.Buffer{}, p.Buffers...)
		for i, b := range p.Buffers {
			if b.Name == name {
				p.Buffers[i], p.Buffers[i-1] = p.Buffers[i-1], p.Buffers[i]
				break
			}
		}
		_, err := gosrc.EmitAPI(gosrc.APISpec{Package: "pam", Window: 3, Strides: []int{4}, Dim: 8, Programs: []*ir.Program{&p}}, "")
		if err == nil || !strings.Contains(err.Error(), "want the arguments of the op, in their order") {
			t.Errorf("%s before its place: got error %v", name, err)
		}
	}
}
