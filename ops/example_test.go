package ops_test

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/ops"
)

func ExampleScores() {
	graph := ir.Graph{Kind: ir.Pyramid, Window: 3, Strides: []int{4, 4, 4}}
	fmt.Print(ops.Scores(ops.Options{Type: ir.F32, Graph: graph, Dim: 128}))
	// Output:
	// kernel scores f32 {
	//   pyramid window 3 strides 4, 4, 4
	//   size batch, len, heads
	//   const dim = 128
	//   out s: f32[batch, nodes, heads, slots]
	//   in x: f32[batch, nodes, heads, dim]
	//   in y: f32[batch, nodes, heads, dim]
	//   in padding: f32
	//
	//   s[b < batch, i < nodes, h < heads, j < slots] =
	//     nbr(i, j) >= 0 ? sum(d < dim: x[b, i, h, d] * y[b, nbr(i, j), h, d]) : padding
	// }
}

func ExampleReverse_table() {
	fmt.Print(ops.Reverse(ops.Options{Type: ir.F64, Graph: ir.Graph{Kind: ir.Table}}))
	// Output:
	// kernel reverse f64 {
	//   table
	//   size batch, nodes, heads, slots, in_slots, dim
	//   out z: f64[batch, nodes, heads, dim]
	//   in p: f64[batch, nodes, heads, slots]
	//   in y: f64[batch, nodes, heads, dim]
	//   in kq: i32[nodes, in_slots]
	//   in m: i32[nodes, in_slots]
	//
	//   z[b < batch, i < nodes, h < heads, d < dim] =
	//     sum(j < in_slots where kq[i, j] >= 0: p[b, kq[i, j], h, m[i, j]] * y[b, kq[i, j], h, d])
	// }
}

func ExampleAttention() {
	graph := ir.Graph{Kind: ir.Pyramid, Window: 3, Strides: []int{4}}
	fmt.Print(ops.Attention(ops.Options{Type: ir.BF16, Graph: graph, Dim: 64}))
	// Output:
	// kernel attention f32 {
	//   pyramid window 3 strides 4
	//   size batch, len, heads
	//   const dim = 64
	//   out out: bf16[batch, nodes, heads, dim]
	//   out lse: f32[batch, nodes, heads]
	//   in q: bf16[batch, nodes, heads, dim]
	//   in k: bf16[batch, nodes, heads, dim]
	//   in v: bf16[batch, nodes, heads, dim]
	//   in scale: f32
	//   temp s: f32[batch, nodes, heads, slots]
	//   temp x: f32[batch, nodes, heads, slots]
	//   temp m: f32[batch, nodes, heads]
	//   temp sum: f32[batch, nodes, heads]
	//   temp e: f32[batch, nodes, heads, slots]
	//   temp r: f32[batch, nodes, heads]
	//
	//   s[b < batch, i < nodes, h < heads, j < slots where nbr(i, j) >= 0] =
	//     sum(d < dim: q[b, i, h, d] * k[b, nbr(i, j), h, d])
	//   x[b < batch, i < nodes, h < heads, j < slots where nbr(i, j) >= 0] = scale * s[b, i, h, j]
	//   m[b < batch, i < nodes, h < heads] = max(max(j < slots where nbr(i, j) >= 0: x[b, i, h, j]), -3.4028235e+38)
	//   e[b < batch, i < nodes, h < heads, j < slots where nbr(i, j) >= 0] = exp(x[b, i, h, j] - m[b, i, h])
	//   sum[b < batch, i < nodes, h < heads] = sum(j < slots where nbr(i, j) >= 0: e[b, i, h, j])
	//   r[b < batch, i < nodes, h < heads] = sum[b, i, h] == 0.0 ? 0.0 : recip(sum[b, i, h])
	//   lse[b < batch, i < nodes, h < heads] = m[b, i, h] + log(sum[b, i, h])
	//   out[b < batch, i < nodes, h < heads, d < dim] =
	//     sum(j < slots where nbr(i, j) >= 0: e[b, i, h, j] * v[b, nbr(i, j), h, d]) * r[b, i, h]
	// }
}
