// Package gen makes a package's files of what back ends write: the header that marks them, the table of back ends, the check that
// each file holds exactly what is expected of it, and writes that leave no torn, foreign or orphaned file behind.
package gen
