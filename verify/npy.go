package verify

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"codeberg.org/sbinet/npyio/npy"
)

// readNpy reads one array of the wanted shape. The npy package indexes into headers and sizes its buffers by them without
// checking, so type, shape and file size are compared here first and a broken header is an error, not a panic.
func readNpy[T float64 | int32](path, descr string, shape []int) (values []T, err error) {
	text, err := os.ReadFile(path) // at once: the npy package reads it element by element
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: missing, want an array of type %s and shape %v", path, descr, shape)
	}
	if err != nil {
		return nil, err
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s: not an npy file: broken header (%v)", path, r)
		}
	}()

	left := bytes.NewReader(text)
	r, err := npy.NewReader(left)
	if err != nil {
		return nil, fmt.Errorf("%s: not an npy file: %w", path, err)
	}
	h := r.Header.Descr
	if h.Type != "'"+descr+"'" && h.Type != descr {
		return nil, fmt.Errorf("%s: type %s, want %s", path, h.Type, descr)
	}
	if h.Fortran {
		return nil, fmt.Errorf("%s: fortran_order is True, want C order", path)
	}
	if !slices.Equal(h.Shape, shape) {
		return nil, fmt.Errorf("%s: shape %v, want %v", path, h.Shape, shape)
	}
	if err := checkSize[T](left.Len(), path, shape); err != nil {
		return nil, err
	}
	if err := r.Read(&values); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return values, nil
}

// checkSize compares the bytes behind the header with the shape.
func checkSize[T float64 | int32](got int, path string, shape []int) error {
	var element T
	want := int64(8)
	if _, small := any(element).(int32); small {
		want = 4
	}
	for _, n := range shape {
		want *= int64(n)
	}
	if int64(got) != want {
		return fmt.Errorf("%s: %d bytes behind the header, want %d for shape %v", path, got, want, shape)
	}
	return nil
}
