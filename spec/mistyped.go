package spec

import (
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// wrongType notes that a value is not what its key wants. Parts of YAML that are refused everywhere get a code of their own.
func (r *reader) wrongType(n ast.Node, key, wanted, fix string) {
	code, got := "PYR016", "a value of another type"
	value := n.GetToken().Value
	switch n := n.(type) {
	case *ast.NullNode:
		got = "nothing"
	case *ast.MappingNode, *ast.MappingValueNode:
		got = "a mapping"
	case *ast.SequenceNode:
		got = "a list"
	case *ast.StringNode:
		got = "the text " + quote(value)
		if t := n.GetToken().Type; t == token.SingleQuoteType || t == token.DoubleQuoteType {
			got = "the quoted text " + quote(value)
		}
	case *ast.IntegerNode:
		got = "the number " + printable(value)
	case *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		got = "the number " + printable(value)
	case *ast.BoolNode:
		got = printable(value) + ", which YAML reads as a truth value"
	default:
		code, got = "PYR017", refused(n)
	}
	r.fail(n, &Problem{Field: key, Code: code, Text: wanted + ", got " + got, Fix: fix})
}

// wrongKey notes a key that is not a word.
func (r *reader) wrongKey(n ast.Node) {
	code, got := "PYR016", "something else"
	switch n.(type) {
	case *ast.MergeKeyNode, *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MappingKeyNode:
		code, got = "PYR017", refused(n)
	default:
		if isScalar(n) {
			got = quote(n.GetToken().Value)
		}
	}
	r.fail(n, &Problem{Code: code, Text: "a key must be a word, got " + got, Fix: "write the keys as `pyragen init` does"})
}

// refused names a part of YAML that is not used here.
func refused(n ast.Node) string {
	switch n.(type) {
	case *ast.AnchorNode:
		return "an anchor (&)"
	case *ast.AliasNode:
		return "an alias (*)"
	case *ast.MergeKeyNode:
		return "a merge key (<<)"
	case *ast.TagNode:
		return "a tag (!)"
	case *ast.LiteralNode:
		return "a block of text (| or >)"
	case *ast.MappingKeyNode:
		return "a key after ?"
	}
	return "a part of YAML that is not used here"
}

func isScalar(n ast.Node) bool {
	switch n.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode, *ast.InfinityNode, *ast.NanNode:
		return true
	}
	return false
}
