package gosrc_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// TestAPIDispatch runs a generated package in processes whose CPU lacks something, as GODEBUG says, with builds that have no
// assembly, and with PYRAGEN_ISA (R10). What is chosen is compared with what the CPU says of itself in the same process.
func TestAPIDispatch(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("there is one instruction set here")
	}
	dir := apiModule(t, stubUnit(t, pamSpec, "go", "avx2", "avx512"), stubUnit(t, anydimSpec, "go"))
	bins := map[string]string{}
	for _, tag := range []string{"", "purego", "noasm"} {
		bins[tag] = filepath.Join(dir, "main."+tag)
		goTool(t, dir, nil, "build", "-tags", tag, "-o", bins[tag], ".")
	}
	for _, c := range []struct{ tag, off, ask string }{
		{}, {off: "avx512f"}, {off: "avx512dq"}, {off: "avx2"}, {off: "fma"}, {off: "avx"}, {off: "all"}, {tag: "purego"}, {tag: "noasm"},
		{ask: "go"}, {ask: "avx2"}, {ask: "avx512"}, {ask: "AVX2"}, {ask: "neon"}, {ask: "avx2\n"}, {tag: "purego", ask: "avx2"},
		{off: "all", ask: "avx2"}, {off: "fma", ask: "avx2"},
	} {
		t.Run(fmt.Sprintf("%+q", c), func(t *testing.T) {
			cmd := exec.Command(bins[c.tag], "isa", "go", "avx2", "avx512", "", "mmx")
			cmd.Env = append(os.Environ(), "PYRAGEN_ISA="+c.ask, "GODEBUG=cpu."+c.off+"=off")
			if c.off == "" {
				cmd.Env = append(cmd.Env, "GODEBUG=")
			}
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			cpu, got, _ := strings.Cut(string(out), "\n")
			if want := dispatched(t, cpu, c.tag == "", c.ask); got != want {
				t.Errorf("CPU %s: got\n%s\nwant\n%s", cpu, got, want)
			}
		})
	}
}

// dispatched is what testdata/api/main.go must print on a CPU that says this of itself.
func dispatched(t *testing.T, cpu string, assembly bool, ask string) string {
	t.Helper()
	var has [5]bool
	if _, err := fmt.Sscan(cpu, &has[0], &has[1], &has[2], &has[3], &has[4]); err != nil {
		t.Fatalf("%q: %v", cpu, err)
	}
	// In the order in which errors name them.
	missing := func(names []string, at ...int) string {
		var list []string
		for i, k := range at {
			if !has[k] {
				list = append(list, names[i])
			}
		}
		switch {
		case !assembly:
			return "this program was built without assembly"
		case len(list) > 0:
			return "this CPU lacks " + strings.Join(list, ", ")
		}
		return ""
	}
	lacks := map[string]string{
		"go":     "",
		"avx2":   missing([]string{"AVX", "AVX2", "FMA"}, 0, 1, 2),
		"avx512": missing([]string{"AVX512DQ", "AVX512F"}, 4, 3),
	}
	var usable []string
	for _, name := range []string{"go", "avx2", "avx512"} {
		if lacks[name] == "" {
			usable = append(usable, name)
		}
	}
	list := strings.Join(usable, ", ")
	problem := func(name string) string {
		if why, known := lacks[name]; known && why != "" {
			return fmt.Sprintf("%s can't be used, %s; want one of: %s", name, why, list)
		} else if !known {
			return fmt.Sprintf("got %q, want one of: %s", name, list)
		}
		return "<nil>"
	}
	now, trouble := usable[len(usable)-1], "<nil>"
	if ask != "" {
		if slices.Contains(usable, ask) {
			now = ask
		} else {
			trouble = "pam: PYRAGEN_ISA: " + problem(ask)
		}
	}
	var b strings.Builder
	fmt.Fprintln(&b, now, now, usable, trouble)
	for _, name := range []string{"go", "avx2", "avx512", "", "mmx"} {
		trouble := problem(name)
		if trouble == "<nil>" {
			now = name
		} else {
			trouble = "pam.SetISA: " + trouble
		}
		fmt.Fprintln(&b, now, now, trouble)
	}
	return b.String()
}
