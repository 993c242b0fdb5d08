package gen

import (
	"errors"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/spec"
)

// writes is a back end that writes one file.
func writes(name, file, text string, want Expect) Backend {
	return Backend{Name: name, Doc: "writes " + file, Emit: func(u *Unit, p *Package) error {
		p.Add(File{file, []byte(u.Header() + text)}, want)
		return nil
	}}
}

// TestEmit runs back ends in order, and returns files by name.
func TestEmit(t *testing.T) {
	u := &Unit{Spec: spec.Spec{Package: "pam", Window: 3}, Programs: []*ir.Program{{Name: "a", Target: "go"}, {Name: "b", Target: "avx2"},
		{Name: "c", Target: "go"}}}
	var names []string
	for _, p := range u.For("go") {
		names = append(names, p.Name)
	}
	if got := strings.Join(names, " "); got != "a c" {
		t.Errorf("got the programs %s for go, want a c", got)
	}

	good := writes("good", "pam.go", "package pam\n", Expect{Package: "pam"})
	features := Backend{Name: "features", Doc: "writes nothing", Emit: func(_ *Unit, p *Package) error {
		p.Features["avx2"] = []string{"HasAVX2"}
		return nil
	}}
	reads := Backend{Name: "reads", Doc: "writes a.go", After: map[string]string{"features": "it reads them"}, Emit: func(u *Unit, p *Package) error {
		if len(p.Features["avx2"]) == 0 {
			return errors.New("got no features")
		}
		p.Add(File{"a.go", []byte(u.Header() + "package pam\n")}, Expect{Package: "pam"})
		return nil
	}}
	fails := Backend{Name: "fails", Doc: "writes nothing", Emit: func(*Unit, *Package) error { return errors.New("did not want to") }}
	for _, c := range []struct {
		table []Backend
		want  string // names of files, or an error
	}{
		{[]Backend{good}, "pam.go"},
		{[]Backend{good, features, reads}, "a.go pam.go"},
		{[]Backend{good, reads}, "package pam: back end reads: got no features"},
		{[]Backend{reads, fails}, "package pam: back end reads: got no features"}, // the first of the table, whichever was first in time
		{[]Backend{fails, reads}, "package pam: back end fails: did not want to"},
		{[]Backend{good, writes("more", "pam.go", "package pam\n", Expect{Package: "pam"})}, `package pam: gen: file name "pam.go" is also "pam.go"`},
		{[]Backend{writes("path", "../pam.go", "package pam\n", Expect{Package: "pam"})}, `package pam: gen: file name "../pam.go" has other bytes`},
		{[]Backend{writes("init", "pam.go", "package pam\n\nfunc init() {}\n", Expect{Package: "pam"})},
			`package pam: gen: pam.go: declarations: got ["init"] beyond what is expected, lacks []`},
		{[]Backend{writes("stub", "pam.go", "package pam\n\nfunc leaf()\n", Expect{Package: "pam", Decls: []string{"leaf"}})},
			`package pam: gen: functions without body, and those of the assembly: got ["leaf"] beyond`},
	} {
		files, err := Emit(u, c.table)
		var names []string
		for _, f := range files {
			names = append(names, f.Name)
		}
		if got := strings.Join(names, " "); err == nil && got != c.want || err != nil && !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("got %s, %v\nwant %s", got, err, c.want)
		}
	}
}

// TestCheckTable has tables of back ends in which something is wrong.
func TestCheckTable(t *testing.T) {
	emit := func(*Unit, *Package) error { return nil }
	a, b := Backend{Name: "a", Doc: "a", Emit: emit}, Backend{Name: "b", Doc: "b", Emit: emit, After: map[string]string{"a": "it reads a"}}
	for _, c := range []struct {
		table []Backend
		want  string
	}{
		{nil, ""},
		{[]Backend{a, b}, ""},
		{[]Backend{b}, ""},
		{[]Backend{b, a}, "gen: back end b stands before a, want it after: it reads a"},
		{[]Backend{a, a}, "gen: back end a stands twice in the table"},
		{[]Backend{{Name: "c", Doc: "c"}}, `gen: back end 0 ("c"): want Name, Doc and Emit`},
		{[]Backend{{Name: "c", Emit: emit}}, `gen: back end 0 ("c"): want Name, Doc and Emit`},
	} {
		if err := CheckTable(c.table); err == nil && c.want != "" || err != nil && err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}
