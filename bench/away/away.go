// Package away puts a server some time away: a proxy that adds latency, in a process of its own, so that what it allocates and
// computes is not counted as the client's.
package away

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/plinth-db/plinth/internal/chaos"
)

// The other process is told by its environment what to do.
const (
	proxyTarget  = "PLINTH_BENCH_PROXY_TARGET"
	proxyLatency = "PLINTH_BENCH_PROXY_LATENCY"
)

// Serve is the other process, if this is one: it lives until its standard input ends. A main function calls it first, and returns
// if it says so.
func Serve() bool {
	target := os.Getenv(proxyTarget)
	if target == "" {
		return false
	}
	latency, err := time.ParseDuration(os.Getenv(proxyLatency))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return true
	}
	p, err := chaos.NewProxy("tcp", target, chaos.Options{Latency: latency, Raw: true})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return true
	}
	fmt.Println("127.0.0.1:" + p.Port())
	_, _ = bufio.NewReader(os.Stdin).ReadByte()
	_ = p.Close()
	return true
}

// Start returns where a proxy for target (host:port) listens that adds latency each way. The caller calls stop.
func Start(target string, latency time.Duration) (address string, stop func(), err error) {
	self, err := os.Executable()
	if err != nil {
		return "", nil, err
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), proxyTarget+"="+target, proxyLatency+"="+latency.String())
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	stop = func() { _, _ = in.Close(), cmd.Wait() }
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		stop()
		return "", nil, fmt.Errorf("the latency proxy did not start: %w", err)
	}
	return strings.TrimSpace(line), stop, nil
}
