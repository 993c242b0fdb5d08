package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pyragen/pyragen/spec"
)

// request are the flags that name a graph.
type request struct {
	cmd                                                                                                 *cobra.Command
	config                                                                                              string
	pkg, graph, slots, window, strides, dilation, causal, links, ancestors, dim, types, ops, with, isas string
}

const defaultConfig = "pyragen.yaml"

// requestFlags adds the flags of a request to a command.
func requestFlags(cmd *cobra.Command) *request {
	r := &request{cmd: cmd}
	f := cmd.Flags()
	f.StringVar(&r.config, "config", defaultConfig, "configuration `file`")
	f.StringVar(&r.pkg, "pkg", "", "Go package `name`; without --window: the one of the configuration with that name")
	f.StringVar(&r.graph, "graph", "", "kind of graph: "+strings.Join(spec.Graphs(), " or ")+" (default pyramid)")
	f.StringVar(&r.slots, "slots", "", "of a table: most keys of a node, 1 to 4096; 0 for any at run time (default 0)")
	f.StringVar(&r.window, "window", "", "`nodes` of its own level that a node sees, 1 to 129; or by level, such as 5,3,3")
	f.StringVar(&r.strides, "strides", "", "children of a node of each level, such as 4,4,4; \"\" for sliding-window attention")
	f.StringVar(&r.dilation, "dilation", "", "nodes from one of the window to the next, 1 to 1024 (default 1)")
	f.StringVar(&r.causal, "causal", "", "`cut` of what comes later, of "+strings.Join(spec.Causals(), ", ")+
		": a node sees only those whose last leaf is not after its own last, or first, leaf (default none)")
	f.StringVar(&r.links, "links", "", "which `end` of an edge between child and parent sees the other, of "+strings.Join(spec.AllLinks(), ", ")+" (default both)")
	f.StringVar(&r.ancestors, "ancestors", "", "`levels` above of which a node sees its ancestor, the parent first, or root for all (default 1)")
	f.StringVar(&r.dim, "dim", "", "head dimension, 1 to 1024; 0 for any at run time")
	f.StringVar(&r.types, "types", "", "`list` of "+strings.Join(spec.Types(), ", ")+" (default "+strings.Join(spec.DefaultTypes(), ",")+")")
	f.StringVar(&r.ops, "ops", "", "`list` of "+strings.Join(spec.Ops(), ", ")+" (default all)")
	f.StringVar(&r.with, "with", "", "`list` of "+strings.Join(spec.Features(), ", ")+": what attention and its gradient do beside (default none)")
	f.StringVar(&r.isas, "isa", "", "`list` of "+strings.Join(spec.ISAs(), ", ")+" (default all; go is always written)")
	for flag, names := range map[string][]string{"graph": spec.Graphs(), "causal": spec.Causals(), "links": spec.AllLinks(), "types": spec.Types(), "ops": spec.Ops(), "with": spec.Features(), "isa": spec.ISAs()} {
		_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
	}
	return r
}

// flag returns the value of a flag, nil if it was not given.
func (r *request) flag(name string) *string {
	f := r.cmd.Flags().Lookup(name)
	if f == nil || !f.Changed {
		return nil
	}
	v := f.Value.String()
	return &v
}

// naming are the flags that name a graph and what is computed over it, so that no configuration is read.
func naming() []string {
	return []string{"graph", "slots", "window", "strides", "dilation", "causal", "links", "ancestors", "dim", "with"}
}

// inFlags reports whether the command line names a pyramid, so that no configuration is read.
func (r *request) inFlags(deciding ...string) bool {
	return slices.ContainsFunc(deciding, func(name string) bool { return r.flag(name) != nil })
}

// args are the values of a request in flags.
func (r *request) args() spec.Args {
	return spec.Args{Pkg: r.flag("pkg"), Graph: r.flag("graph"), Slots: r.flag("slots"), Window: r.flag("window"), Strides: r.flag("strides"),
		Dilation: r.flag("dilation"), Causal: r.flag("causal"), Links: r.flag("links"), Ancestors: r.flag("ancestors"), Dim: r.flag("dim"), Types: r.flag("types"), Ops: r.flag("ops"), With: r.flag("with"), ISA: r.flag("isa")}
}

