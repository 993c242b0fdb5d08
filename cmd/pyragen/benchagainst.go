package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pyragen/pyragen/gen"
	"github.com/pyragen/pyragen/spec"
)

// readAgainst reads the packages that --against names, one for each of specs: those of a folder if there is one of that name, else
// those of a git revision.
func (r *request) readAgainst(against string, specs []spec.Spec) ([]timedPackage, error) {
	flags := r.inFlags(naming()...)
	places := []string{"."}
	if !flags {
		targets, err := r.configured()
		if err != nil {
			return nil, err
		}
		places = nil
		for _, t := range targets {
			places = append(places, t.Out)
		}
	}
	read := func(place string) ([]gen.File, error) {
		return readFolder(filepath.Join(against, filepath.FromSlash(place)))
	}
	if info, err := os.Stat(against); err != nil || !info.IsDir() {
		if flags {
			return nil, usagef("--against must be the folder of a generated package where flags name the pyramid, got %+q, which is no folder", against)
		}
		repo := repository{filepath.Dir(r.config), r.config}
		commit, err := repo.commit(against)
		if err != nil {
			return nil, err
		}
		read = func(place string) ([]gen.File, error) { return repo.files(commit, place) }
	}
	var packages []timedPackage
	for i, s := range specs {
		files, err := read(places[i])
		if err != nil {
			return nil, fmt.Errorf("--against %s: %w", visible(against), err)
		}
		p, err := generatedPackage(files, s)
		if err != nil {
			return nil, fmt.Errorf("--against %s: %s: %w", visible(against), places[i], err)
		}
		packages = append(packages, p)
	}
	return packages, nil
}

// generatedPackage finds the spec that files were generated from. It must be of the same pyramid as s, and a package of that name.
func generatedPackage(files []gen.File, s spec.Spec) (timedPackage, error) {
	files = slices.DeleteFunc(files, func(f gen.File) bool { return !gen.HasHeader(f.Content) })
	main := slices.IndexFunc(files, func(f gen.File) bool { return f.Name == s.Package+".go" })
	if main < 0 {
		return timedPackage{}, fmt.Errorf("no %s.go that pyragen has generated is there", s.Package)
	}
	old, err := headerSpec(files[main])
	if err != nil {
		return timedPackage{}, err
	}
	if has, want := shapeText(old), shapeText(s); has != want {
		return timedPackage{}, fmt.Errorf("package %s has %s, want that of the request: %s", s.Package, has, want)
	}
	if has, want := old.Canonical().With, s.Canonical().With; !slices.Equal(has, want) { // they are arguments of functions
		return timedPackage{}, fmt.Errorf("package %s has the features %v, want those of the request: %v", s.Package, has, want)
	}
	return timedPackage{old, files}, nil
}

// headerSpec reads the spec in the header of a generated file, which is an entry of a configuration.
func headerSpec(f gen.File) (spec.Spec, error) {
	var entry []string
	for _, line := range strings.Split(string(f.Content), "\n")[1:] {
		text, comment := strings.CutPrefix(line, "//")
		if text = strings.TrimSpace(text); !comment || strings.HasPrefix(text, "sha256:") {
			break
		}
		if text != "" {
			entry = append(entry, text)
		}
	}
	config := "packages:\n  - " + strings.Join(entry, "\n    ") + "\n"
	targets, err := spec.Parse(f.Name, []byte(config))
	if err != nil {
		return spec.Spec{}, fmt.Errorf("the header of %s names no spec that this pyragen knows: %v", f.Name, err)
	}
	return targets[0].Spec, nil
}

// readFolder reads the Go and assembly files of a folder, tests left out.
func readFolder(dir string) ([]gen.File, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var files []gen.File
	for _, e := range entries {
		if !e.Type().IsRegular() || !isSource(e.Name()) {
			continue
		}
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		files = append(files, gen.File{Name: e.Name(), Content: content})
	}
	return files, nil
}

// isSource reports whether a file is built with its package.
func isSource(name string) bool {
	return strings.HasSuffix(name, ".s") || strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go")
}

// repository is the git repository around the folder of a configuration. Nothing in it is changed.
type repository struct{ dir, config string }

// git runs a git command in the folder and returns what it prints.
func (r repository) git(args ...string) ([]byte, error) {
	var stdout, stderr bytes.Buffer
	cmd := exec.Command("git", append([]string{"-C", r.dir}, args...)...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if errors.Is(err, exec.ErrNotFound) {
		return nil, errors.New("the git command is needed to read a revision, and is not in PATH")
	}
	if err != nil {
		text, _, _ := strings.Cut(stderr.String(), "\n")
		return nil, fmt.Errorf("git %s: %w: %s", args[0], err, text)
	}
	return stdout.Bytes(), nil
}

// commit is the hash of a revision.
func (r repository) commit(revision string) (string, error) {
	var failed *exec.ExitError
	if _, err := r.git("rev-parse", "--git-dir"); errors.As(err, &failed) {
		return "", usagef("--against must be a folder or a git revision, got %+q, which is no folder, and %s is in no git repository", revision, r.config)
	} else if err != nil {
		return "", err
	}
	hash, err := r.git("rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if err != nil {
		return "", usagef("--against must be a folder or a git revision, got %+q, which is neither", revision)
	}
	return strings.TrimSpace(string(hash)), nil
}

// files reads the Go and assembly files of a folder of a commit, tests left out.
func (r repository) files(commit, folder string) ([]gen.File, error) {
	archive, err := r.git("archive", "--format=tar", commit, "--", folder)
	if err != nil {
		return nil, err
	}
	var files []gen.File
	for t := tar.NewReader(bytes.NewReader(archive)); ; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		if h.FileInfo().Mode().Type() != fs.FileMode(0) || path.Dir(h.Name) != path.Clean(folder) || !isSource(h.Name) {
			continue
		}
		content, err := io.ReadAll(t)
		if err != nil {
			return nil, err
		}
		files = append(files, gen.File{Name: path.Base(h.Name), Content: content})
	}
}
