// Package atomic writes files whole or not at all.
package atomic

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// CheckTarget says why a file cannot be written before work is spent on its content: its folder must exist, and the name must be
// free or that of a regular file.
func CheckTarget(name string) error {
	folder := filepath.Dir(name)
	if info, err := os.Stat(folder); err != nil {
		return fmt.Errorf("%s: cannot be written: %w", name, err)
	} else if !info.IsDir() {
		return fmt.Errorf("%s: cannot be written: %s is not a folder", name, folder)
	}
	info, err := os.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: cannot be written: %w", name, err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s: cannot be written: it exists and is not a regular file", name)
	}
	return nil
}

// WriteFile writes the content beside the target and renames it, so that nobody sees half of it. On an error nothing changes.
func WriteFile(name string, content []byte) (err error) {
	if err := CheckTarget(name); err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return fmt.Errorf("%s: cannot be written: %w", name, err)
	}
	defer func() {
		if err != nil {
			os.Remove(temp.Name())
			err = fmt.Errorf("%s: cannot be written: %w", name, err)
		}
	}()
	_, err = temp.Write(content)
	err = errors.Join(err, temp.Chmod(0o644), temp.Close())
	if err != nil {
		return err
	}
	return os.Rename(temp.Name(), name)
}
