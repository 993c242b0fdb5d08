package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pyragen/pyragen"
	"github.com/pyragen/pyragen/spec"
	"github.com/pyragen/pyragen/verify"
)

// verifyFlags are the flags of verify beside those of the request.
type verifyFlags struct {
	vectors, oneCase string
	long, interpret  bool
	tags             []string
}

func (a *app) verifyCommand() *cobra.Command {
	var f verifyFlags
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Build kernels, run them between guard pages, check every element against float64",
		Long: `Verify generates the packages of a request, builds them in a scratch module and runs them in a process of its own, with every
operand against an unreadable page. Each element is compared with float64 truth, written from the definition, and its error bound.

Without --vectors and --case it runs its own grid: every length class, special values, gaps between rows, wrong calls; of a
package of tables many kinds of graphs, whose lists of edges lie against unreadable pages, too. It
prints a line a check; a failure has the command that repeats it. Instruction sets that this CPU lacks are interpreted, from the
linked machine code.`,
		Example: `  pyragen verify
  pyragen verify --vectors vectors
  pyragen verify --window 3 --strides 4,4 --dim 8 --ops scores --types f32 --isa avx2 --case "len=67 batch=2 seed=7"
  pyragen verify --graph table --dim 8 --ops attention --types f32 --isa go --case "graph=hub-in nodes=67 batch=2 seed=7"`,
		Args: noArgs,
	}
	r := requestFlags(cmd)
	cmd.Flags().StringVar(&f.vectors, "vectors", "", "check every case directory under `dir` (one with a case.json)")
	cmd.Flags().StringVar(&f.oneCase, "case", "", "check one `case`, such as \"len=67 batch=2 heads=3 seed=7\", or \"graph=random nodes=40\" of tables")
	cmd.Flags().BoolVar(&f.long, "long", false, "run the long grid")
	cmd.Flags().BoolVar(&f.interpret, "interpret", false, "also compare each result with the interpreted scheduled kernel, bit for bit (slow)")
	cmd.Flags().StringSliceVar(&f.tags, "tags", nil, "build with `tags`, such as purego")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return a.verify(cmd.Context(), r, f) }
	return cmd
}

func (a *app) verify(ctx context.Context, r *request, f verifyFlags) error {
	w, err := a.verifyWork(r, f)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "pyragen-verify-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	w.withoutAssembly = slices.Contains(f.tags, "purego") || slices.Contains(f.tags, "noasm")
	h, err := verify.NewHarness(filepath.Join(dir, "scratch"), w.packages, verify.WithTags(f.tags...))
	if err != nil {
		return err
	}
	programs := newInterpreter()
	if f.interpret {
		w.options.Oracle = programs.call
	}
	if err := a.chooseISAs(h, &w, programs); err != nil {
		return err
	}
	return a.runChecks(ctx, h, w)
}

// chooseISAs has the instruction sets that this CPU lacks interpreted. Where the server holds no assembly to interpret, they are left
// out unless somebody asked for them: then they fail, since nothing runs.
func (a *app) chooseISAs(h *verify.Harness, w *verifyWork, programs *interpreter) error {
	asked := w.options.ISAs
	var lacking []string
	for _, p := range w.packages {
		for _, isa := range p.ISAs {
			if !h.Runs(p.Name, isa) && !slices.Contains(lacking, isa) && (len(asked) == 0 || slices.Contains(asked, isa)) {
				lacking = append(lacking, isa)
			}
		}
	}
	if len(lacking) == 0 {
		return nil
	}
	names := strings.Join(lacking, ", ")
	if runtime.GOOS == "linux" && runtime.GOARCH == "amd64" && !w.withoutAssembly {
		e, err := newEmulator(h.Server(), w.packages, programs)
		if err != nil {
			return err
		}
		w.options.Emulate = e.call
		fmt.Fprintf(a.stderr, "pyragen: %s is interpreted, instruction by instruction: this CPU does not run it\n", names)
	} else if len(asked) == 0 {
		w.options.ISAs = slices.DeleteFunc(spec.ISAs(), func(isa string) bool { return slices.Contains(lacking, isa) })
		fmt.Fprintf(a.stderr, "pyragen: %s is not checked: this machine or build does not run it\n", names)
	}
	return nil
}

// verifyWork is what a run of verify does.
type verifyWork struct {
	packages []verify.Package
	cases    []verify.Case
	options  verify.Options

	withoutAssembly bool // the build leaves it out
}

func (a *app) verifyWork(r *request, f verifyFlags) (verifyWork, error) {
	if f.vectors != "" {
		return a.vectorWork(r, f)
	}
	specs, err := r.specs()
	if err != nil {
		return verifyWork{}, err
	}
	var w verifyWork
	for _, s := range specs {
		p, err := a.verifyPackage(s)
		if err != nil {
			return w, err
		}
		w.packages = append(w.packages, p)
		if f.oneCase == "" {
			w.cases = append(w.cases, verify.Grid(p, !f.long)...)
			continue
		}
		c, err := verify.ParseCase(f.oneCase, p)
		if err != nil {
			return w, usagef("--case: %v", err)
		}
		w.cases = append(w.cases, c)
	}
	if r.flag("isa") != nil {
		w.options.ISAs = narrow(nil, r.flag("isa"))
	}
	return w, nil
}

