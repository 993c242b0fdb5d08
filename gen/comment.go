package gen

import (
	"fmt"
	"strings"
)

// CommentText makes one line of comment of any text: line ends become blanks, what is not printable ASCII is written as an escape,
// and what tools act on at the start of a comment (+build) is quoted. Free text reaches generated files through here alone, so that
// no line of it can leave its comment, hide in it, or be a directive; directives have no blank after the slashes, and [CommentLine]
// writes one.
func CommentText(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			b.WriteByte(' ')
		case r >= ' ' && r < 0x7f:
			b.WriteRune(r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	clean := strings.TrimSpace(b.String())
	if strings.HasPrefix(clean, "+build") {
		clean = "'" + clean
	}
	return clean
}

// CommentLine is a line of comment in Go or in assembly, of any text.
func CommentLine(text string) string { return strings.TrimRight("// "+CommentText(text), " ") }
