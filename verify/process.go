package verify

import (
	"bufio"
	"context"
	"encoding/gob"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// process is a running kernel server. One request is under way at a time, so whoever waits knows what killed it.
type process struct {
	cmd      *exec.Cmd
	stdin    io.WriteCloser
	buffered *bufio.Writer
	out      *gob.Encoder
	in       *gob.Decoder
	stderr   *head
	hello    Hello
	timeout  time.Duration
	timedOut atomic.Bool
}

// startProcess starts a server and waits for its greeting.
func startProcess(ctx context.Context, path string, env []string, timeout time.Duration) (*process, error) {
	p := &process{cmd: exec.CommandContext(ctx, path), stderr: &head{}, timeout: timeout}
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stderr = p.stderr
	var err error
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.buffered = bufio.NewWriterSize(p.stdin, 1<<16)
	p.out, p.in = gob.NewEncoder(p.buffered), gob.NewDecoder(bufio.NewReaderSize(stdout, 1<<16))
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start of the kernel server: %w", err)
	}
	if err := p.receive(&p.hello); err != nil {
		return nil, fmt.Errorf("start of the kernel server: %w", err)
	}
	return p, nil
}

// send writes a request. An error means that the process is gone.
func (p *process) send(q Request) error {
	err := p.out.Encode(q)
	if err == nil {
		err = p.buffered.Flush()
	}
	if err != nil {
		return p.obituary()
	}
	return nil
}

// receive reads one message. An error means that the process is gone: it died, or took too long and was killed.
func (p *process) receive(message any) error {
	timer := time.AfterFunc(p.timeout, func() {
		p.timedOut.Store(true)
		_ = p.cmd.Process.Kill()
	})
	defer timer.Stop()
	if err := p.in.Decode(message); err != nil {
		return p.obituary()
	}
	return nil
}

// obituary collects a process that stopped answering and says why it did.
func (p *process) obituary() error {
	_ = p.cmd.Process.Kill()
	err := p.cmd.Wait()
	if p.timedOut.Load() {
		return &deathError{timeout: true, text: fmt.Sprintf("hangs: no answer within %v", p.timeout)}
	}
	text := fmt.Sprintf("crash: the kernel server died (%v)", err)
	if reason := p.stderr.summary(); reason != "" {
		text += ": " + reason
	}
	return &deathError{text: text}
}

func (p *process) close() {
	_ = p.stdin.Close()
	timer := time.AfterFunc(p.timeout, func() { _ = p.cmd.Process.Kill() })
	defer timer.Stop()
	_ = p.cmd.Wait() // its exit status has nothing to say once all answers are in
}

// deathError is the end of a server in the middle of a request.
type deathError struct {
	timeout bool
	text    string
}

func (e *deathError) Error() string { return e.text }

// head keeps the first bytes written to it: a crashing Go program says what happened first.
type head struct {
	mu   sync.Mutex
	text []byte
}

func (h *head) Write(b []byte) (int, error) {
	const most = 8 << 10
	h.mu.Lock()
	defer h.mu.Unlock()
	h.text = append(h.text, b[:min(len(b), most-min(most, len(h.text)))]...)
	return len(b), nil
}

// summary is the reason of a crash on one line, with the generated function it happened in.
func (h *head) summary() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var parts []string
	for line := range strings.Lines(string(h.text)) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "goroutine ") || line == "":
		case strings.HasPrefix(line, "scratch/p"):
			name, _, _ := strings.Cut(line, "(")
			return strings.Join(append(parts, "in "+name), "; ")
		case len(parts) < 3:
			parts = append(parts, line)
		}
	}
	return strings.Join(parts, "; ")
}
