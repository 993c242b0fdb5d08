// Package spec is a user's request: a window, pyramid strides, a head dimension, and the types, ops and instruction sets to write.
// It reads pyragen.yaml and command-line values strictly, says what is wrong and where, and gives each request a canonical text.
package spec
