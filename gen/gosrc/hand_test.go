package gosrc_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/pyragen/pyragen/ir"
)

// handmade reads a program of testdata.
func handmade(t *testing.T, name string) *ir.Program {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name+".pyr"))
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, string(text))[0]
}

// TestHandmade runs programs that hold what the scheduled ones do not: divisions of negative numbers, picks that guard a division,
// loops that never run, names that are Go's own, temporaries, tables, special values, every vector operation.
func TestHandmade(t *testing.T) {
	var list []*ir.Program
	for _, name := range []string{"integers", "values", "views", "temporary", "pairs", "vectors32", "vectors4", "vectors16", "vectors64", "lanewise32",
		"lanewise64", "random32", "random64"} {
		list = append(list, handmade(t, name))
	}
	checkPrograms(t, list, func(p *ir.Program) []map[string]int64 {
		var all []map[string]int64
		for _, n := range []int64{1, 2, 3, 4, 7, 8, 15, 16, 21, 32, 35} {
			sizes := map[string]int64{"n": n}
			for _, s := range p.Sizes {
				switch s {
				case "len":
					sizes["len"] = (n*5+3)%17 + 1
				case "range":
					sizes["range"] = n%3 + 1
				case "rows":
					sizes["rows"] = n%2 + 1
				}
			}
			all = append(all, sizes)
		}
		return all
	})
}
