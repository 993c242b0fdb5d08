package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"
)

// sample is what init writes: a request that works as it stands, every key explained.
const sample = `# The kernels that ` + "`pyragen gen`" + ` writes. Codes in its messages are explained by ` + "`pyragen help errors`" + `.
packages:
  - pkg: pam                        # Go package name: lower-case letters and digits
    out: internal/pam               # folder beside this file; the package name if left out
    window: 3                       # nodes of its own level that a node sees, 1 to 129; odd: as many before as after; [5, 3, 3, 3]: by level
    strides: [4, 4, 4]              # children of a node of level 1, 2, ...; [] is plain sliding-window attention
    # dilation: 2                   # nodes from one of the window to the next; 1 if left out
    # causal: last                  # a node sees none whose last leaf is after its own last leaf; strict: its first leaf; none if left out
    # links: up                     # children see parents, not the other way round; down: the reverse; both if left out
    # ancestors: 2                  # parent and grandparent; root: the ancestors of all levels; 1 if left out
    dim: 64                         # dimension of one head, 1 to 1024; 0: any, at run time (and slower)
    types: [f32, f64]               # element types; f16 and bf16 are stored in 16 bits and computed in float32
    ops: [scores, context, reverse] # what to write
    # with: [mask, bias, dropout]   # what attention and attention-grad take beside: a mask of keys, a bias of edges, a rate and a seed
    isa: [go, avx2, avx512]         # instruction sets; go is always written and runs everywhere
  # - pkg: web                      # a graph that is no pyramid, made at run time of a table or of edges; other keys are as above
  #   graph: table
  #   slots: 0                      # most keys of a node, 1 to 4096; 0, or left out: any
  #   dim: 64
`

func (a *app) initCommand() *cobra.Command {
	var config string
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write a commented pyragen.yaml",
		Long:  "Init writes a pyragen.yaml in which every key is explained. It never overwrites a file.",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			// O_EXCL also refuses what a dangling link points at, and leaves no moment between looking and writing.
			f, err := os.OpenFile(config, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
			if errors.Is(err, fs.ErrExist) {
				return fmt.Errorf("%+q exists already and is not overwritten; remove it, or name another with --config", config)
			}
			if err != nil {
				return err
			}
			_, err = f.WriteString(sample)
			if err := errors.Join(err, f.Close()); err != nil {
				return errors.Join(err, os.Remove(config))
			}
			return a.line(map[string]string{"file": config, "state": "written"}, "wrote "+config+"; edit it, then run `pyragen gen`")
		},
	}
	cmd.Flags().StringVar(&config, "config", defaultConfig, "`file` to write")
	return cmd
}
