package gosrc

import "fmt"

// fault is what stops an emission: a program that this back end does not take. It is a panic inside the package only.
type fault struct{ text string }

func fail(format string, args ...any) { panic(fault{fmt.Sprintf(format, args...)}) }

// catch turns a fault into an error that says where; any other panic goes on.
func catch(where *string, err *error) {
	switch r := recover().(type) {
	case nil:
	case fault:
		*err = fmt.Errorf("gosrc: %s: %s", *where, r.text)
	default:
		panic(r)
	}
}
