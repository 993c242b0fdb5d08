package ir

import (
	"fmt"
	"reflect"
	"strings"
)

// difference returns where two trees differ first, "" if they do not. A list of none is as good as no list, NaN equals NaN, and
// 1 lane is no lanes. (go-cmp looks for the best match of two lists of statements and takes exponential time over nests.)
func difference(x, y any) string {
	return differ("", reflect.ValueOf(x), reflect.ValueOf(y))
}

func differ(path string, x, y reflect.Value) string {
	if x.IsValid() != y.IsValid() || x.IsValid() && x.Type() != y.Type() {
		return fmt.Sprintf("%s: %v and %v", path, x, y)
	}
	if !x.IsValid() {
		return ""
	}
	if f, ok := x.Interface().(*Func); ok && strings.HasSuffix(path, ".Func") { // of a call, which may be in f itself
		return differ(path+".Name", reflect.ValueOf(f.Name), reflect.ValueOf(y.Interface().(*Func).Name))
	}
	switch x.Kind() {
	case reflect.Interface, reflect.Pointer:
		return differ(path, x.Elem(), y.Elem())
	case reflect.Slice:
		if x.Len() != y.Len() {
			return fmt.Sprintf("%s: %d and %d elements", path, x.Len(), y.Len())
		}
		for i := range x.Len() {
			if d := differ(fmt.Sprintf("%s[%d]", path, i), x.Index(i), y.Index(i)); d != "" {
				return d
			}
		}
	case reflect.Struct:
		for i := range x.NumField() {
			name := x.Type().Field(i).Name
			a, b := x.Field(i), y.Field(i)
			if (name == "Lanes" || name == "Width") && a.Int() <= 1 && b.Int() <= 1 {
				continue
			}
			if d := differ(path+"."+name, a, b); d != "" {
				return d
			}
		}
	case reflect.Float64:
		if a, b := x.Float(), y.Float(); a != b && (a == a || b == b) {
			return fmt.Sprintf("%s: %v and %v", path, a, b)
		}
	default:
		if !x.Equal(y) {
			return fmt.Sprintf("%s: %v and %v", path, x, y)
		}
	}
	return ""
}
