package spec

import (
	"strconv"
	"strings"
)

// wholeNumber reads decimal digits without leading zeros: YAML's octal 010 and hexadecimal would be traps.
func wholeNumber(s string) (int, bool) {
	digits := s
	if len(s) > 1 && s[0] == '-' {
		digits = s[1:]
	}
	if digits == "" || len(digits) > 1 && digits[0] == '0' || len(digits) > 10 {
		return 0, false
	}
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(s, 10, 32)
	return int(n), err == nil
}

// wholeWanted says what a text that wholeNumber refused should have been.
func wholeWanted(s string) string {
	if len(s) > 9 && strings.Trim(s, "-0123456789") == "" {
		return "a whole number of at most 9 digits"
	}
	if s != "" && strings.Trim(s, "+-_0123456789abcdefox") == "" && strings.ContainsAny(s, "0123456789") {
		return "a decimal whole number without sign + and leading zeros"
	}
	return "a whole number"
}
