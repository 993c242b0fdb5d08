package pyragen_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/pyragen/pyragen"
	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/ops"
	"github.com/pyragen/pyragen/schedule"
	"github.com/pyragen/pyragen/spec"
)

// The declarations that fragments on the language page refer to.
const (
	stageFrame = `kernel doc f32 {
  pyramid window 3 strides 4
  size batch, len, heads
  const dim = 64
  out s: f32[batch, nodes, heads, slots]
  in x: f32[batch, nodes, heads, dim]
  in y: f32[batch, nodes, heads, dim]
  in padding: f32

`
	statementFrame = `program doc f32 avx2 {
  pyramid window 3 strides 4
  size batch, len, heads
  out z: f32[nodes, heads, 64]
  in x: f32[nodes, heads, 64]
  in y: f32[nodes, heads, 64]
  in padding: f32

`
)

// kernel builds the kernel that the attributes name.
func (b block) kernel() (*ir.Kernel, error) {
	op, err := ops.ByName(b.attrs["op"])
	if err != nil {
		return nil, err
	}
	s, err := b.spec()
	if err != nil {
		return nil, err
	}
	typ, err := ir.ParseType(s.Types[0])
	if err != nil {
		return nil, err
	}
	graph := ir.Graph{Kind: ir.Pyramid, Window: s.Window, Strides: s.Strides}
	if b.attrs["graph"] == "table" {
		graph = ir.Graph{Kind: ir.Table}
	}
	return op.Build(ops.Options{Type: typ, Graph: graph, Dim: s.Dim,
		Mask: slices.Contains(s.With, "mask"), Bias: slices.Contains(s.With, "bias"), Dropout: slices.Contains(s.With, "dropout")}), nil
}

// spec is the request that the attributes make: window 3, strides 4, dim 8, f32, avx2 unless they say otherwise.
func (b block) spec() (spec.Spec, error) {
	s := spec.Spec{Package: "pam", Window: 3, Strides: []int{4}, Dim: 8, Types: []string{"f32"}, ISA: []string{"avx2"}}
	if op := b.attrs["op"]; op != "" {
		s.Ops = []string{op}
	}
	var err error
	number := func(text string) int {
		n, e := strconv.Atoi(text)
		if e != nil {
			err = e
		}
		return n
	}
	if b.attrs["graph"] == "table" {
		s.Graph, s.Window, s.Strides = "table", 0, nil
	}
	for key, value := range b.attrs {
		switch key {
		case "slots":
			s.Slots = number(value)
		case "window":
			s.Window = 0
			if strings.Contains(value, ",") {
				for _, w := range strings.Split(value, ",") {
					s.Windows = append(s.Windows, number(w))
				}
			} else {
				s.Window = number(value)
			}
		case "dilation":
			s.Dilation = number(value)
		case "causal":
			s.Causal = value
		case "links":
			s.Links = value
		case "dim":
			s.Dim = number(value)
		case "strides":
			s.Strides = nil
			for _, c := range strings.Split(value, ",") {
				s.Strides = append(s.Strides, number(c))
			}
		case "type":
			s.Types = []string{value}
		case "graph":
			if s.Graph = value; s.IsTable() {
				s.Window, s.Strides = 0, nil
			}
		case "with":
			s.With = strings.Split(value, ",")
		case "isa":
			s.ISA = []string{value}
		}
	}
	return s, err
}

// schedule is the default for the kernel that the attributes name.
func (b block) schedule() (*ir.Kernel, schedule.Schedule, error) {
	k, err := b.kernel()
	if err != nil {
		return nil, schedule.Schedule{}, err
	}
	s, err := b.spec()
	if err != nil {
		return nil, schedule.Schedule{}, err
	}
	target, err := schedule.FindTarget(s.ISA[len(s.ISA)-1])
	if err != nil {
		return nil, schedule.Schedule{}, err
	}
	sched, err := schedule.Default(k, target)
	return k, sched, err
}

func wantKernel(b block) (string, error) {
	if b.attrs["op"] != "" {
		k, err := b.kernel()
		if err != nil {
			return "", err
		}
		return k.String(), nil
	}
	k, err := ir.ParseKernel(b.body)
	if err == nil {
		err = k.Verify()
	}
	if err != nil {
		return "", err
	}
	return k.String(), nil
}

func wantStages(b block) (string, error) {
	text, err := wantKernel(block{body: stageFrame + indent(b.body) + "}\n"})
	if err != nil {
		return "", err
	}
	return inFrame(text, stageFrame)
}

func wantProgram(b block) (string, error) {
	if b.attrs["op"] != "" {
		k, sched, err := b.schedule()
		if err != nil {
			return "", err
		}
		p, err := schedule.Run(k, sched, nil)
		if err != nil {
			return "", err
		}
		return b.part(p.String())
	}
	p, err := ir.ParseProgram(b.body)
	if err == nil {
		err = p.Verify()
	}
	if err != nil {
		return "", err
	}
	return p.String(), nil
}

func wantStatements(b block) (string, error) {
	text, err := wantProgram(block{body: statementFrame + indent(b.body) + "}\n"})
	if err != nil {
		return "", err
	}
	return inFrame(text, statementFrame)
}

func indent(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimRight("  "+line, " "))
	}
	return b.String()
}

// inFrame takes the declarations and the last brace off again.
func inFrame(text, frame string) (string, error) {
	rest, ok := strings.CutPrefix(text, frame)
	if !ok {
		return "", fmt.Errorf("prints as\n%s\nwant it to begin with\n%s", text, frame)
	}
	return dedent(strings.Split(strings.TrimSuffix(rest, "\n}\n"), "\n")), nil
}

func wantSchedule(b block) (string, error) {
	if b.attrs["op"] != "" {
		_, s, err := b.schedule()
		return s.String(), err
	}
	s, err := schedule.Parse(b.body)
	return s.String(), err
}

func wantFile(b block) (string, error) {
	text, err := os.ReadFile(b.attrs["path"])
	if err != nil {
		return "", err
	}
	return b.part(string(text))
}

func wantGenerated(b block) (string, error) {
	s, err := b.spec()
	if err != nil {
		return "", err
	}
	files, err := pyragen.Compile(&s)
	if err != nil {
		return "", err
	}
	var names []string
	for _, f := range files {
		if f.Name == b.attrs["path"] {
			return b.part(string(f.Content))
		}
		names = append(names, f.Name)
	}
	return "", fmt.Errorf("got no file %q, want one of %q", b.attrs["path"], names)
}

func wantYAML(b block) (string, error) {
	_, err := spec.Parse("pyragen.yaml", []byte(b.body))
	return b.body, err
}
