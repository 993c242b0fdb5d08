package spec

import (
	"fmt"
	"path"
	"strings"
)

// checkOut refuses an output folder of pyragen.yaml that lies outside the file's own folder, or that is not the same folder on
// every system.
func checkOut(out string) *Problem {
	wrong := func(text, fix string) *Problem {
		return &Problem{Field: "out", Code: "PYR018", Text: "out must be " + text + ", got " + quote(out), Fix: fix}
	}
	const fix = "use a folder such as internal/pam"
	if out == "" {
		return wrong("a folder", fix+", or leave it out: it is the package name then")
	}
	if len(out) > MaxOut {
		return wrong(fmt.Sprintf("at most %d bytes long", MaxOut), fix)
	}
	if strings.HasPrefix(out, "/") {
		return wrong("a relative path", fix+", relative to pyragen.yaml")
	}
	for i := range len(out) {
		c := out[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("/._-+~", c) >= 0) {
			return wrong("a path of letters, digits, / and . _ - + ~", fix)
		}
	}
	for _, elem := range strings.Split(out, "/") {
		stem, _, _ := strings.Cut(strings.ToLower(elem), ".")
		switch {
		case elem == "..":
			return wrong("inside the folder of pyragen.yaml, without ..", "move pyragen.yaml up, or use --out on the command line")
		case elem != "." && strings.HasSuffix(elem, "."):
			return wrong("a path whose folders do not end with a dot", fix)
		case taken(stem) == "a device on Windows":
			return wrong("a path without device names of Windows", fix)
		}
	}
	return nil
}

// sameFolder returns a key that is equal for folders that are, or on some systems may be, the same.
func sameFolder(out string) string { return strings.ToLower(path.Clean(out)) }
