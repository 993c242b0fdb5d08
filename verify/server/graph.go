package main

import (
	"fmt"
	"reflect"
	"unsafe"
)

// graph is what a package of table graphs makes of a table.
type graph interface {
	Nodes() int
	Slots() int
}

// graphFor makes the graph of a request, nil for a pyramid.
func graphFor(q Request, p kernels) (graph, error) {
	switch {
	case !p.table:
		return nil, nil
	case q.NoGraph == "nil":
		return p.noGraph, nil
	case q.NoGraph == "zero":
		return p.zeroGraph, nil
	}
	g, err := p.newGraph(q.Table, q.TableSlots)
	if err != nil {
		return nil, fmt.Errorf("NewGraph: %w", err)
	}
	return g, nil
}

// list is a field of a graph that kernels read.
type list struct {
	name   string
	field  *[]int32
	values []int32
}

// listsOf returns the fields of a graph that are lists of int32, whatever they are called.
func listsOf(g graph) (lists []list) {
	v := reflect.ValueOf(g)
	if g == nil || v.IsNil() {
		return nil
	}
	v = v.Elem()
	for i := range v.NumField() {
		if f := v.Field(i); f.Type() == reflect.TypeFor[[]int32]() {
			field := (*[]int32)(unsafe.Pointer(f.UnsafeAddr()))
			lists = append(lists, list{v.Type().Field(i).Name, field, *field})
		}
	}
	return lists
}

// placeGraph moves the lists of a graph against unreadable pages, as operands are, and makes them read-only.
func (m *memory) placeGraph(lists []list, atEnd bool) error {
	for len(m.lists) < len(lists) {
		m.lists = append(m.lists, &region{})
	}
	for i, l := range lists {
		b, err := m.lists[i].place(4*len(l.values), atEnd)
		if err != nil {
			return err
		}
		*l.field = unsafe.Slice((*int32)(unsafe.Pointer(unsafe.SliceData(b))), len(l.values))
		copy(*l.field, l.values)
		if err := m.lists[i].lock(); err != nil {
			return err
		}
	}
	return nil
}
