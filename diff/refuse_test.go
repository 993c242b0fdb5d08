package diff_test

import (
	"strings"
	"testing"

	"github.com/pyragen/pyragen/diff"
	"github.com/pyragen/pyragen/ir"
)

// What cannot be differentiated or turned round is refused by a message that says where, what was got and what was wanted.
func TestRefusals(t *testing.T) {
	by := func(wrt ...string) diff.Request { return diff.Request{Kernel: "g", WRT: wrt, Seeds: []string{"z"}} }
	with := func(change func(*diff.Request)) diff.Request {
		r := by("x")
		change(&r)
		return r
	}
	const plain = `z[b < batch, i < nodes, h < heads, d < dim] = x[b, i, h, d]`
	for _, c := range []struct {
		stage   string
		request diff.Request
		want    string
	}{
		{`z[b < batch, i < nodes, h < heads, d < dim] = max(e < dim: x[b, i, h, e])`, by("x"),
			`stage z: got max(e < dim: x[b, i, h, e]), whose gradient is not unique where two are equal; want a stage of its own for it,` +
				` named in Hold if the outputs do not depend on it`},
		{`z[b < batch, i < nodes, h < heads, d < dim] = x[b, i*i/2, h, d]`, by("x"),
			`stage z: got x[..., i*i/2, ...], whose subscript 1 cannot be turned round: it has no reverse; want an axis, an affine` +
				` subscript that can be solved, or an index map of the graph over all its nodes and slots`},
		{`z[b < batch, i < nodes, h < heads, d < dim] = i*2 < nodes ? x[b, i*2, h, d] : c`, by("x"),
			`stage z: got x[..., i*2, ...], whose subscript 1 cannot be turned round: it has no reverse; want an axis, an affine` +
				` subscript that can be solved, or an index map of the graph over all its nodes and slots`},
		{`z[b < batch, i < nodes, h < heads, d < dim] = nbr(i, 0) >= 0 ? x[b, nbr(i, 0), h, d] : c`, by("x"),
			`stage z: got x[..., nbr(i, 0), ...], whose subscript 1 cannot be turned round: it has no reverse; want an axis, an affine` +
				` subscript that can be solved, or an index map of the graph over all its nodes and slots`},
		{`z[b < batch, i < nodes, h < heads, d < dim] = sum(j < 2 where nbr(i, j) >= 0: x[b, nbr(i, j), h, d])`, by("x"),
			`stage z: got x[..., nbr(i, j), ...], whose subscript 1 cannot be turned round: its axes go over a part of the graph; want` +
				` an axis, an affine subscript that can be solved, or an index map of the graph over all its nodes and slots`},
		{`z[b < batch, i < nodes, h < heads, d < dim] = sum(j < slots where rev(i, j) >= 0: p[b, i, h, j] * x[b, rev(i, j), h, d])`,
			by("x"), `stage z: got x[..., rev(i, j), ...], whose subscript 1 cannot be turned round: the position of a node in its reverse` +
				` list is used by itself; want an axis, an affine subscript that can be solved, or an index map of the graph over all its` +
				` nodes and slots`},
		{plain, by(), `got 0 inputs to differentiate by and 1 outputs with a gradient, want at least one of each`},
		{plain, by("z"), `wrt: got "z", want an input of the kernel that holds values`},
		{plain, by("x", "x"), `wrt: got x twice, want it once`},
		{plain, with(func(r *diff.Request) { r.Seeds = []string{"y"} }), `seed: got "y", want an output of the kernel that holds values`},
		{plain, with(func(r *diff.Request) { r.Given = []string{"w"} }), `given: got "w", want an output of the kernel that holds values`},
		{plain, with(func(r *diff.Request) { r.Hold = []string{"x"} }),
			`hold: got "x", want a buffer that a stage defines of the kernel that holds values`},
		{plain, with(func(r *diff.Request) { r.Names = map[string]string{"x": "g", "z": "g"} }), `kernel g: got a second g, which is a buffer` +
			` here already; want another name`},
		{plain, with(func(r *diff.Request) { r.Kernel = "no name" }), `kernel no name: got the name "no name", want letters, digits and _, and` +
			` neither inf nor nan`},
	} {
		_, err := diff.Gradient(ruleKernel(t, c.stage), c.request)
		if want := "gradient of rules: " + c.want; err == nil || err.Error() != want {
			t.Errorf("%s\ngot  %v\nwant %s", c.stage, err, want)
		}
	}
}

// Over a table graph a map has a reverse only if the request names it, and with the right shape.
func TestTablesRefused(t *testing.T) {
	k, err := ir.ParseKernel(`kernel walk f64 {
  table
  size nodes, slots
  out z: f64[nodes]
  in x: f64[nodes]
  in qk: i32[nodes, slots]
  in m: f64[nodes]

  z[i < nodes] = sum(j < slots where qk[i, j] >= 0: m[i] * x[qk[i, j]])
}
`)
	if err != nil {
		t.Fatal(err)
	}
	r := diff.Request{Kernel: "g", WRT: []string{"x"}, Seeds: []string{"z"}}
	if _, err := diff.Gradient(k, r); err == nil || !strings.Contains(err.Error(), "got x[..., qk[i, j], ...], whose subscript 0 cannot") {
		t.Errorf("without tables: got %v", err)
	}
	r.Tables = diff.Tables{Nbr: "qk", Rev: "kq", RevSlot: "m", Nodes: "nodes", Slots: "slots", InSlots: "in_slots"}
	want := "gradient of walk: tables: got m with other type, role or dimensions, want an input i32[nodes, in_slots]"
	if _, err := diff.Gradient(k, r); err == nil || err.Error() != want {
		t.Errorf("tables: got  %v\nwant %s", err, want)
	}
	r.Tables.RevSlot = "slot"
	g, err := diff.Gradient(k, r)
	if err != nil || !strings.Contains(g.String(), "dx[i < nodes] = sum(j < in_slots where kq[i, j] >= 0: m[kq[i, j]] * dz[kq[i, j]])") {
		t.Errorf("got %v\n%v", err, g)
	}
}
