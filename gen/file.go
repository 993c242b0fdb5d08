package gen

import (
	"errors"
	"fmt"
	"strings"
)

// File is one file of a generated package. Name is without folder.
type File struct {
	Name    string
	Content []byte
}

// maxFileName is in bytes; temporary names are longer by less than what file systems leave up to 255.
const maxFileName = 128

// checkFiles returns everything that is wrong with files before any folder is looked at: names that are not the same file on every
// system, or are not of this folder, and contents without our header, which the next run would refuse to replace.
func checkFiles(files []File) error {
	var errs []error
	seen := map[string]string{}
	for _, f := range files {
		key := strings.ToLower(f.Name)
		if why := nameProblem(f.Name); why != "" {
			errs = append(errs, fmt.Errorf("gen: file name %+q %s", f.Name, why))
		} else if other, ok := seen[key]; ok {
			errs = append(errs, fmt.Errorf("gen: file name %q is also %q, as file systems without case see it; want different names",
				f.Name, other))
		} else if !HasHeader(f.Content) {
			errs = append(errs, fmt.Errorf("gen: file %s does not start with %q; a back end must write the header first", f.Name, Mark))
		}
		seen[key] = f.Name
	}
	return errors.Join(errs...)
}

// nameProblem says why a file may not have that name, "" if it may.
func nameProblem(name string) string {
	if name == "" {
		return "is empty; want a name such as pam.go"
	}
	if len(name) > maxFileName {
		return fmt.Sprintf("has %d bytes; want at most %d", len(name), maxFileName)
	}
	for i := range len(name) {
		if !isNameByte(name[i]) {
			return "has other bytes than letters, digits, _ and . in it; it must be a plain name in the output folder"
		}
	}
	if name[0] == '.' || name[0] == '_' {
		return "starts with " + name[:1] + ", which the go command passes over; start with a letter"
	}
	if !generatedKind(name) {
		return "ends neither in .go nor in .s, which are what is generated"
	}
	if stem, _, _ := strings.Cut(name, "."); isDevice(stem) {
		return "is a device on Windows; use another package name"
	}
	return ""
}

func isNameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '.'
}

// generatedKind reports whether files of that kind are generated. Only such files can be orphans.
func generatedKind(name string) bool {
	return strings.HasSuffix(name, ".go") || strings.HasSuffix(name, ".s")
}

// isDevice reports whether a stem of a file name is a device on Windows, whatever follows it.
func isDevice(stem string) bool {
	stem = strings.ToLower(stem)
	switch stem {
	case "con", "prn", "aux", "nul":
		return true
	}
	numbered := strings.HasPrefix(stem, "com") || strings.HasPrefix(stem, "lpt")
	return numbered && len(stem) == 4 && '0' <= stem[3] && stem[3] <= '9'
}
