// Package mutate seeds faults into generated packages, so that a test can see whether package verify finds them. A fault is one way in
// which a back end may go wrong: a loop that ends early, a mask that is left out, an offset of 32 bits, a register that Go relies on.
//
// A [Subject] is the package of one op, type and instruction set. A [Fault] has [Subject.Sites] in it, places where it can be seeded;
// [Subject.Mutant] is the package with the fault at one of them. The same request always gives the same mutant.
//
// What a fault changes must make a difference: places where it would not, for a reason that can be told, are no sites.
package mutate
