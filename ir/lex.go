package ir

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxSource is the longest text that is parsed, in bytes.
const maxSource = 1 << 20

// SyntaxError says where a text form is wrong, what was got and what was wanted.
type SyntaxError struct {
	Line, Col int // from 1; columns count bytes
	Msg       string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Col, e.Msg) }

type tokenKind uint8

const (
	tokEOF tokenKind = iota
	tokLine
	tokName
	tokNumber
	tokMark // operators and brackets
)

type token struct {
	kind tokenKind
	text string
	at   int // byte offset
}

func (t token) String() string {
	switch t.kind {
	case tokEOF:
		return "the end of the text"
	case tokLine:
		return "the end of the line"
	}
	return fmt.Sprintf("%q", t.text)
}

// lexer cuts a text into tokens. As in Go, the end of a line is a token where a statement can end; inside parentheses and
// brackets it never is.
type lexer struct {
	src    string
	tokens []token
	notes  map[int]string // comment after a token, on its line
	docs   map[int]string // comment lines right before a token
	depth  int            // of parentheses and brackets
}

// lex cuts src into tokens; the last one is tokEOF.
func lex(src string) (*lexer, error) {
	l := &lexer{src: src, notes: map[int]string{}, docs: map[int]string{}}
	if len(src) > maxSource {
		return l, &SyntaxError{1, 1, fmt.Sprintf("got %d bytes, want at most %d", len(src), maxSource)}
	}
	var doc []string
	at := 0
	for line := range strings.Lines(src) {
		first := len(l.tokens)
		comment, err := l.line(line, at)
		if err != nil {
			return l, err
		}
		at += len(line)
		switch last := len(l.tokens) - 1; {
		case last >= first:
			if len(doc) > 0 {
				l.docs[first] = strings.Join(doc, "\n")
			}
			if comment != "" {
				l.notes[last] = oneLine(comment[2:])
			}
			if l.depth == 0 && endsStatement(l.tokens[last]) {
				l.tokens = append(l.tokens, token{tokLine, "\n", at - 1})
			}
			doc = nil
		case comment != "":
			doc = append(doc, oneLine(comment[2:]))
		default:
			doc = nil // a blank line parts a comment from what follows
		}
	}
	l.tokens = append(l.tokens, token{tokEOF, "", len(src)})
	return l, nil
}

// line adds the tokens of the line that starts at byte start and returns its comment, if any.
func (l *lexer) line(line string, start int) (comment string, err error) {
	for i := 0; i < len(line); {
		rest := line[i:]
		if strings.HasPrefix(rest, "//") {
			return rest, nil
		}
		if strings.IndexByte(" \t\r\n", rest[0]) >= 0 {
			i++
			continue
		}
		t := token{at: start + i}
		switch {
		case isLetter(rest[0]):
			t.kind, t.text = tokName, rest[:wordLen(rest)]
		case isDigit(rest[0]):
			t.kind, t.text = tokNumber, rest[:numberLen(rest)]
			if next := rest[len(t.text):]; next != "" && isLetter(next[0]) {
				return "", l.errorAt(t.at, "got %q right after the number %s, want an operator", next[:wordLen(next)], t.text)
			}
		default:
			t.kind, t.text = tokMark, rest[:markLen(rest)]
			if t.text == "" {
				r, _ := utf8.DecodeRuneInString(rest)
				return "", l.errorAt(t.at, "got the character %q, want a name, a number or an operator", r)
			}
			switch t.text {
			case "(", "[":
				l.depth++
			case ")", "]":
				l.depth = max(l.depth-1, 0)
			}
		}
		l.tokens = append(l.tokens, t)
		i += len(t.text)
	}
	return "", nil
}

// errorAt returns the error at a byte offset.
func (l *lexer) errorAt(at int, format string, args ...any) *SyntaxError {
	before := l.src[:at]
	return &SyntaxError{1 + strings.Count(before, "\n"), at - strings.LastIndexByte(before, '\n'), fmt.Sprintf(format, args...)}
}

// endsStatement reports whether a statement can end after t.
func endsStatement(t token) bool {
	return t.kind == tokName || t.kind == tokNumber || t.text == ")" || t.text == "]" || t.text == "}"
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }

// wordLen returns the length of the letters and digits that s starts with.
func wordLen(s string) int {
	n := 0
	for n < len(s) && (isLetter(s[n]) || isDigit(s[n])) {
		n++
	}
	return n
}

// numberLen returns the length of the number that s starts with: digits, a fraction, an exponent. The dots of `0..n` are none.
func numberLen(s string) int {
	n := digitsLen(s)
	if n+1 < len(s) && s[n] == '.' && isDigit(s[n+1]) {
		n += 1 + digitsLen(s[n+1:])
	}
	if n < len(s) && (s[n] == 'e' || s[n] == 'E') {
		exp := n + 1
		if exp < len(s) && (s[exp] == '+' || s[exp] == '-') {
			exp++
		}
		if d := digitsLen(s[exp:]); d > 0 {
			n = exp + d
		}
	}
	return n
}

func digitsLen(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

// markLen returns the length of the operator or bracket that s starts with, 0 if there is none.
func markLen(s string) int {
	for _, m := range [...]string{"..", "<=", ">=", "==", "!=", "&&"} {
		if strings.HasPrefix(s, m) {
			return len(m)
		}
	}
	if strings.IndexByte("()[]{},:=<>+-*/%?", s[0]) >= 0 {
		return 1
	}
	return 0
}
