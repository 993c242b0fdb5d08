package spec

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// parseYAML returns the tree of the only document, nil if there is none. Duplicate keys stay in it.
func parseYAML(file, src string) (body ast.Node, wrong *Problem) {
	// The parser is not ours, and what it does not expect makes it panic at times: to a user that is a file it cannot read.
	defer func() {
		if r := recover(); r != nil {
			body, wrong = nil, &Problem{Place: file, Code: "PYR011", Text: "the file must be YAML, got text that the parser gives up on",
				Fix: "compare it with what `pyragen init` writes"}
		}
	}()
	tokens := lexer.Tokenize(src)
	if p := checkTokens(file, tokens); p != nil {
		return nil, p
	}
	f, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, syntaxProblem(file, err)
	}
	var docs []ast.Node
	for _, d := range f.Docs {
		if d.Body != nil {
			docs = append(docs, d.Body)
		}
	}
	switch len(docs) {
	case 0:
		return nil, nil
	case 1:
		return docs[0], nil
	}
	return nil, &Problem{Place: place(file, docs[1]), Code: "PYR017", Text: "a configuration must be one document, got another after ---",
		Fix: "put its packages into the list above"}
}

// checkTokens bounds what the parser, which is quadratic in keys and recursive in brackets, has to do.
func checkTokens(file string, tokens token.Tokens) *Problem {
	depth := 0
	for i, t := range tokens {
		at := fmt.Sprintf("%s:%d:%d", file, t.Position.Line, t.Position.Column)
		if i == maxTokens {
			return &Problem{Place: at, Code: "PYR002", Text: fmt.Sprintf("a configuration must have at most %d YAML tokens, got more", maxTokens),
				Fix: "split it over several folders"}
		}
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			if depth++; depth > maxDepth {
				return &Problem{Place: at, Code: "PYR002", Text: fmt.Sprintf("brackets must be at most %d deep, got more", maxDepth),
					Fix: "lists of numbers and names need one pair"}
			}
		case token.MappingEndType, token.SequenceEndType:
			depth--
		}
	}
	return nil
}

// syntaxProblem takes place and first line of the parser's message.
func syntaxProblem(file string, err error) *Problem {
	at, text := file, err.Error()
	var y yaml.Error
	if errors.As(err, &y) {
		text = y.GetMessage()
		if t := y.GetToken(); t != nil && t.Position != nil {
			at = fmt.Sprintf("%s:%d:%d", file, t.Position.Line, t.Position.Column)
		}
	}
	text, _, _ = strings.Cut(text, "\n")
	return &Problem{Place: at, Code: "PYR011", Text: "the file must be YAML, got an error: " + printable(text),
		Fix: "look here and at the line before"}
}

// printable keeps the visible ASCII of a message, at most 120 bytes of it.
func printable(s string) string {
	s = strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' {
			return '?'
		}
		return c
	}, s)
	return s[:min(len(s), 120)]
}

// start is where a node begins; the parser puts a mapping at its first colon.
func start(n ast.Node) *token.Position {
	switch m := n.(type) {
	case *ast.MappingNode:
		if len(m.Values) > 0 && m.Start.Type != token.MappingStartType {
			return start(m.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return start(m.Key)
	}
	return n.GetToken().Position
}

func place(file string, n ast.Node) string {
	p := start(n)
	return fmt.Sprintf("%s:%d:%d", file, p.Line, p.Column)
}
