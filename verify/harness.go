package verify

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// Harness is a set of generated packages, built into a kernel server that runs them in a process of its own.
type Harness struct {
	pkgs   []Package
	calls  []kernelCall
	dir    string
	server string
	env    []string
	hello  Hello
}

// Setup changes how the harness builds and starts the server.
type Setup func(*setup)

type setup struct{ tags, env []string }

// WithTags builds with build tags, such as purego.
func WithTags(tags ...string) Setup { return func(s *setup) { s.tags = append(s.tags, tags...) } }

// WithEnv sets environment variables (KEY=VALUE) for the build and the server, such as GODEBUG=cpu.avx2=off.
func WithEnv(env ...string) Setup { return func(s *setup) { s.env = append(s.env, env...) } }

// startTimeout is how long a server may take to greet.
const startTimeout = time.Minute

// NewHarness writes a scratch module with the packages into dir, which must be empty or missing, and builds the server. It compares
// what the packages say of themselves with the specs they are given for.
func NewHarness(dir string, pkgs []Package, setups ...Setup) (*Harness, error) {
	var s setup
	for _, set := range setups {
		set(&s)
	}
	for i, p := range pkgs {
		if slices.ContainsFunc(pkgs[:i], func(o Package) bool { return o.key() == p.key() }) {
			return nil, fmt.Errorf("two packages are called %s: give them different keys", p.key())
		}
	}
	calls, err := kernelCalls(pkgs)
	if err != nil {
		return nil, err
	}
	if err := writeScratch(dir, pkgs, calls); err != nil {
		return nil, err
	}
	server, err := BuildModule(dir, "server", []string{"-tags=" + strings.Join(s.tags, ",")}, s.env)
	if err != nil {
		return nil, err
	}
	h := &Harness{dir: dir, pkgs: pkgs, calls: calls, server: server, env: s.env}
	return h, h.greet()
}

// In is the harness with its server in another environment: with variables (KEY=VALUE) such as GODEBUG=cpu.avx2=off. Nothing is built anew; it
// is of use until the harness is closed.
func (h *Harness) In(env ...string) (*Harness, error) {
	other := *h
	other.env = slices.Concat(h.env, env)
	return &other, other.greet()
}

// greet asks the server what it holds and what it can run.
func (h *Harness) greet() error {
	first, err := startProcess(context.Background(), h.server, h.env, startTimeout)
	if err != nil {
		return err
	}
	h.hello = first.hello
	first.close()
	return h.checkHello()
}

// checkHello compares the constants of every package with its spec.
func (h *Harness) checkHello() error {
	for i, p := range h.pkgs {
		got := h.hello.Packages[i]
		if got.Table != p.Table || got.Slots != p.Slots {
			return fmt.Errorf("package %s says table %v with %d slots, its spec has table %v with %d slots", p.key(), got.Table, got.Slots, p.Table, p.Slots)
		}
		if got.Window != p.Window || got.Dim != p.Dim || !slices.Equal(got.Strides, p.Strides) {
			return fmt.Errorf("package %s says window %d strides %v dim %d, its spec has window %d strides %v dim %d",
				p.key(), got.Window, got.Strides, got.Dim, p.Window, p.Strides, p.Dim)
		}
		for _, isa := range got.ISAs {
			if !slices.Contains(p.ISAs, isa) && isa != "go" {
				return fmt.Errorf("package %s runs %s, but its spec asks for %v only", p.key(), isa, p.ISAs)
			}
		}
	}
	return nil
}

// Runs tells whether this CPU can run an instruction set of a package.
func (h *Harness) Runs(pkg, isa string) bool {
	for i, p := range h.pkgs {
		if p.key() == pkg {
			return slices.Contains(h.hello.Packages[i].ISAs, isa)
		}
	}
	return false
}

// Server is the path of the kernel server: a linked program that holds the packages under the import paths scratch/p0, scratch/p1, ...
func (h *Harness) Server() string { return h.server }

// Close removes the scratch module. A caller that wants to look at it, after a failure for instance, leaves this out.
func (h *Harness) Close() error { return os.RemoveAll(h.dir) }

func (h *Harness) find(key string) (int, Package, error) {
	for i, p := range h.pkgs {
		if p.key() == key {
			return i, p, nil
		}
	}
	return 0, Package{}, fmt.Errorf("no package %s was built", key)
}

func (h *Harness) callIndex(pkg int, op Op, t Float) (int, error) {
	for i, c := range h.calls {
		if c.Package == pkg && c.Op.Name == op.Name && c.Type == t {
			return i, nil
		}
	}
	return 0, fmt.Errorf("package %s was built without %s for %s", h.pkgs[pkg].key(), op.Name, t.Name)
}
