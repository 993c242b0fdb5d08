package gen

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// The names of temporary files. The go command passes over files that start with a dot.
const (
	tempPrefix = ".pyragen-"
	tempSuffix = ".tmp"
)

// Write makes a folder hold exactly the files of one package: see [Folder.Write].
func Write(dir string, files []File) (changed []string, err error) { return In(dir).Write(files) }

// Write makes the folder hold exactly these files of ours, and returns the names of those that it wrote or removed, sorted.
//
// All is checked before anything is written: names, and that what stands in a file's place is a regular file with our header.
// Every file is then written beside its place and synced, and only when all of them are there are they renamed, one by one: a full
// disk leaves the old ones, and a run that is killed leaves each file old or new, never in parts. Files that are as they should be
// are not touched. A folder holds one package, so that its other .go and .s files with our header are of a former request: they are
// removed. A second run waits for the first.
func (f Folder) Write(files []File) (changed []string, err error) {
	if err := checkFiles(files); err != nil {
		return nil, err
	}
	root, err := f.open(true)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	unlock, err := lock(root)
	if err != nil {
		return nil, fmt.Errorf("gen: locking %s: %w", f, err)
	}
	defer unlock()
	s, err := f.survey(root, files)
	if err != nil {
		return nil, err
	}
	if changed, err = f.replace(root, s, files); err != nil {
		return changed, fmt.Errorf("gen: writing %s: %w", f, err)
	}
	slices.Sort(changed)
	return changed, nil
}

// replace brings a folder from what was found to what is wanted.
func (f Folder) replace(root *os.Root, s *survey, files []File) (changed []string, err error) {
	for _, name := range s.leftover {
		if err := root.Remove(name); err != nil {
			return nil, err
		}
	}
	temps := make([]string, len(files)) // "" where the file stays
	defer func() {
		for _, t := range temps {
			if t != "" {
				err = errors.Join(err, root.Remove(t))
			}
		}
	}()
	for i, file := range files {
		if s.files[i].content != nil && bytes.Equal(s.files[i].content, file.Content) {
			continue
		}
		if temps[i], err = writeTemp(root, file.Content, s.files[i].mode); err != nil {
			return nil, fmt.Errorf("%s: %w", file.Name, err)
		}
	}
	for i, file := range files {
		if temps[i] == "" {
			continue
		}
		if err := f.stillOurs(root, file.Name); err != nil {
			return changed, err
		}
		if err := root.Rename(temps[i], file.Name); err != nil {
			return changed, err
		}
		temps[i] = ""
		changed = append(changed, file.Name)
	}
	for _, name := range s.orphans {
		if err := root.Remove(name); err != nil {
			return changed, err
		}
		changed = append(changed, name)
	}
	return changed, syncFolder(root)
}

// writeTemp writes and syncs a new file and returns its name, "" if it did not come about. It gets the permissions of the file that
// it will replace, if there is one.
func writeTemp(root *os.Root, content []byte, mode fs.FileMode) (name string, err error) {
	name = tempPrefix + rand.Text() + tempSuffix
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return "", err
	}
	_, err = file.Write(content)
	if err == nil && mode != 0 {
		err = file.Chmod(mode.Perm())
	}
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return "", errors.Join(err, root.Remove(name))
	}
	return name, nil
}

// stillOurs looks again, just before a file is replaced: someone may have put his own there since the survey.
func (f Folder) stillOurs(root *os.Root, name string) error {
	if _, err := root.Lstat(name); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	_, err := f.ours(root, name)
	return err
}

// syncFolder makes the renames last. Systems where folders can't be synced do that by themselves.
func syncFolder(root *os.Root) error {
	dir, err := root.Open(".")
	if err != nil {
		return err
	}
	defer dir.Close()
	if err := dir.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrInvalid) &&
		filepath.Separator == '/' {
		return err
	}
	return nil
}
