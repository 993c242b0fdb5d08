package series

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// What Read takes at most, so that any input ends soon.
const (
	MaxRows  = 1 << 20
	MaxLine  = 1 << 16 // bytes
	MaxYears = 200
	MaxValue = 1e12
)

// Error is what is wrong with a file, and where. Line and Column count from 1, columns in bytes.
type Error struct {
	File         string
	Line, Column int
	Text         string
}

func (e *Error) Error() string { return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Text) }

// Read reads the column [Target] of a file: a header that starts with date, then at least minRows rows of a time and one finite
// number a column, evenly spaced in time. Fields have no quotes. Errors about what is in the file are [*Error].
func Read(r io.Reader, file string, minRows int) (Series, error) {
	p := &parser{lines: bufio.NewReaderSize(r, MaxLine), file: file}
	if err := p.header(); err != nil {
		return Series{}, err
	}
	s := Series{Name: file}
	for {
		text, err := p.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Series{}, err
		}
		if s.Len() == MaxRows {
			return Series{}, p.fail(1, "more than %d rows, want at most that", MaxRows)
		}
		if err := p.row(&s, text); err != nil {
			return Series{}, err
		}
	}
	if s.Len() < minRows {
		p.line++
		return Series{}, p.fail(1, "the file ends after %d rows, want at least %d", s.Len(), minRows)
	}
	return s, nil
}

// parser holds the place in the file.
type parser struct {
	lines  *bufio.Reader
	file   string
	line   int // the last one read
	names  []string
	target int // index of Target in names
}

func (p *parser) fail(column int, format string, args ...any) error {
	return &Error{p.file, p.line, column, fmt.Sprintf(format, args...)}
}

// next returns the next line without its end; io.EOF after the last one. Blank lines are allowed at the end only.
func (p *parser) next() (string, error) {
	text, err := p.readLine()
	if err != nil || text != "" {
		return text, err
	}
	blank := p.line
	for text == "" {
		if text, err = p.readLine(); err != nil {
			return "", err
		}
	}
	p.line = blank
	return "", p.fail(1, "blank line between rows, want a row of %d fields", len(p.names))
}

func (p *parser) readLine() (string, error) {
	b, err := p.lines.ReadSlice('\n')
	if errors.Is(err, io.EOF) && len(b) == 0 {
		return "", io.EOF
	}
	p.line++
	if errors.Is(err, bufio.ErrBufferFull) {
		return "", p.fail(MaxLine, "line of more than %d bytes, want at most that; is this a CSV file?", MaxLine)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("%s: %w", p.file, err)
	}
	if p.line == 1 {
		b = bytes.TrimPrefix(b, []byte("\ufeff"))
	}
	b = bytes.TrimSuffix(bytes.TrimSuffix(b, []byte("\n")), []byte("\r"))
	for i := 0; i < len(b); {
		c, size := utf8.DecodeRune(b[i:])
		if c < ' ' || c == 0x7f || c == utf8.RuneError && size == 1 {
			return "", p.fail(i+1, "byte 0x%02x is not text; is this a CSV file?", b[i])
		}
		i += size
	}
	return string(b), nil
}

// header reads the names of the columns.
func (p *parser) header() error {
	text, err := p.readLine()
	if errors.Is(err, io.EOF) {
		p.line = 1
		return p.fail(1, "the file is empty, want a header such as date,HUFL,OT")
	}
	if err != nil {
		return err
	}
	p.names = strings.Split(text, ",")
	p.target = -1
	seen, column := map[string]bool{}, 1
	for i, name := range p.names {
		switch {
		case i == 0 && name != "date":
			return p.fail(1, "the first column is %s, want date; is this a CSV file in the form of ETTh1?", quote(name))
		case name == "":
			return p.fail(column, "column %d has no name", i+1)
		case seen[name]:
			return p.fail(column, "column %s is there twice", quote(name))
		case name == Target:
			p.target = i
		}
		seen[name] = true
		column += len(name) + 1
	}
	if p.target < 0 {
		return p.fail(len(text)+1, "the header has no column %s, got %s", Target, quote(text))
	}
	return nil
}

// row appends one row to the series.
func (p *parser) row(s *Series, text string) error {
	if n := strings.Count(text, ",") + 1; n != len(p.names) {
		return p.fail(1, "row of %d fields, want %d as in the header", n, len(p.names))
	}
	column := 1
	for i, field := range strings.Split(text, ",") {
		if i == 0 {
			if err := p.time(s, field); err != nil {
				return err
			}
		} else if x, problem := number(field); problem != "" {
			return p.fail(column, "%s = %s %s", p.names[i], quote(field), problem)
		} else if i == p.target {
			s.Values = append(s.Values, x)
		}
		column += len(field) + 1
	}
	return nil
}

// time checks that rows are evenly spaced: the first two set the step.
func (p *parser) time(s *Series, field string) error {
	t, err := time.Parse(Layout, field)
	if err != nil || t.Format(Layout) != field {
		return p.fail(1, "date = %s, want a time such as 2016-07-01 00:00:00", quote(field))
	}
	n := s.Len()
	if n == 0 {
		s.Start = t
		return nil
	}
	if t.Year()-s.Start.Year() > MaxYears {
		return p.fail(1, "date = %s is more than %d years after the first row, want at most that", quote(field), MaxYears)
	}
	step := t.Sub(s.Time(n - 1))
	if n == 1 {
		if step <= 0 {
			return p.fail(1, "date = %s is not after the row before", quote(field))
		}
		s.Step = step
	}
	if step != s.Step {
		return p.fail(1, "date = %s is %v after the row before, want %v as between the first two; fill gaps before", quote(field), step, s.Step)
	}
	return nil
}

// number reads a finite decimal number and says what is wrong with the field otherwise.
func number(field string) (x float64, problem string) {
	x, err := strconv.ParseFloat(field, 64)
	switch {
	case field == "":
		return 0, "is missing, want a number"
	case math.IsNaN(x) || math.IsInf(x, 0) && !errors.Is(err, strconv.ErrRange):
		return 0, "is not finite, want a number"
	case errors.Is(err, strconv.ErrSyntax) || strings.ContainsAny(field, "xX_"):
		return 0, "is not a number"
	case err != nil || math.Abs(x) > MaxValue:
		return 0, fmt.Sprintf("is too large, want at most %g in size", MaxValue)
	}
	return x, ""
}

// quote shows a field of any length and content in a line of a message.
func quote(field string) string {
	const most = 60
	if len(field) > most {
		return strconv.QuoteToASCII(field[:most]) + "..."
	}
	return strconv.QuoteToASCII(field)
}
