package verify

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"codeberg.org/sbinet/npyio/npy"
)

// readNpy reads one array of the wanted shape. The npy package indexes into headers and sizes its buffers by them without
// checking, so type, shape and file size are compared here first and a broken header is an error, not a panic.
func readNpy[T float64 | int32](path, descr string, shape []int) (values []T, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: missing, want an array of type %s and shape %v", path, descr, shape)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s: not an npy file: broken header (%v)", path, r)
		}
	}()

	in := bufio.NewReader(f) // the npy package reads element by element
	r, err := npy.NewReader(in)
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
	if err := checkSize[T](f, in.Buffered(), path, shape); err != nil {
		return nil, err
	}
	if err := r.Read(&values); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return values, nil
}

// checkSize compares what is left of the file behind the header with the shape; so many bytes of it are read already.
func checkSize[T float64 | int32](f *os.File, buffered int, path string, shape []int) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	read, err := f.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	var element T
	want := int64(8)
	if _, small := any(element).(int32); small {
		want = 4
	}
	for _, n := range shape {
		want *= int64(n)
	}
	if got := info.Size() - read + int64(buffered); got != want {
		return fmt.Errorf("%s: %d bytes behind the header, want %d for shape %v", path, got, want, shape)
	}
	return nil
}
