//go:build linux

package gen

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func init() {
	children["limited"] = func(dir string) error {
		signal.Ignore(syscall.SIGXFSZ) // the write then fails with EFBIG
		limit := syscall.Rlimit{Cur: 32 << 10, Max: 32 << 10}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			return err
		}
		return writeTooMuch(dir, syscall.EFBIG)
	}
	children["full"] = func(dir string) error {
		if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
			fmt.Println("no mount:", err)
			return nil
		}
		if _, err := Write(dir, small("1")); err != nil {
			return err
		}
		if err := writeTooMuch(dir, syscall.ENOSPC); err != nil {
			return err
		}
		// What is there was kept, and there is room for the same in another version.
		for _, f := range small("1") {
			if b, err := os.ReadFile(filepath.Join(dir, f.Name)); err != nil || string(b) != string(f.Content) {
				return fmt.Errorf("%s was changed: %w", f.Name, err)
			}
		}
		_, err := Write(dir, small("2"))
		return err
	}
}

func small(text string) []File { return []File{ours("pam.go", text), ours("pam_amd64.s", text)} }

// writeTooMuch writes files of which the last does not fit, and wants the error that the system gives.
func writeTooMuch(dir string, want error) error {
	large := ours("pam_generic.go", strings.Repeat("// more\n", 16<<10))
	changed, err := Write(dir, append(small("2"), large))
	if !errors.Is(err, want) || !strings.Contains(err.Error(), "pam_generic.go") || len(changed) > 0 {
		return fmt.Errorf("got changed %v and %v, want %v and pam_generic.go named", changed, err, want)
	}
	return nil
}

// TestFullDisk writes more than there is room for, by a limit on the size of files and on a file system that is too small: an error
// that names the file, the old files as they were, nothing left beside them.
func TestFullDisk(t *testing.T) {
	t.Run("limit", func(t *testing.T) {
		dir := t.TempDir()
		mustWrite(t, dir, small("1"), "pam.go pam_amd64.s")
		before := filesOf(t, dir)
		if out, err := child("limited", dir).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		if after := filesOf(t, dir); after != before {
			t.Errorf("got\n%s\nwant\n%s", after, before)
		}
	})
	t.Run("tmpfs", func(t *testing.T) {
		cmd := child("full", t.TempDir())
		cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS} // the mount is seen by the child alone
		if os.Getuid() != 0 {
			cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER
			cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		}
		out, err := cmd.CombinedOutput()
		var refused syscall.Errno
		switch {
		case errors.As(err, &refused) || strings.Contains(string(out), "no mount"):
			t.Skipf("a file system cannot be mounted here: %v %s", err, out)
		case err != nil:
			t.Errorf("%v: %s", err, out)
		}
	})
}

// filesOf is the tree of a folder without the time of the folder itself, which temporary files change.
func filesOf(t *testing.T, dir string) string {
	t.Helper()
	_, files, _ := strings.Cut(tree(t, dir), "\n")
	return files
}
