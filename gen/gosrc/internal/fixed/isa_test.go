package fixed

import (
	"strings"
	"sync"
	"testing"
)

// TestSetISA goes through known, unusable and unknown instruction sets; after an error the one before stays.
func TestSetISA(t *testing.T) {
	if got := strings.Join(ISAs(), " "); got != "go slow" {
		t.Errorf("got %s, want what can be used, the best last", got)
	}
	if ISA() != "slow" || ISAErr() != nil {
		t.Errorf("at the start: got %s and %v, want the best that can be used", ISA(), ISAErr())
	}
	defer func() {
		if err := SetISA("slow"); err != nil {
			t.Error(err)
		}
	}()
	for _, c := range []struct{ name, isa, want string }{
		{"go", "go", ""},
		{"fast", "go", "fixed.SetISA: fast can't be used, this CPU lacks SPEED; want one of: go, slow"},
		{"", "go", `fixed.SetISA: got "", want one of: go, slow`},
		{"slow", "slow", ""},
		{"SLOW\n", "slow", `fixed.SetISA: got "SLOW\n", want one of: go, slow`},
	} {
		got := ""
		if err := SetISA(c.name); err != nil {
			got = err.Error()
		}
		if got != c.want || ISA() != c.isa {
			t.Errorf("%q: got %s and %q, want %s and %q", c.name, ISA(), got, c.isa, c.want)
		}
	}
}

// TestSetISAWhileRunning sets and reads from many goroutines; the race detector looks on.
func TestSetISAWhileRunning(t *testing.T) {
	var group sync.WaitGroup
	for g := range 8 {
		group.Go(func() {
			for i := range 200 {
				name := ISAs()[(g+i)%2]
				if err := SetISA(name); err != nil {
					t.Error(err)
				}
				if isa := ISA(); isa != "go" && isa != "slow" {
					t.Errorf("got %s", isa)
				}
			}
		})
	}
	group.Wait()
	if err := SetISA("slow"); err != nil {
		t.Error(err)
	}
}
