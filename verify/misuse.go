package verify

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
)

// Misuse is one way to call a generated function wrongly (R15). The call must return an error that names function and argument, and
// must not have written anything: it is refused before any kernel is reached.
type Misuse struct {
	Name  string
	spoil func(q *Request, t Float)
	names func(q Request) string // the argument that the error must name
	dim   bool                   // only where the dimension is a runtime size

	feature string // only where ops have this feature
	graph   string // only for this kind of graph: pyramid or table
}

// fits reports whether the wrong call can be made of a package.
func (m Misuse) fits(p Package) bool {
	return m.graph == "" || (m.graph == "table") == p.Table
}

// Misuses is the table of wrong calls: lengths of each operand, sizes, overflow, overlap.
func Misuses() []Misuse {
	output := func(q Request) string { return q.OutputNames[0] }
	lastOutput := func(q Request) string { return q.OutputNames[len(q.OutputNames)-1] } // of the gradient dbias; of an lse elements may be wider
	first := func(q Request) string { return q.InputNames[0] }
	second := func(q Request) string { return q.InputNames[min(1, len(q.InputNames)-1)] } // of one input, that one
	size := func(name string) func(Request) string { return func(Request) string { return name } }
	resize := func(i, elements int) func(*Request, Float) {
		return func(q *Request, t Float) {
			i = min(i, len(q.Inputs)-1)
			n := max(len(q.Inputs[i])+elements*t.Bytes, 0)
			q.Inputs[i] = append(append([]byte{}, q.Inputs[i]...), make([]byte, t.Bytes)...)[:n]
		}
	}
	of := func(name string, spoil func(i int) func(*Request, Float)) func(*Request, Float) {
		return func(q *Request, t Float) { spoil(slices.Index(q.InputNames, name))(q, t) }
	}
	resizeBy := func(elements int) func(int) func(*Request, Float) {
		return func(i int) func(*Request, Float) { return resize(i, elements) }
	}
	overlap := func(i int) func(*Request, Float) { return func(q *Request, _ Float) { q.Overlap = i + 1 } }
	rate := func(v float64) func(*Request, Float) { return func(q *Request, _ Float) { q.Dropout = v } }
	return []Misuse{
		{"output-short", func(q *Request, t Float) { q.OutputBytes[0] -= t.Bytes }, output, false, "", ""},
		{"output-long", func(q *Request, t Float) { q.OutputBytes[0] += t.Bytes }, output, false, "", ""},
		{"output-empty", func(q *Request, _ Float) { q.OutputBytes[0] = 0 }, output, false, "", ""},
		{"first-short", resize(0, -1), first, false, "", ""},
		{"first-long", resize(0, 1), first, false, "", ""},
		{"second-short", resize(1, -1), second, false, "", ""},
		{"second-long", resize(1, 1), second, false, "", ""},
		{"second-empty", resize(1, -1<<20), second, false, "", ""},
		{"batch-zero", func(q *Request, _ Float) { q.Batch = 0 }, size("batch"), false, "", ""},
		{"batch-negative", func(q *Request, _ Float) { q.Batch = -q.Batch }, size("batch"), false, "", ""},
		{"len-zero", func(q *Request, _ Float) { q.Len = 0 }, size("len"), false, "", "pyramid"},
		{"len-negative", func(q *Request, _ Float) { q.Len = -q.Len }, size("len"), false, "", "pyramid"},
		{"heads-zero", func(q *Request, _ Float) { q.Heads = 0 }, size("heads"), false, "", ""},
		{"heads-negative", func(q *Request, _ Float) { q.Heads = -q.Heads }, size("heads"), false, "", ""},
		{"dim-zero", func(q *Request, _ Float) { q.Dim = 0 }, size("dim"), true, "", ""},
		{"dim-negative", func(q *Request, _ Float) { q.Dim = -q.Dim }, size("dim"), true, "", ""},
		{"batch-overflow", func(q *Request, _ Float) { q.Batch = math.MaxInt }, size("batch"), false, "", ""},
		{"heads-overflow", func(q *Request, _ Float) { q.Heads = math.MaxInt / 2 }, size("heads"), false, "", ""},
		{"len-overflow", func(q *Request, _ Float) { q.Len = math.MaxInt }, size("len"), false, "", "pyramid"},
		{"overlap-first", func(q *Request, _ Float) { q.Overlap = 1 }, first, false, "", ""},
		{"overlap-second", func(q *Request, _ Float) { q.Overlap = min(2, len(q.Inputs)) }, second, false, "", ""},
		{"mask-short", of("mask", resizeBy(-1)), size("mask"), false, "mask", ""},
		{"mask-long", of("mask", resizeBy(1)), size("mask"), false, "mask", ""},
		{"mask-empty", of("mask", resizeBy(-1<<20)), size("mask"), false, "mask", ""},
		{"overlap-mask", of("mask", overlap), size("mask"), false, "mask", ""},
		{"bias-short", of("bias", resizeBy(-1)), size("bias"), false, "bias", ""},
		{"bias-long", of("bias", resizeBy(1)), size("bias"), false, "bias", ""},
		{"bias-empty", of("bias", resizeBy(-1<<20)), size("bias"), false, "bias", ""},
		{"overlap-bias", of("bias", overlap), size("bias"), false, "bias", ""},
		{"last-short", func(q *Request, t Float) { q.OutputBytes[len(q.OutputBytes)-1] -= 4 * t.Bytes }, lastOutput, false, "bias", ""},
		{"dropout-negative", rate(-0.25), size("dropout"), false, "dropout", ""},
		{"dropout-one", rate(1), size("dropout"), false, "dropout", ""},
		{"dropout-nan", rate(math.NaN()), size("dropout"), false, "dropout", ""},
		{"graph-nil", func(q *Request, _ Float) { q.NoGraph = "nil" }, size("g"), false, "", "table"},
		{"graph-zero", func(q *Request, _ Float) { q.NoGraph = "zero" }, size("g"), false, "", "table"},
	}
}

func findMisuse(name string) (Misuse, error) {
	var names []string
	for _, m := range Misuses() {
		if m.Name == name {
			return m, nil
		}
		names = append(names, m.Name)
	}
	return Misuse{}, fmt.Errorf("misuse %q is unknown, want one of %s", name, strings.Join(names, ", "))
}

// concerns reports whether a case says something about an op of a package: wrong calls of a feature do where it is there, those of a kind
// of graph where that is the package's.
func (c Case) concerns(p Package, op Op) bool {
	m, err := findMisuse(c.Misuse)
	return c.Misuse == "" || err != nil || m.fits(p) && (m.feature == "" || op.Has(m.feature))
}

// judge says what is wrong with the answer to a wrong call; failure is what the server saw.
func (m Misuse) judge(op Op, t Float, q Request, failure string) string {
	text, refused := strings.CutPrefix(failure, "refused: ")
	function := op.Func + strings.ToUpper(t.Name)
	argument := m.names(q)
	named := regexp.MustCompile(`(?i)\b` + argument + `\b`)
	switch {
	case failure == "":
		return fmt.Sprintf("%s accepts the wrong call %s, want an error", function, m.Name)
	case !refused:
		return fmt.Sprintf("%s accepts the wrong call %s: %s", function, m.Name, failure)
	case !strings.Contains(text, function):
		return fmt.Sprintf("the error %q does not name %s", text, function)
	case !named.MatchString(text):
		return fmt.Sprintf("the error %q does not name the argument %s", text, argument)
	}
	return ""
}
