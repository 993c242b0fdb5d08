package schedule

import (
	"errors"
	"flag"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/ops"
)

var update = flag.Bool("update", false, "write the texts of testdata/refusals.txt anew")

// TestRefusals reads testdata/refusals.txt, whose head says how it is written: every reason for which a step is refused, and what
// is said then.
func TestRefusals(t *testing.T) {
	const file = "testdata/refusals.txt"
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	refused := map[string]int{}
	for entry := range strings.SplitSeq(strings.TrimRight(string(src), "\n"), "\n\n") {
		if strings.HasPrefix(entry, "#") {
			out = append(out, entry)
			continue
		}
		setting, want, _ := strings.Cut(entry, "\n! ")
		step, err := refusal(t, setting)
		if err == nil {
			t.Errorf("this is not refused:\n%s", entry)
			continue
		}
		var typed *Error
		if !errors.As(err, &typed) {
			t.Errorf("got error %v of type %T, want a *schedule.Error for\n%s", err, err, entry)
		}
		if got := err.Error(); got != want && !*update {
			t.Errorf("%s\nsays\n! %s\nwant\n! %s\n(go test -run TestRefusals -update writes the texts anew)", setting, got, want)
		}
		for _, part := range []string{"got |runs over|holds|iterations|is inside|uses|stores to|chooses|needs|leaves|unknown|no dimension|the node|is not the same", "want |has|use one of|use others"} {
			if !containsAny(err.Error(), part) {
				t.Errorf("the text says none of %q:\n! %v", part, err)
			}
		}
		refused[step]++
		out = append(out, setting+"\n! "+err.Error())
	}
	for _, s := range Steps {
		if refused[s.Name] == 0 && s.Name != treeStep.Name { // it has no reason to refuse
			t.Errorf("%s shows no reason for which %s is refused", file, s.Name)
		}
	}
	if len(out) < 60 {
		t.Errorf("%s has %d entries, want at least 60", file, len(out))
	}
	if *update {
		if err := os.WriteFile(file, []byte(strings.Join(out, "\n\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func containsAny(text, words string) bool {
	for w := range strings.SplitSeq(words, "|") {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// refusal applies the steps of an entry to its kernel or nest. All but the last must be legal; a kernel is then taken through the
// passes.
func refusal(t *testing.T, setting string) (step string, err error) {
	t.Helper()
	lines := strings.Split(setting, "\n")
	var actions []Action
	var nest []string
	for _, line := range lines[1:] {
		if ir, ok := strings.CutPrefix(line, "  | "); ok {
			nest = append(nest, ir)
			continue
		}
		words := strings.Fields(line)
		actions = append(actions, Action{words[0], words[1:]})
	}
	if len(actions) > 0 {
		step = actions[len(actions)-1].Step
	}
	if lines[0] == "nest" || lines[0] == "nest table" {
		of := declarations
		if lines[0] != "nest" {
			of = tableDeclarations
		}
		n := nestWith(t, of, strings.Join(nest, "\n")+"\n")
		for k, a := range actions {
			if err = n.apply(a); err != nil && k < len(actions)-1 {
				t.Fatalf("%v in\n%s", err, setting)
			}
		}
		return step, err
	}
	k, target := kernelOf(t, lines[0])
	_, err = Run(k, Schedule{Op: k.Name, Type: k.Type, Target: target, Steps: actions}, nil)
	var typed *Error
	if errors.As(err, &typed) && typed.Action.Step != step {
		for _, a := range actions[:max(len(actions)-1, 0)] {
			if a.Step == typed.Action.Step {
				t.Fatalf("%v: a step before the last of\n%s", err, setting)
			}
		}
	}
	return step, err
}

// kernelOf reads a line such as "scores f32 w=3 s=4,4 dim=20 avx2", w=0 for a table graph, w=3,1,1 for windows by level.
func kernelOf(t *testing.T, line string) (*ir.Kernel, string) {
	t.Helper()
	words := strings.Fields(line)
	dilation := ""
	if len(words) == 7 {
		dilation, words = strings.TrimPrefix(words[4], "g="), append(words[:4:4], words[5:]...)
	}
	if len(words) != 6 {
		t.Fatalf("got %q, want OP TYPE w=WINDOW s=STRIDES [g=DILATION] dim=DIM TARGET", line)
	}
	number := func(s string) int {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		return n
	}
	typ, err := ir.ParseType(words[1])
	if err != nil {
		t.Fatal(err)
	}
	g := ir.Graph{Kind: ir.Pyramid}
	for w := range strings.SplitSeq(strings.TrimPrefix(words[2], "w="), ",") {
		g.Windows = append(g.Windows, number(w))
	}
	g.Window = slices.Max(g.Windows)
	if len(g.Windows) == 1 {
		g.Windows = nil
	}
	if g.Window == 0 {
		g.Kind = ir.Table
	}
	if dilation != "" {
		g.Dilation = number(dilation)
	}
	for s := range strings.SplitSeq(strings.TrimPrefix(words[3], "s="), ",") {
		if s != "-" {
			g.Strides = append(g.Strides, number(s))
		}
	}
	op, err := ops.ByName(words[0])
	if err != nil {
		t.Fatal(err)
	}
	return op.Build(ops.Options{Type: typ, Graph: g, Dim: number(strings.TrimPrefix(words[4], "dim="))}), words[5]
}
