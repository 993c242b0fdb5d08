package atomic

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWriteFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.png")
	for _, content := range []string{"first", "second, longer", ""} {
		if err := WriteFile(name, []byte(content)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(name); err != nil || string(got) != content {
			t.Fatalf("got %q, %v, want %q", got, err, content)
		}
	}
	onlyFile(t, filepath.Dir(name), "a.png")
}

func TestWriteFileRefuses(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, []byte("keep"), 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link.png")
	if err := os.Symlink(file, link); err != nil {
		t.Skip(err)
	}
	for name, want := range map[string]string{
		filepath.Join(folder, "none", "a.png"): "no such file",
		filepath.Join(file, "a.png"):           "is not a folder",
		folder:                                 "not a regular file",
		link:                                   "not a regular file",
		os.DevNull:                             "not a regular file",
	} {
		if err := WriteFile(name, []byte("x")); err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), name) {
			t.Errorf("%s: got %v, want %s", name, err, want)
		}
	}
	if got, _ := os.ReadFile(file); string(got) != "keep" {
		t.Errorf("the file became %q", got)
	}
	onlyFile(t, folder, "file")
}

// onlyFile checks that nothing is left over.
func onlyFile(t *testing.T, folder, name string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 1 || entries[0].Name() != name {
		t.Errorf("folder holds %v, want only %s", entries, name)
	}
}
