package main

import (
	"fmt"
	"os/exec"
	"runtime"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/sys/cpu"

	"github.com/pyragen/pyragen/spec"
)

// diagnosis is what doctor --json writes.
type diagnosis struct {
	GOOS      string            `json:"goos"`
	GOARCH    string            `json:"goarch"`
	Built     string            `json:"built_with"` // Go version of this command
	Go        string            `json:"go"`         // of the go command in PATH; empty: there is none
	Cores     int               `json:"cores"`
	Features  []feature         `json:"features"`
	Overrides map[string]string `json:"overrides"`
	ISAs      []machineISA      `json:"isas"`
	Runs      string            `json:"runs"`
	Problems  []string          `json:"problems"`
}

type machineISA struct {
	ISA     string   `json:"isa"`
	Runs    bool     `json:"runs"`
	Reasons []string `json:"reasons"`
}

func (a *app) doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Say what this machine can run",
		Long: `Doctor lists the CPU features that kernels use, the Go version, the environment variables that change which kernels run, and the
instruction set that a generated package with all of them chooses here.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d := a.diagnose()
			return a.line(d, d.text())
		},
	}
}

func (a *app) diagnose() diagnosis {
	d := diagnosis{GOOS: runtime.GOOS, GOARCH: runtime.GOARCH, Built: runtime.Version(), Cores: runtime.GOMAXPROCS(0),
		Overrides: map[string]string{}, Problems: []string{}, Features: append(features("avx512"), feature{"F16C", cpu.X86.HasF16C})} // which kernels of float16 alone need
	// Outside a module: the go command would otherwise switch to the toolchain that some go.mod here asks for.
	if out, err := exec.Command("go", "env", "GOVERSION").Output(); err == nil {
		d.Go = strings.TrimSpace(string(out))
	} else {
		d.Problems = append(d.Problems, "no go command in PATH: verify and bench cannot build kernels")
	}
	for _, name := range []string{"PYRAGEN_ISA", "GODEBUG", "GOFLAGS", "GOAMD64", "GOMAXPROCS"} {
		if v := a.getenv(name); v != "" {
			d.Overrides[name] = v
		}
	}
	pick, why := choose(spec.ISAs(), generally(), a.getenv("PYRAGEN_ISA"))
	d.Runs = pick
	for _, isa := range spec.ISAs() {
		d.ISAs = append(d.ISAs, machineISA{isa, len(lacks(isa, features(isa))) == 0, why[isa]})
	}
	if asked := a.getenv("PYRAGEN_ISA"); asked != "" && asked != pick {
		d.Problems = append(d.Problems, fmt.Sprintf("PYRAGEN_ISA=%+q cannot be followed here; use one of %s", asked, strings.Join(d.runnable(), ", ")))
	}
	for _, tag := range []string{"purego", "noasm"} {
		if strings.Contains(a.getenv("GOFLAGS"), tag) {
			d.Problems = append(d.Problems, "GOFLAGS has the tag "+tag+": packages built with it hold no assembly")
		}
	}
	return d
}

// runnable lists the instruction sets that this machine runs, the best last.
func (d diagnosis) runnable() (isas []string) {
	for _, i := range d.ISAs {
		if i.Runs {
			isas = append(isas, i.ISA)
		}
	}
	return isas
}

func (d diagnosis) text() string {
	var b strings.Builder
	row := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-10s %s\n", name, fmt.Sprintf(format, args...))
	}
	row("system", "%s/%s, %d cores", d.GOOS, d.GOARCH, d.Cores)
	row("go", "%s in PATH, %s built this command", or(d.Go, "none"), d.Built)
	var have, not []string
	for _, f := range d.Features {
		if f.Here {
			have = append(have, f.Name)
		} else {
			not = append(not, f.Name)
		}
	}
	row("cpu has", "%s", or(strings.Join(have, " "), "none of the features that kernels use"))
	row("cpu lacks", "%s", or(strings.Join(not, " "), "nothing that kernels use"))
	for _, name := range []string{"PYRAGEN_ISA", "GODEBUG", "GOFLAGS", "GOAMD64", "GOMAXPROCS"} {
		if v, set := d.Overrides[name]; set {
			row("override", "%s=%+q", name, v)
		}
	}
	for _, i := range d.ISAs {
		word := "no"
		if i.Runs {
			word = "yes"
		}
		row(i.ISA, "%-4s %s", word, strings.Join(i.Reasons, "; "))
	}
	row("kernels", "%s will run", d.Runs)
	for _, p := range d.Problems {
		row("problem", "%s", p)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
