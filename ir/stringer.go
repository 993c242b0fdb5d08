package ir

import "strings"

// String returns x in the text form.
func (x *Arith) String() string { return FormatIndex(x) }

// String returns x in the text form.
func (x *Apply) String() string { return FormatIndex(x) }

// String returns x in the text form.
func (x *Gather) String() string { return FormatIndex(x) }

// String returns x in the text form.
func (x *Pick) String() string { return FormatIndex(x) }

// String returns c in the text form.
func (c *Compare) String() string { return FormatCond(c) }

// String returns c in the text form.
func (c *CompareValue) String() string { return FormatCond(c) }

// String returns c in the text form.
func (c *Aligned) String() string { return FormatCond(c) }

// String returns c in the text form.
func (c *Uncached) String() string { return FormatCond(c) }

// String returns the condition in the text form.
func (c *And) String() string { return FormatCond(c) }

// String returns e in the text form.
func (e *Const) String() string { return FormatExpr(e) }

// String returns e in the text form.
func (e *Load) String() string { return FormatExpr(e) }

// String returns e in the text form.
func (e *Binary) String() string { return FormatExpr(e) }

// String returns e in the text form.
func (e *Unary) String() string { return FormatExpr(e) }

// String returns e in the text form.
func (e *FMA) String() string { return FormatExpr(e) }

// String returns e in the text form.
func (e *Broadcast) String() string { return FormatExpr(e) }

// String returns e in the text form.
func (e *HSum) String() string { return FormatExpr(e) }

// String returns e in the text form.
func (e *Tree) String() string { return FormatExpr(e) }

// String returns e in the text form.
func (e *Every) String() string { return FormatExpr(e) }

// String returns e in the text form.
func (e *Zip) String() string { return FormatExpr(e) }

// String returns e in the text form.
func (e *Lane) String() string { return FormatExpr(e) }

// String returns e in the text form.
func (e *Select) String() string { return FormatExpr(e) }

// String returns e in the text form.
func (e *Choose) String() string { return FormatExpr(e) }

// String returns e in the text form.
func (e *Reduce) String() string { return FormatExpr(e) }

// String returns s in the text form.
func (s *For) String() string { return stmtText(s) }

// String returns s in the text form.
func (s *If) String() string { return stmtText(s) }

// String returns s in the text form.
func (s *Let) String() string { return stmtText(s) }

// String returns s in the text form.
func (s *LetMask) String() string { return stmtText(s) }

// String returns s in the text form.
func (s *Alloc) String() string { return stmtText(s) }

// String returns s in the text form.
func (s *Store) String() string { return stmtText(s) }

// String returns s in the text form.
func (s *Assume) String() string { return stmtText(s) }

// String returns s in the text form.
func (s *Prefetch) String() string { return stmtText(s) }

// String returns s in the text form.
func (s *Fence) String() string { return stmtText(s) }

// String returns s in the text form.
func (s *Call) String() string { return stmtText(s) }

func stmtText(s Stmt) string { return strings.TrimSuffix(FormatStmts([]Stmt{s}), "\n") }
