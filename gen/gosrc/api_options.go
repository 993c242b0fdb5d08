package gosrc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pyragen/pyragen/ir"
)

// keyAxes are those of one number of every batch and node.
var keyAxes = []string{"batch", "nodes"}

// with describes an op as a program computes it: with a mask, a bias or dropout, where that has their arguments.
func (o apiOp) with(p *ir.Program) apiOp {
	has := func(name string) bool {
		return slices.ContainsFunc(p.Buffers, func(b *ir.Buffer) bool { return b.Name == name && b.Role == ir.In })
	}
	if o.name != "attention" && o.name != "attention-grad" {
		return o
	}
	if has("mask") {
		o = o.masked()
	}
	if has("bias") {
		o = o.biased()
	}
	if has("seed") {
		o = o.dropping()
	}
	o.equation = lined(o.equation)
	return o
}

// lined are lines of an equation with their equals signs one below the other.
func lined(lines []string) []string {
	lefts, rights, width := make([]string, len(lines)), make([]string, len(lines)), 0
	for i, line := range lines {
		left, right, _ := strings.Cut(line, "=")
		lefts[i], rights[i] = strings.TrimSpace(left), strings.TrimSpace(right)
		width = max(width, len(lefts[i]))
	}
	for i := range lefts {
		lefts[i] = fmt.Sprintf("%-*s = %s", width, lefts[i], rights[i])
	}
	return lefts
}

// masked is attention with a mask of keys, or its gradient.
func (o apiOp) masked() apiOp {
	v := slices.IndexFunc(o.args, func(a apiArg) bool { return a.name == "v" })
	o.args = slices.Insert(slices.Clone(o.args), v+1, apiArg{"mask", ir.In, keyAxes})
	o.equation = slices.Clone(o.equation)
	for i, line := range o.equation {
		switch {
		case strings.HasPrefix(line, "s["):
			o.equation[i] = line + " + mask[b,N(i,j)]"
		case strings.HasPrefix(line, "p[") && o.name == "attention-grad":
			o.equation[i] = strings.Replace(line, " - lse", " + mask[b,N(i,j)] - lse", 1)
		}
	}
	o.errors = strings.Replace(o.errors, "gamma(dim+2) * |scale| * sum_d |q*k|", "gamma(dim+3) * (|scale| * sum_d |q*k| + |mask|)", 1)
	o.computes += " The mask is added to the scores of a key: 0 leaves the key as it is, -Inf hides it, as for the padding of a short series; its " +
		"rows must be finite all the same. "
	if o.name == "attention" {
		o.computes += "A node that sees no key gets out 0 and an lse of -Inf."
	} else {
		o.computes += "A node that sees no key gets dq 0 and gives nothing to dk and dv, a hidden key gets dk and dv 0."
	}
	return o
}

// biased is attention with a bias of edges, or its gradient, which has that of the bias as well.
func (o apiOp) biased() apiOp {
	behind := func(args []apiArg, name string, arg apiArg) []apiArg {
		at := slices.IndexFunc(args, func(a apiArg) bool { return a.name == name })
		return slices.Insert(slices.Clone(args), at+1, arg)
	}
	last, blind := "v", map[string]string{ // what the mask says already
		"attention":      "A node that sees no key gets out 0 and an lse of -Inf.",
		"attention-grad": "A node that sees no key gets dq 0 and gives nothing to dk and dv. ",
	}[o.name]
	if slices.ContainsFunc(o.args, func(a apiArg) bool { return a.name == "mask" }) {
		last, blind = "mask", ""
	}
	o.args = behind(o.args, last, apiArg{"bias", ir.In, slotAxes})
	var equation []string
	for _, line := range o.equation {
		switch {
		case strings.HasPrefix(line, "s["), strings.HasPrefix(line, "p[") && o.name == "attention-grad":
			line = strings.Replace(line, "* k[b,N(i,j),h,d]", "* k[b,N(i,j),h,d] + bias[b,i,h,j]", 1)
		case strings.HasPrefix(line, "ds["):
			equation = append(equation, strings.Replace(line, "ds[b,i,h,j] = scale * ", "dbias[b,i,h,j] = ", 1))
			line = "ds[b,i,h,j] = scale * dbias[b,i,h,j]"
		}
		equation = append(equation, line)
	}
	o.equation = equation
	o.errors = strings.NewReplacer(
		"gamma(dim+2) * |scale| * sum_d |q*k|", "gamma(dim+3) * (|scale| * sum_d |q*k| + |bias|)",
		"gamma(dim+3) * (|scale| * sum_d |q*k| + |mask|)", "gamma(dim+4) * (|scale| * sum_d |q*k| + |bias| + |mask|)",
	).Replace(o.errors)
	o.computes = strings.Replace(o.computes, "in q, k and v,", "in q, k, v and bias,", 1) + " The bias is added to the score of an edge: 0 leaves " +
		"it as it is, -Inf hides it. What stands in empty slots of it is not read. " + blind
	if o.name == "attention" {
		return o
	}
	o.args = behind(o.args, "dv", apiArg{"dbias", ir.Out, slotAxes})
	o.computes += "In dbias hidden edges and empty slots get 0."
	o.errors = strings.Replace(o.errors, " + |dout*out|,", " + |dout*out|, dbias as ds but for the scale,", 1)
	return o
}

// dropping is attention with dropout of weights, or its gradient.
func (o apiOp) dropping() apiOp {
	o.args = append(slices.Clone(o.args), apiArg{"dropout", ir.In, nil}, apiArg{"seed", ir.In, nil})
	z := "z[b,i,h,j]   = 0 if a number drawn from seed, b, i, h and j is less than dropout, else 1 / (1 - dropout)"
	if o.name == "attention-grad" {
		z = "z[b,i,h,j]  = 0 or 1 / (1 - dropout), as in the call that gave out"
	}
	o.equation = append([]string{z}, o.equation...)
	for i, line := range o.equation {
		o.equation[i] = strings.NewReplacer(
			"sum_j p[b,i,h,j] *", "sum_j z[b,i,h,j] * p[b,i,h,j] *",
			"(sum_d dout[b,i,h,d] * v[b,N(i,j),h,d]", "(z[b,i,h,j] * sum_d dout[b,i,h,d] * v[b,N(i,j),h,d]",
			"sum_j p[b,R(i,j),h,M(i,j)] *", "sum_j z[b,R(i,j),h,M(i,j)] * p[b,R(i,j),h,M(i,j)] *",
		).Replace(line)
	}
	o.errors = strings.NewReplacer(
		"gamma(slots+8)) * sum_j |p[b,i,h,j] * v", "gamma(slots+11)) * sum_j |z[b,i,h,j] * p[b,i,h,j] * v",
		"gamma(dim+4) * |scale| * p * sum_d |dout*v| + |dout*out|", "gamma(dim+7) * |scale| * p * (z * sum_d |dout*v| + |dout*out|)",
	).Replace(o.errors)
	o.computes += " Weights are dropped with the probability dropout, from 0 to below 1, and the others made larger by as much, so that their mean " +
		"stays. Which are dropped follows from seed alone, whatever the instruction set and the number of workers: every step of a training takes another " +
		"seed, and its gradient the same one. With 0 the result is that without dropout."
	return o
}

// drops reports whether the op has a rate to check.
func (o apiOp) drops() bool {
	return slices.ContainsFunc(o.args, func(a apiArg) bool { return a.name == "dropout" })
}
