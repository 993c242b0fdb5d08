package schedule

import "testing"

// TestTreeOfShortVectors wants sums of vectors that are too short for a tree left as they are, and others not.
func TestTreeOfShortVectors(t *testing.T) {
	short := "alloc v: f32x4\nalloc a, b: f32\na = hsum(v)\nb = hsum(v)\n"
	n := nestOf(t, short)
	if err := n.apply(Action{Step: "tree"}); err != nil {
		t.Fatal(err)
	}
	if got := text(n); got != short {
		t.Errorf("4 lanes of f32: got\n%swant\n%s", got, short)
	}
	n = nestOf(t, "alloc v: f32x8\nalloc a, b: f32\na = hsum(v)\nb = hsum(v)\n")
	if err := n.apply(Action{Step: "tree"}); err != nil {
		t.Fatal(err)
	}
	want := "alloc v: f32x8\nalloc a, b: f32\nalloc t: f32x4\nt = tree(v, v, v, v)\na = lane(t, 0)\nb = lane(t, 1)\n"
	if got := text(n); got != want {
		t.Errorf("8 lanes of f32: got\n%swant\n%s", got, want)
	}
}
