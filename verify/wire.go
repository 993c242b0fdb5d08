package verify

// What the harness and its kernel server say to each other, as gob over stdin and stdout. The harness has the same file.

// Hello is the server's first message: what was built, and what this CPU can run.
type Hello struct {
	Packages   []HelloPackage
	SeesUppers bool // this CPU tells a return without VZEROUPPER
}

// HelloPackage is one generated package as it describes itself.
type HelloPackage struct {
	Table   bool // of table graphs, with Slots in place of Window and Strides
	Slots   int
	Window  int
	Strides []int
	Dim     int
	ISAs    []string // those that this CPU can run
}

// Request asks for one kernel with several instruction sets on the same operands.
type Request struct {
	Call                    int     // position in the table of calls
	Table                   []int32 // of a table package: the keys of each node, -1 for none, so many slots a row
	TableSlots              int
	NoGraph                 string // what is handed over in its place: nil, or zero for a graph that nobody made
	Batch, Len, Heads, Dim  int
	Scalar, Dropout         float64
	Seed                    uint64
	ISAs                    []string
	Workers                 []int    // every count must give the same bits; the first one also runs with operands at the start of memory
	InputNames, OutputNames []string // for messages
	Inputs                  [][]byte // elements in the byte order of the machine
	OutputBytes             []int
	Overlap                 int // position from 1 of an input that shares memory with the first output; 0: none
	RowStride, GradStride   int
	Spacing                 []Spacing // of the outputs, then the inputs; none: there are no gaps
}

// Spacing says where the rows of an operand lie.
type Spacing struct {
	With        int // position from 1 of the operand in whose memory it lies; 0: it has its own
	At          int // bytes from the start of that memory to its first row
	Row, Stride int // bytes of a row, and from one to the next; 0: there are no gaps
}

// Response answers a request for one instruction set; they come in the order of Request.ISAs.
type Response struct {
	Failure      string // what went wrong; empty: nothing
	Run          string // in which run it did: workers and placement
	Nodes, Slots int    // as the package counts them for Len
	Outputs      [][]byte
}
