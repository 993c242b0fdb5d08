package gosrc

import (
	"slices"

	"github.com/dave/jennifer/jen"
	"github.com/pyragen/pyragen/gen"
	"github.com/pyragen/pyragen/ir"
)

// item is a statement of a block.
type item struct {
	kind kind
	code jen.Code
	note string   // comment above it
	name string   // what it declares, if it may be dropped where that is not used
	uses []string // the names that it mentions, if it may be dropped
}

// kind is a class of statements: blank lines stand between those of different kinds.
type kind uint8

const (
	place  kind = iota // declarations that say where elements stand
	zero               // declarations of variables that are 0
	define             // other declarations
	plain
	nested // loops and ifs
)

// put adds a statement to the block at hand.
func (e *emitter) put(k kind, code jen.Code) {
	e.items = append(e.items, item{kind: k, code: code, note: e.comment})
	e.comment = ""
}

// comment is one line of comment. The text is never handed to jennifer by itself: it renders what starts with a slash as it is,
// and what has line ends between /* and */.
func comment(text string) jen.Code { return jen.Comment(gen.CommentLine(text)) }

// note is a comment for the statement that is put next.
func (e *emitter) note(text string) { e.comment = gen.CommentText(text) }

// declare adds the declaration of a variable; it is dropped where nothing of the block uses the variable.
func (e *emitter) declare(k kind, name string, value func() *jen.Statement) {
	e.mentions[name] = 0
	from := len(e.log)
	code := jen.Id(name).Op(":=").Add(value())
	e.items = append(e.items, item{kind: k, code: code, name: name, uses: slices.Clone(e.log[from:])})
}

// layOut drops declarations that are not used, the last ones first since they may be all that uses others, and sets off groups of
// declarations and nested blocks by blank lines.
func (e *emitter) layOut(items []item) []jen.Code {
	var kept []item
	for _, s := range slices.Backward(items) {
		if s.name != "" && e.mentions[s.name] == 0 {
			for _, u := range s.uses {
				e.mentions[u]--
			}
			continue
		}
		kept = append(kept, s)
	}
	slices.Reverse(kept)
	placesFirst(kept)
	var out []jen.Code
	for i, s := range kept {
		if i > 0 {
			last := kept[i-1].kind
			if last == place && s.kind == nested || last == nested && s.kind != plain || last == plain && s.kind != plain || s.note != "" {
				out = append(out, jen.Line())
			}
		}
		if s.note != "" {
			out = append(out, comment(s.note))
		}
		out = append(out, s.code)
	}
	return out
}

// placesFirst moves declarations that say where elements stand before those of zeros, on which they do not depend.
func placesFirst(items []item) {
	for i := range items {
		for k := i; k > 0 && items[k].kind == place && items[k-1].kind == zero; k-- {
			items[k], items[k-1] = items[k-1], items[k]
		}
	}
}

// typeName is the Go type of an element.
func typeName(t ir.Type) string {
	switch t {
	case ir.F32:
		return "float32"
	case ir.F64:
		return "float64"
	case ir.F16, ir.BF16:
		return halfNames[t]
	case ir.I32:
		return "int32"
	case ir.U64:
		return "uint64"
	}
	fail("got elements of %s, want f32, f64, f16, bf16, i32 or u64", t)
	return ""
}

func goType(t ir.Type) *jen.Statement { return jen.Id(typeName(t)) }

// arrayType is the Go type of n elements, of a single one by itself.
func arrayType(n int64, t ir.Type) *jen.Statement { return jen.Index(jen.Lit(int(n))).Add(goType(t)) }
