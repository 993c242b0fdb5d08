package spec

import (
	"fmt"
	"go/token"
	"slices"
	"strings"
)

// checkPackage refuses names that are no Go package name, that would hide something Go code needs, or whose files a Go tool or a
// file system would read in another way: with an underscore, foo_test.go and foo_arm64.go mean something else.
func checkPackage(name string) *Problem {
	wrong := func(text, fix string) *Problem { return &Problem{Field: "pkg", Code: "PYR007", Text: text, Fix: fix} }
	const wanted = "pkg must be a Go package name of lower-case letters and digits that starts with a letter"
	if name == "" {
		return wrong(wanted+", got \"\"", "use a short name such as pam")
	}
	if len(name) > MaxName {
		return wrong(fmt.Sprintf("pkg must have at most %d letters, got %d: %s", MaxName, len(name), quote(name)), "use a short name such as pam")
	}
	for i := range len(name) {
		if c := name[i]; !('a' <= c && c <= 'z' || i > 0 && '0' <= c && c <= '9') {
			return wrong(wanted+", got "+quote(name), "use a name such as "+plainName(name))
		}
	}
	if why := taken(name); why != "" {
		return wrong(fmt.Sprintf("pkg must not be %s, got %s", why, name), "use a name such as "+name+"kernels")
	}
	return nil
}

// taken says what a name means already, or "".
func taken(name string) string {
	has := func(list string) bool { return slices.Contains(strings.Fields(list), name) }
	switch {
	case token.IsKeyword(name):
		return "a keyword of Go"
	case has(predeclared):
		return "a predeclared name of Go"
	case has("main init documentation"):
		return "a name that the go command gives a meaning"
	case has("con prn aux nul com0 com1 com2 com3 com4 com5 com6 com7 com8 com9 lpt0 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9"):
		return "a device on Windows"
	case has(standard):
		return "a package of the standard library"
	}
	return ""
}

// plainName keeps the letters and digits of a refused name, to suggest the nearest good one.
func plainName(name string) string {
	keep := strings.Map(func(c rune) rune {
		if 'a' <= c && c <= 'z' || '0' <= c && c <= '9' {
			return c
		}
		return -1
	}, strings.ToLower(name))
	keep = strings.TrimLeft(keep, "0123456789")
	if keep == "" || taken(keep) != "" {
		return "pam"
	}
	return keep
}

const predeclared = `any append bool byte cap clear close comparable complex complex64 complex128 copy delete error false float32
	float64 imag int int8 int16 int32 int64 iota len make max min new nil panic print println real recover rune string true
	uint uint8 uint16 uint32 uint64 uintptr`

// standard lists the package names of Go 1.26's standard library (the last elements of `go list std`, without internal ones): a
// file that imports both packages would have to rename one.
const standard = `adler32 aes ascii85 asn1 ast atomic base32 base64 big binary bits bufio build buildinfo bytes bzip2 cgi cgo cipher
	cmp cmplx color comment constant constraint context cookiejar coverage crc32 crc64 crypto cryptotest csv debug des doc draw
	driver dsa dwarf ecdh ecdsa ed25519 elf elliptic embed encoding errors exec expvar fcgi filepath fips140 flag flate fmt fnv
	format fs fstest gif gob gosym gzip hash heap hex hkdf hmac hpke html http httptest httptrace httputil image importer io
	iotest ioutil iter jpeg json jsonrpc list log lzw macho mail maphash maps math md5 metrics mime mlkem mlkemtest multipart net
	netip os palette parse parser path pbkdf2 pe pem pkix plan9obj plugin png pprof printer quick quotedprintable race rand rc4
	reflect regexp ring rpc rsa runtime scanner sha1 sha256 sha3 sha512 signal slices slog slogtest smtp sort sql strconv strings
	structs subtle suffixarray sync synctest syntax syscall syslog tabwriter tar template testing textproto time tls token trace
	types tzdata unicode unique unsafe url user utf16 utf8 version weak x509 xml zip zlib`
