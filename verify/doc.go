// Package verify checks generated kernels against float64 truth: it writes the definitions out as plain loops, lists the cases,
// runs the kernels in a process of their own between unreadable pages, and bounds every element's error.
//
// It imports nothing of the compiler: shared index code would hide shared mistakes. A run goes
//
//	h, err := verify.NewHarness(dir, pkgs)               // the generated files, built with the kernel server of verify/server
//	cases := verify.Grid(pkg, true)                      // or ParseCase, or VectorCase
//	summary, err := h.Run(ctx, cases, verify.Options{}, func(r verify.Result) { fmt.Println(r) })
//	err = h.Close()
//
// where the specs come from a user, from [GridSpecs] or, for test vectors, from [VectorPackages].
package verify
