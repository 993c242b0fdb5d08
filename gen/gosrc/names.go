package gosrc

import (
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pyragen/pyragen/ir"
)

// predeclared are the identifiers of Go's universe block that emitted code uses, or whose shadowing would mislead a reader.
var predeclared = []string{
	"any", "append", "bool", "byte", "cap", "clear", "close", "comparable", "complex", "complex128", "complex64", "copy", "delete",
	"error", "false", "float32", "float64", "imag", "int", "int16", "int32", "int64", "int8", "iota", "len", "make", "max", "min",
	"new", "nil", "panic", "print", "println", "real", "recover", "rune", "string", "true", "uint", "uint16", "uint32", "uint64",
	"uint8", "uintptr", "init", "main", "math", "bits", "run", "uncached", "_",
}

// better has what reads better than a number behind the name.
var better = map[string]string{"len": "length", "cap": "capacity"}

// names gives every name of a function its Go name: those of the IR one each for the whole function, and fresh ones for the block
// that they are made in.
type names struct {
	of    map[string]string // IR name to Go name
	taken map[string]bool   // Go names in use
	fresh []string          // those to give back, in the order in which they were made
}

// helperName is what helpers are called, before and after their prefix: no variable may hide one.
var helperName = regexp.MustCompile(`(?i)^(twin|amd64)?(floorDiv|floorMod|fma32|draw24|(greater|less)F(32|64)|[a-z]+(F32|F64|F16|BF16)x[0-9]+)$`)

// newNames returns names that keep away from Go's own and from those of the functions that are called.
func newNames(called []string) *names {
	n := &names{of: map[string]string{}, taken: map[string]bool{}}
	for _, r := range slices.Concat(predeclared, called) {
		n.taken[r] = true
	}
	return n
}

// get returns the Go name of an IR name.
func (n *names) get(name string) string {
	if g, ok := n.of[name]; ok {
		return g
	}
	g := n.free(name)
	n.of[name], n.taken[g] = g, true
	return g
}

// free returns the first Go name like base that is not in use.
func (n *names) free(base string) string {
	checkName(base)
	if helperName.MatchString(base) {
		base += "_"
	}
	candidate := base
	if b, ok := better[base]; ok {
		candidate = b
	}
	for k := 1; n.taken[candidate] || token.IsKeyword(candidate); k++ {
		candidate = base + strconv.Itoa(k)
	}
	return candidate
}

// make returns a fresh name for the block at hand.
func (n *names) make(base string) string {
	g := n.free(base)
	n.taken[g] = true
	n.fresh = append(n.fresh, g)
	return g
}

// mark and release frame a block: release gives back the fresh names made since the mark.
func (n *names) mark() int { return len(n.fresh) }

func (n *names) release(mark int) {
	for _, g := range n.fresh[mark:] {
		delete(n.taken, g)
	}
	n.fresh = n.fresh[:mark]
}

// checkName stops where a name is none.
func checkName(name string) {
	if !isName(name) {
		fail("got the name %q, want an identifier: letters, digits and _", name)
	}
}

// isName reports whether s is an identifier in ASCII: the only ones that look like what they are.
func isName(s string) bool {
	for i, r := range s {
		letter := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}

// isaNames is how targets are spelled in Go names.
var isaNames = map[string]string{"go": "Go", "avx2": "AVX2", "avx512": "AVX512"}

// DriverName is the name of a program's driver, for example scoresF32AVX2: kernel, type of its tensors, instruction set.
func DriverName(p *ir.Program) string {
	isa, ok := isaNames[p.Target]
	if !ok {
		isa = camel(p.Target)
	}
	kernel := camel(p.Name)
	if kernel != "" {
		kernel = strings.ToLower(kernel[:1]) + kernel[1:]
	}
	return kernel + typeSuffix(p.Storage()) + isa
}

// FuncName is the name of a function of a program, for example scoresF32AVX2Leaves: that of the driver and its own.
func FuncName(p *ir.Program, f *ir.Func) string { return DriverName(p) + camel(f.Name) }

// camel joins the words of a name, each with a capital.
func camel(name string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(name, func(r rune) bool { return r == '_' || r == '-' }) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}
