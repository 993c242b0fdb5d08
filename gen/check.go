package gen

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

// State says how a file of a folder stands to what would be written there.
type State struct {
	File  string `json:"file"`
	State string `json:"state"` // OK, Stale, Missing or Orphan
}

// The states of a file.
const (
	OK      = "ok"      // as it would be written
	Stale   = "stale"   // would be replaced
	Missing = "missing" // would be made
	Orphan  = "orphan"  // would be removed: ours, but no longer asked for
)

// Check compares a folder with files: see [Folder.Check].
func Check(dir string, files []File) ([]State, error) { return In(dir).Check(files) }

// Diff is what Write would change in a folder: see [Folder.Diff].
func Diff(dir string, files []File) (string, error) { return In(dir).Diff(files) }

// Check returns the state of each file and of each orphan, sorted by name. It writes nothing. What Write would refuse is an error.
func (f Folder) Check(files []File) ([]State, error) {
	var states []State
	err := f.compare(files, func(name, state string, _, _ []byte) {
		states = append(states, State{name, state})
	})
	slices.SortFunc(states, func(a, b State) int { return strings.Compare(a.File, b.File) })
	return states, err
}

// Diff returns what Write would change as a unified diff, "" for nothing. It writes nothing. What Write would refuse is an error.
func (f Folder) Diff(files []File) (string, error) {
	diffs := map[string]string{}
	err := f.compare(files, func(name, state string, old, new []byte) {
		from, to := "a/"+name, "b/"+name
		switch state {
		case OK:
			return
		case Missing:
			from = "/dev/null"
		case Orphan:
			to = "/dev/null"
		}
		diffs[name] = udiff.Unified(from, to, string(old), string(new))
	})
	var b strings.Builder
	for _, name := range keys(diffs) {
		b.WriteString(diffs[name])
	}
	return b.String(), err
}

// compare calls each with every file and every orphan, and what is and what should be in it.
func (f Folder) compare(files []File, each func(name, state string, old, new []byte)) error {
	if err := checkFiles(files); err != nil {
		return err
	}
	root, err := f.open(false)
	if errors.Is(err, fs.ErrNotExist) {
		for _, file := range files {
			each(file.Name, Missing, nil, file.Content)
		}
		return nil
	}
	if err != nil {
		return err
	}
	defer root.Close()
	s, err := f.survey(root, files)
	if err != nil {
		return err
	}
	for i, file := range files {
		old := s.files[i].content
		switch {
		case old == nil:
			each(file.Name, Missing, nil, file.Content)
		case bytes.Equal(old, file.Content):
			each(file.Name, OK, old, old)
		default:
			each(file.Name, Stale, old, file.Content)
		}
	}
	for _, name := range s.orphans {
		old, err := root.ReadFile(name)
		if err != nil {
			return fmt.Errorf("gen: %w", err)
		}
		each(name, Orphan, old, nil)
	}
	return nil
}
