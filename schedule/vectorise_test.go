package schedule

import "testing"

// TestVectoriseGoesOn wants a sum that a loop has begun to go on with the sum over another.
func TestVectoriseGoesOn(t *testing.T) {
	n := nestOf(t, `alloc acc: f32
acc = 0.0
for j in 0..3 {
  acc = acc + x[0, 0, 0, j]
}
for c in 0..8 {
  acc = acc + y[0, 0, 0, c]
}
`)
	if err := n.apply(Action{Step: "vectorise", Args: []string{"c", "8", "perfect"}}); err != nil {
		t.Fatal(err)
	}
	want := `alloc acc: f32
acc = 0.0
for j in 0..3 {
  acc = acc + x[0, 0, 0, j]
}
alloc v: f32x8
v = broadcast(0.0, 8)
for c in 0..8 step 8 {
  v = v + y[0, 0, 0, c:8]
}
acc = acc + hsum(v)
`
	if got := text(n); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
