package schedule

import (
	"fmt"
	"strings"

	"github.com/pyragen/pyragen/ir"
)

// span is the bounds of a loop, for errors.
func span(loop *ir.For) string {
	s := ir.FormatIndex(loop.Lo) + ".." + ir.FormatIndex(loop.Hi)
	if loop.Step != 1 {
		s += fmt.Sprintf(" in steps of %d", loop.Step)
	}
	return s
}

// contents names the statements of a block, for errors.
func contents(body []ir.Stmt) string {
	var names []string
	for _, s := range body {
		if loop, ok := s.(*ir.For); ok {
			names = append(names, "the loop "+loop.Var)
		} else {
			names = append(names, kindOf(s))
		}
	}
	if len(names) == 0 {
		return "nothing"
	}
	const most = 4
	if len(names) > most {
		names = append(names[:most:most], "more")
	}
	return strings.Join(names, ", ")
}

// newName returns an error unless a name that a step is to give is one, and not taken.
func (n *Nest) newName(name string) error {
	for k, c := range name {
		letter := c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (k == 0 || c < '0' || c > '9') || name == "inf" || name == "nan" {
			return fmt.Errorf("got the name %q, want letters, digits and _, and neither inf nor nan; use another one", name)
		}
	}
	if n.used[name] {
		return fmt.Errorf("got the name %q, want one that is not taken; use another one", name)
	}
	return nil
}
