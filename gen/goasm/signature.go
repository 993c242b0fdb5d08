package goasm

import (
	"fmt"
	"go/token"
	"regexp"
	"strings"

	"github.com/pyragen/pyragen/ir"
)

// signature lists pointers to tensors and scalars in the function's order, then its integers.
func signature(f *ir.Func) string {
	var params []string
	for _, b := range f.Buffers {
		typ := goType(b.Type)
		if len(b.Dims) > 0 {
			typ = "*" + typ
		}
		params = append(params, b.Name+" "+typ)
	}
	if len(f.Ints) > 0 {
		params = append(params, strings.Join(f.Ints, ", ")+" int")
	}
	return "(" + strings.Join(params, ", ") + ")"
}

// registerName matches what Go's assembler reads as a register where an argument's name stands.
var registerName = regexp.MustCompile(`^(g|[A-D][XHL]|[SD]I|[SB]P|FP|SB|PC|[C-GS]S|[GIL]DTR|MSW|TASK|TLS|R\d+B?|[XYZKMF]\d+|[CDT]R\d+|SIB|DIB|SPB|BPB)$`)

// checkNames refuses arguments that Go or its assembler would misread.
func checkNames(f *ir.Func) error {
	seen := map[string]bool{}
	check := func(name string) error {
		switch {
		case !token.IsIdentifier(name):
			return fmt.Errorf("argument %q is no name in Go; want another one", name)
		case registerName.MatchString(name):
			return fmt.Errorf("argument %s is a register to Go's assembler; want another name", name)
		case seen[name]:
			return fmt.Errorf("a second argument %s; want another name", name)
		}
		seen[name] = true
		return nil
	}
	for _, b := range f.Buffers {
		if err := check(b.Name); err != nil {
			return err
		}
	}
	for _, n := range f.Ints {
		if err := check(n); err != nil {
			return err
		}
	}
	return nil
}

func goType(t ir.Type) string {
	switch t {
	case ir.F64:
		return "float64"
	case ir.U64:
		return "uint64"
	case ir.I32:
		return "int32"
	case ir.F16, ir.BF16:
		return "uint16"
	}
	return "float32"
}
