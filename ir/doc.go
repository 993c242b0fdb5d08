// Package ir is pyragen's intermediate representation: the tensor expressions that say what a kernel computes and the loop
// nests that say how.
//
// A [Kernel] is a pipeline of stages, each `out[axes] = expression`, over the nodes of a graph. Index maps (the closed-form
// pyramid neighbour, its reverse, a table gather) are part of the language. Scheduling turns a kernel into a [Program], a loop
// nest over the same index and value expressions, with vectors, masks and register buffers. Both forms print, parse back,
// are checked by a verifier and run in an interpreter with exact float32, float64 and FMA semantics.
package ir
