package goasm

import (
	"bytes"
	"fmt"

	"github.com/pyragen/pyragen/gen"
)

// Backend is the value for the table of back ends. The names of functions come from outside, since what calls them is written by
// another back end.
func Backend(name Namer) gen.Backend {
	return gen.Backend{
		Name: "goasm",
		Doc:  "writes <package>_amd64.s, the functions of the targets avx2 and avx512 in Go assembly",
		Emit: func(u *gen.Unit, p *gen.Package) error {
			programs := append(u.For("avx2"), u.For("avx512")...)
			if len(programs) == 0 {
				return nil
			}
			a, err := Emit(programs, name)
			if err != nil {
				return err
			}
			content, err := headed(a.Source, u.Header())
			if err != nil {
				return err
			}
			want := gen.Expect{Constraint: Constraint, Tables: a.Tables}
			for _, s := range a.Stubs {
				want.Texts = append(want.Texts, s.Name)
			}
			p.Features = a.Features
			p.Add(gen.File{Name: u.Spec.Package + "_amd64.s", Content: content}, want)
			return nil
		},
	}
}

// headed puts our header in place of avo's line, which says the same but for the spec.
func headed(source []byte, header string) ([]byte, error) {
	rest, ok := bytes.CutPrefix(source, []byte(gen.Mark+"\n"))
	if !ok {
		line, _, _ := bytes.Cut(source, []byte("\n"))
		return nil, fmt.Errorf("goasm: internal error: assembly starts with %q, want %q", line, gen.Mark)
	}
	return append([]byte(header), bytes.TrimLeft(rest, "\n")...), nil
}
