// Package verify checks generated kernels against float64 truth: it writes the definitions out as plain loops, lists the cases,
// runs the kernels in a process of their own between unreadable pages, and bounds every element's error.
//
// It imports nothing of the compiler: shared index code would hide shared mistakes.
package verify