// vectorWork makes a package for each window, strides and dim of the vectors, or slots and dim; --types, --ops and --isa narrow what is run.
func (a *app) vectorWork(r *request, f verifyFlags) (verifyWork, error) {
	var w verifyWork
	if r.inFlags(append(naming(), "pkg", "config")...) {
		return w, usagef("--vectors names the graphs itself; leave --%s, --pkg and --config out", strings.Join(naming(), ", --"))
	}
	if f.oneCase != "" {
		return w, usagef("--vectors has cases of its own; leave --case out")
	}
	asked := spec.Spec{Types: narrow(nil, r.flag("types")), Ops: narrow(nil, r.flag("ops")), ISA: narrow(nil, r.flag("isa"))}
	for _, p := range placed(asked.Validate()) {
		if p.Field == "types" || p.Field == "ops" || p.Field == "isa" {
			return w, spec.Problems{p}
		}
	}
	if info, err := os.Stat(f.vectors); err != nil || !info.IsDir() {
		return w, usagef("--vectors must be a folder with case directories, got %+q, which is none", f.vectors)
	}
	vectors, err := verify.ReadVectors(f.vectors)
	if err != nil {
		return w, err
	}
	if vectors, err = withClosed(vectors); err != nil {
		return w, err
	}
	for _, p := range verify.VectorPackages(vectors) {
		s := specOf(p)
		s.Types, s.Ops, s.ISA = asked.Types, asked.Ops, asked.ISA
		if err := s.Validate().Err(); err != nil {
			return w, fmt.Errorf("%s: %s: %w", f.vectors, p.Spec(), err)
		}
		made, err := a.verifyPackage(s)
		if err != nil {
			return w, err
		}
		w.packages = append(w.packages, made)
	}
	w.options.ISAs = asked.ISA
	for _, v := range vectors {
		for _, p := range w.packages {
			if c, err := verify.VectorCase(p, v); err == nil {
				w.cases = append(w.cases, c)
				break
			}
		}
	}
	return w, nil
}

// specOf is the spec that a package is made of.
func specOf(p verify.Package) spec.Spec {
	s := spec.Spec{Package: p.Name, Window: p.Window, Strides: p.Strides, Dim: p.Dim, Types: p.Types, Ops: p.Ops, With: p.With, ISA: p.ISAs}
	s.Windows, s.Dilation, s.Causal, s.Links, s.Ancestors = p.Variant.Windows, p.Variant.Dilation, p.Variant.Causal, p.Variant.Links, p.Variant.Ancestors
	if p.Table {
		s.Graph, s.Slots = "table", p.Slots
	}
	return s
}

// withClosed adds the cases of tables that have a closed form in that.
func withClosed(vectors []*verify.Vector) ([]*verify.Vector, error) {
	all := vectors
	for _, v := range vectors {
		closed, err := v.Closed()
		if err != nil {
			return nil, err
		}
		if closed != nil {
			all = append(all, closed)
		}
	}
	return all, nil
}

// verifyPackage generates a package for the harness.
func (a *app) verifyPackage(s spec.Spec) (verify.Package, error) {
	files, err := pyragen.Compile(&s)
	if err != nil {
		return verify.Package{}, err
	}
	c := s.Canonical()
	p := verify.Package{Name: s.Package, Table: c.IsTable(), Slots: c.Slots, Window: c.Window, Strides: c.Strides, Variant: variantOf(c),
		Dim: c.Dim, Ops: c.Ops, Types: c.Types, With: c.With, ISAs: c.ISA,
		Files: map[string][]byte{}}
	for _, f := range files {
		p.Files[f.Name] = f.Content
	}
	return p, nil
}

// runChecks runs the cases and prints a line a check, then the summary.
func (a *app) runChecks(ctx context.Context, h *verify.Harness, w verifyWork) error {
	last, broken := "", error(nil)
	p := a.progress("verifying", len(w.cases))
	s, err := h.Run(ctx, w.cases, w.options, func(result verify.Result) {
		if result.Case != last || last == "" {
			last = result.Case
			p.step()
		}
		p.pause()
		broken = errors.Join(broken, a.line(result, result.String()))
	})
	p.pause()
	if err := errors.Join(err, broken); err != nil {
		return err
	}
	if err := a.line(s, fmt.Sprintf("%d cases, %d checks, %d failed", s.Cases, s.Checks, s.Failed)); err != nil {
		return err
	}
	if s.Failed > 0 {
		return outcome{code: exitVerify, text: fmt.Sprintf("%d of %d checks failed", s.Failed, s.Checks)}
	}
	return nil
}
