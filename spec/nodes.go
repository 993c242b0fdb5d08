package spec

import (
	"slices"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// mapping returns the pairs of a mapping; what names it in messages, example shows one.
func (r *reader) mapping(n ast.Node, what, example string) ([]*ast.MappingValueNode, bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	r.wrongType(n, "", what+" must be a mapping", "write "+example)
	return nil, false
}

// sequence returns the items of a list.
func (r *reader) sequence(n ast.Node, key, fix string) ([]ast.Node, bool) {
	if s, ok := n.(*ast.SequenceNode); ok {
		return s.Values, true
	}
	r.wrongType(n, key, key+" must be a list", fix)
	return nil, false
}

// unique returns the pairs whose keys are known, each once, and the keys that somebody meant to give, also where he misspelt
// them. Rule begins the sentence that lists the known ones.
func (r *reader) unique(pairs []*ast.MappingValueNode, rule string, known []string) (out []*ast.MappingValueNode, meant map[string]bool) {
	first := map[string]ast.Node{}
	meant = map[string]bool{}
	for _, p := range pairs {
		if _, plain := p.Key.(*ast.StringNode); !plain {
			r.wrongKey(p.Key)
			continue
		}
		key := p.Key.GetToken().Value
		switch {
		case !slices.Contains(known, key):
			like, fix := suggestKey(key, known)
			meant[like] = true
			r.fail(p.Key, &Problem{Code: "PYR013", Text: rule + join(known, "and") + ", got " + quote(key), Fix: fix})
		case first[key] != nil:
			r.fail(p.Key, &Problem{Field: key, Code: "PYR014", Text: key + " must be given once, got it again after " + place(r.file, first[key]),
				Fix: "remove one of them"})
		default:
			first[key], meant[key] = p.Key, true
			out = append(out, p)
		}
	}
	return out, meant
}

// suggestKey returns the key that was probably meant, or "", and what to do. It knows what the keys are called elsewhere.
func suggestKey(key string, known []string) (like, fix string) {
	other := map[string]string{"package": "pkg", "name": "pkg", "stride": "strides", "type": "types", "dtype": "types", "op": "ops",
		"isas": "isa", "target": "isa", "output": "out", "dir": "out", "head_dim": "dim", "headdim": "dim", "dimension": "dim", "w": "window"}
	like = other[key]
	if !slices.Contains(known, like) {
		like = Nearest(key, known)
	}
	if like != "" {
		return like, "did you mean " + like + "?"
	}
	if slices.Contains(known, "packages") && slices.Contains(append(entryKeys(), "package"), key) {
		return "", "put it into an entry below `packages:`"
	}
	return "", "remove it"
}

// text reads a string; what names it in messages, example shows the whole value of the key.
func (r *reader) text(n ast.Node, key, what, example string) (string, bool) {
	if s, ok := n.(*ast.StringNode); ok {
		return s.Value, true
	}
	r.wrongType(n, key, what+" must be text", "write "+key+": "+example)
	return "", false
}

// number reads a decimal whole number that is not quoted.
func (r *reader) number(n ast.Node, key, what, example string) (int, bool) {
	if t := n.GetToken(); t.Type != token.SingleQuoteType && t.Type != token.DoubleQuoteType && isScalar(n) {
		if v, ok := wholeNumber(t.Value); ok {
			return v, true
		}
	}
	r.wrongType(n, key, what+" must be "+wholeWanted(n.GetToken().Value), "write "+key+": "+example)
	return 0, false
}

// listOf reads a list, never nil, of texts or numbers; it returns their nodes too.
func listOf[T any](r *reader, n ast.Node, key, what, example string, read func(n ast.Node, key, what, example string) (T, bool)) (
	[]T, []ast.Node, bool) {
	items, ok := r.sequence(n, key, "write "+key+": "+example)
	if !ok {
		return nil, nil, false
	}
	values, all := []T{}, true
	for _, item := range items {
		v, ok := read(item, key, what, example)
		values, all = append(values, v), all && ok
	}
	return values, items, all
}
