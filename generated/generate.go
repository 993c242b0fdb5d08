// Package generated holds the go:generate line that makes the packages in the folders beside it from pyragen.yaml.
package generated

//go:generate go run ../cmd/pyragen gen
