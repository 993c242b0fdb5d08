package pyragen_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/pyragen/pyragen"
	"github.com/pyragen/pyragen/gen"
	"github.com/pyragen/pyragen/spec"
)

// TestStages: every op has its stages on every instruction set, from the expression to the Go source and the assembly.
func TestStages(t *testing.T) {
	s := &spec.Spec{Package: "pam", Window: 3, Strides: []int{4, 4}, Dim: 16}
	for _, op := range spec.Ops() {
		for _, isa := range []string{"go", "avx2", "avx512"} {
			stages, err := pyragen.Stages(s, op, "f32", isa)
			if err != nil {
				t.Errorf("%s %s: %v", op, isa, err)
				continue
			}
			source := map[string]bool{}
			for _, s := range stages {
				if s.Name == "go" || s.Name == "asm" {
					source[s.Name] = strings.Contains(s.Text, gen.Mark)
				}
			}
			want := map[string]bool{"go": true}
			if isa != "go" {
				want["asm"] = true
			}
			if stages[0].Name != "expression" || !maps.Equal(source, want) {
				t.Errorf("%s %s: got stages from %s on with sources %v, want them from the expression on with %v", op, isa, stages[0], source, want)
			}
		}
	}
}

// TestTasksMakeNothing: tasks have arrays from memory that is kept for later calls, however wide the window is. Those that a function makes are
// cleared in every task, and allocated where they do not fit its stack.
func TestTasksMakeNothing(t *testing.T) {
	s := &spec.Spec{Package: "pam", Window: 129, Strides: []int{4, 4}, Dim: 16}
	for _, isa := range []string{"go", "avx2"} {
		stages, err := pyragen.Stages(s, "attention-grad", "f32", isa)
		if err != nil {
			t.Fatal(err)
		}
		for _, stage := range stages {
			if stage.Name == "go" && strings.Contains(stage.Text, "make(") {
				t.Errorf("%s: %s calls make", isa, stage.Doc)
			}
			if stage.Name == "go" && strings.Contains(stage.Text, "Task(") && !strings.Contains(stage.Text, "borrow[float32](") {
				t.Errorf("%s: %s has tasks without memory", isa, stage.Doc)
			}
		}
	}
}