// targets are the packages to write. Their folders are below base, which is that of the configuration; folders that flags name are
// anywhere, and base is empty then.
func (r *request) targets() (targets []spec.Target, base string, err error) {
	if r.inFlags(append(naming(), "types", "ops", "isa", "out")...) {
		if r.flag("config") != nil {
			return nil, "", usagef("--config and flags that name a pyramid exclude each other")
		}
		s, err := r.args().Spec()
		if err != nil {
			return nil, "", err
		}
		t := spec.Target{Spec: s, Out: s.Package}
		if out := r.flag("out"); out != nil {
			if *out == "" {
				return nil, "", usagef("--out must be a folder, got nothing")
			}
			t.Out = *out
		}
		return []spec.Target{t}, "", nil
	}
	targets, err = r.configured()
	for i, t := range targets {
		targets[i].Out = filepath.FromSlash(t.Out)
	}
	return targets, filepath.Dir(r.config), err
}

// specs are the pyramids to work on without writing packages. Types, ops and instruction sets narrow what a configuration has.
func (r *request) specs() ([]spec.Spec, error) {
	if r.inFlags(naming()...) {
		args := r.args()
		if args.Pkg == nil {
			name := "pyramid"
			if r.graph == "table" {
				name = r.graph
			}
			args.Pkg = &name
		}
		s, err := args.Spec()
		return []spec.Spec{s}, err
	}
	targets, err := r.configured()
	if err != nil {
		return nil, err
	}
	var specs []spec.Spec
	for _, t := range targets {
		s := t.Canonical()
		s.Types, s.Ops, s.ISA = narrow(s.Types, r.flag("types")), narrow(s.Ops, r.flag("ops")), narrow(s.ISA, r.flag("isa"))
		if !slices.ContainsFunc(s.Ops, spec.HasFeatures) {
			s.With = nil // other ops are the same without
		}
		if r.flag("types") != nil || r.flag("ops") != nil || r.flag("isa") != nil {
			if err := checkNarrowed(r, t.Spec, s); err != nil {
				return nil, err
			}
		}
		specs = append(specs, s)
	}
	return specs, nil
}

// one is the only pyramid of a request.
func (r *request) one() (spec.Spec, error) {
	specs, err := r.specs()
	if err != nil {
		return spec.Spec{}, err
	}
	if len(specs) > 1 {
		var names []string
		for _, s := range specs {
			names = append(names, s.Package)
		}
		return spec.Spec{}, usagef("%s has the packages %s; pick one with --pkg", r.config, strings.Join(names, ", "))
	}
	return specs[0], nil
}

// configured reads the configuration; --pkg picks one of its packages.
func (r *request) configured() ([]spec.Target, error) {
	targets, err := spec.ReadFile(r.config)
	if err != nil || r.flag("pkg") == nil {
		return targets, err
	}
	var names []string
	for _, t := range targets {
		if t.Package == r.pkg {
			return []spec.Target{t}, nil
		}
		names = append(names, t.Package)
	}
	return nil, usagef("--pkg must be one of %s in %s, got %+q", strings.Join(names, ", "), r.config, r.pkg)
}

// narrow keeps what a flag lists.
func narrow(list []string, flag *string) []string {
	if flag == nil {
		return list
	}
	var out []string
	for _, name := range strings.Split(*flag, ",") {
		out = append(out, strings.TrimSpace(name))
	}
	return out
}

// chosen are the instruction sets that somebody asked for: the fallback in Go is written in any case, but only run if it is one.
func chosen(s spec.Spec) []string {
	if s.ISA == nil {
		return spec.ISAs()
	}
	return s.ISA
}

// checkNarrowed refuses names that are unknown, or that the package does not have.
func checkNarrowed(r *request, had, s spec.Spec) error {
	if err := placed(s.Validate()).Err(); err != nil {
		return err
	}
	had = had.Canonical()
	for _, l := range []struct {
		flag      string
		got, have []string
	}{{"types", s.Types, had.Types}, {"ops", s.Ops, had.Ops}, {"isa", s.ISA, had.ISA}} {
		for _, name := range l.got {
			if !slices.Contains(l.have, name) {
				return usagef("--%s: package %s of %s has %s, got %s", l.flag, s.Package, r.config, strings.Join(l.have, ", "), name)
			}
		}
	}
	return nil
}

// placed names flags as the places of problems.
func placed(ps spec.Problems) spec.Problems {
	for _, p := range ps {
		p.Place = fmt.Sprint("--", p.Field)
	}
	return ps
}
