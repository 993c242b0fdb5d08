// Package gosrc is the Go back end: it writes programs as Go source, both the portable target and, for tests, the Go twin of a
// vector program. It is the only package that imports jennifer.
package gosrc
