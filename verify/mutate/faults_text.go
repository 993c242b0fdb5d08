package mutate

import (
	"regexp"
	"strconv"
	"strings"
)

// place is a line of a file and what a fault in it may depend on.
type place struct {
	lines []string
	at    int
	frame int  // assembly: bytes of the function's frame
	wide  bool // assembly: the function has vectors of more than 16 bytes
	loads bool // assembly: the function runs when the package is loaded, before anybody looks at what it leaves
}

// line is the line that is so many further down.
func (p place) line(further int) string {
	if i := p.at + further; i >= 0 && i < len(p.lines) {
		return p.lines[i]
	}
	return ""
}

// inLines is a fault in a line of a file. Change gives what stands in its place: the same line where the fault cannot be, "" for none.
func inLines(file string, change func(place) string) *source {
	return &source{file, func(lines []string, here func() bool) []string {
		var out []string
		p := place{lines: lines}
		for i, line := range lines {
			if f := text.FindStringSubmatch(line); f != nil {
				p.frame, _ = strconv.Atoi(f[1])
				p.wide, p.loads = isWide(lines[i+1:]), strings.HasPrefix(line, "TEXT ·cpuid(")
			}
			p.at = i
			if changed := change(p); changed != line && here() {
				if changed == "" {
					continue
				}
				line = changed
			}
			out = append(out, line)
		}
		return out
	}}
}

// replaced changes what a pattern matches in a line, as [regexp.Regexp.ReplaceAllString] does.
func replaced(pattern, replacement string) func(place) string {
	re := regexp.MustCompile(pattern)
	return func(p place) string { return re.ReplaceAllString(p.line(0), replacement) }
}

// edited changes what a pattern matches in a line: change is given the groups and returns what stands in place of the whole match.
func edited(pattern string, change func(p place, groups []string) string) func(place) string {
	re := regexp.MustCompile(pattern)
	return func(p place) string {
		groups := re.FindStringSubmatch(p.line(0))
		if groups == nil {
			return p.line(0)
		}
		return strings.Replace(p.line(0), groups[0], change(p, groups), 1)
	}
}

var (
	text = regexp.MustCompile(`^TEXT .*, NOSPLIT, \$(\d+)-\d+$`)
	wide = regexp.MustCompile(`\b[YZ]\d+\b`)
)

// isWide reports whether the function that begins has wide vectors.
func isWide(lines []string) bool {
	for _, line := range lines {
		if text.MatchString(line) {
			return false
		}
		if wide.MatchString(line) {
			return true
		}
	}
	return false
}
