package main

// In a scratch module the harness replaces this file by one that imports the packages under test, fills both tables, and views
// arguments by elements.

var (
	packages []kernels
	calls    []call

	_ = elements[float32]
	_ = []element{f32, f64, f16, bf16}
)
