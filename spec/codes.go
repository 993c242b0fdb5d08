package spec

// Code explains one PYR code.
type Code struct {
	Code    string // PYRnnn
	Title   string // a few words
	Meaning string // what is refused, and why
	Fix     string // what to do
}

// Codes returns all codes in ascending order.
func Codes() []Code {
	return []Code{
		{"PYR001", "configuration not read", "The file does not exist, is not a regular file, or cannot be opened.",
			"Run `pyragen init`, or name another file with --config."},
		{"PYR002", "configuration too large", "At most 1 MiB, 16384 YAML tokens and 16 brackets deep are read, so that reading always ends soon.",
			"Split it: each folder may have a pyragen.yaml of its own."},
		{"PYR003", "window out of range", "The window is the number of nodes of its own level that a node sees, from 1 to 129. An even one is " +
			"legal and looks one node further back than forward, so the graph is directed.", "Use an odd window such as 3."},
		{"PYR004", "stride out of range", "A stride is the number of children of a node, from 1 to 64.",
			"Use strides such as 4, 4, 4; replace a large one by two that multiply to it."},
		{"PYR005", "too many levels", "A pyramid has at most 16 levels, the leaves among them, so at most 15 strides.",
			"Remove strides, or use larger ones."},
		{"PYR006", "dim out of range", "The head dimension is from 1 to 1024, or 0 for any at run time.",
			"Use the dimension of one head, such as 64."},
		{"PYR007", "package name", "The name is part of file names and of an import, so it is made of lower-case letters and digits, starts with " +
			"a letter, and is no keyword, predeclared name, standard package or device name.", "Use a short name such as pam."},
		{"PYR008", "unknown name in a list", "Types, ops, features and instruction sets are known by name; see `pyragen gen --help`.",
			"Use one of the names that the message lists."},
		{"PYR009", "name twice in a list", "Types, ops, with and isa are sets.", "Remove the repetition."},
		{"PYR010", "empty list", "A package without types, ops or instruction sets has nothing in it.",
			"Leave the key out to get all (of types f32 and f64), or no features; or name some."},
		{"PYR011", "not YAML", "The file cannot be parsed.", "The place is where the parser gave up; the cause is there or just before."},
		{"PYR012", "bytes that are not plain text", "The file must be UTF-8 without byte order mark, tabs and other invisible characters: they " +
			"would look like something else to a reader.", "Save it as UTF-8, and indent with spaces."},
		{"PYR013", "unknown key", "A key that is not known would be ignored silently.", "Correct its spelling, or remove it."},
		{"PYR014", "key twice", "Only one of the two values could count.", "Remove one."},
		{"PYR015", "missing key or flag", "pkg and dim have no default, nor have window and strides of a pyramid.", "Add it."},
		{"PYR016", "wrong type", "Numbers are whole, decimal and unquoted; names are text; lists are lists.",
			"Write the value as the message shows."},
		{"PYR017", "YAML feature not used here", "Anchors, aliases, merge keys, tags, block scalars and several documents are refused: a " +
			"configuration should say what it says where it says it.", "Write the value out in place."},
		{"PYR018", "output folder", "An output folder of pyragen.yaml lies inside the folder of that file and has a portable name.",
			"Use a relative path such as internal/pam."},
		{"PYR019", "two packages in one folder", "A folder holds one Go package. Letter case does not tell folders apart everywhere.",
			"Give each package an out of its own."},
		{"PYR020", "number of packages", "A pyragen.yaml lists 1 to 256 packages.", "Add one below `packages:`, or split the file."},
		{"PYR021", "kernel beyond the limits", "A kernel of this spec would need more code, time or memory than a generator should take.",
			"Use a smaller window, dim or strides."},
		{"PYR022", "feature without its op", "mask, bias and dropout are features of attention and its gradient; other ops are the same with and " +
			"without.", "Leave `with` out, or add attention or attention-grad to ops."},
		{"PYR023", "unknown graph", "A graph is a pyramid, whose edges follow from a window and strides, or a table, whose edges are given at run " +
			"time.", "Use pyramid or table, or leave it out for a pyramid."},
		{"PYR024", "key of another graph", "window, strides, dilation, causal, links and ancestors are about pyramids, slots is about tables.",
			"Leave the key out, or ask for the other graph."},
		{"PYR025", "slots out of range", "The slots of a table are the most keys that a node has, from 1 to 4096, or 0 for any at run time.",
			"Use 0 where a node may have more."},
		{"PYR026", "windows of levels", "The window is one number for all levels, or a list of one for each: the leaves first, then a level for " +
			"each stride.", "List as many windows as there are strides, and one more."},
		{"PYR027", "dilation out of range", "The dilation is how many nodes lie from one of the window to the next, from 1 to 1024.",
			"Use a number such as 2, or leave it out for 1."},
		{"PYR028", "unknown variant", "causal is none, last or strict, links is both, up or down.",
			"Use one of these, or leave the key out for the first."},
		{"PYR029", "ancestors out of range", "A node may see its ancestor on each of so many levels above, the parent first: from 1 to the number of strides, at most 6.",
			"Use a number such as 2, or root for all levels."},
		{"PYR030", "too many nodes see one", "With ancestors a node is seen by all those some levels below, and the gradient of attention keeps what it needs " +
			"of each: it is written for up to 3 ancestors and 1024 such nodes.", "Use fewer ancestors or smaller strides, or leave attention-grad out of ops."},
	}
}

// FindCode looks a code up.
func FindCode(code string) (Code, bool) {
	for _, c := range Codes() {
		if c.Code == code {
			return c, true
		}
	}
	return Code{}, false
}
