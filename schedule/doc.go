// Package schedule says how a kernel is computed on a target: an ordered list of steps, each a rewrite of the loop nest from IR
// to IR, run by one table of passes.
package schedule
