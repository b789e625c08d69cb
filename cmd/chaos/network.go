package main

import (
	"context"
	"net"
	"sync"
	"time"
)

// network is percolate's only way to a simulator. It may be cut or held up at any byte
// of what is asked or answered, whatever connection that byte is on.
type network struct {
	listener net.Listener
	target   string

	mu     sync.Mutex
	faults []wireFault
	sent   [2]int64 // bytes since the faults were set, asked and answered
	open   int
	fired  func(string)
}

// wireFault is what happens when so many bytes have gone one way.
type wireFault struct {
	answer bool // of what is answered, else of what is asked
	at     int64
	hold   time.Duration // hold them up; 0 cuts the connection
	reset  bool          // cut it without a goodbye
}

func (f wireFault) name() string {
	what := "request"
	if f.answer {
		what = "answer"
	}
	if f.hold > 0 {
		return "delayed " + what
	}
	return "cut " + what
}

func newNetwork(ctx context.Context, target string, fired func(string)) (*network, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	n := &network{listener: l, target: target, fired: fired}
	go n.serve()
	return n, nil
}

func (n *network) address() string { return n.listener.Addr().String() }
func (n *network) close()          { _ = n.listener.Close() }

// disturb sets the faults that come next; none mends the network.
func (n *network) disturb(faults ...wireFault) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.faults, n.sent = faults, [2]int64{}
}

// drain waits until nothing is on its way any more.
func (n *network) drain() {
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		n.mu.Lock()
		open := n.open
		n.mu.Unlock()
		if open == 0 {
			return
		}
	}
}

func (n *network) serve() {
	for {
		client, err := n.listener.Accept()
		if err != nil {
			return
		}
		n.count(1)
		go n.join(client.(*net.TCPConn))
	}
}

func (n *network) count(by int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.open += by
}

// join carries bytes both ways until both ends are done.
func (n *network) join(client *net.TCPConn) {
	defer n.count(-1)
	defer func() { _ = client.Close() }()
	conn, err := net.Dial("tcp", n.target) //nolint:noctx // it ends with the simulator
	if err != nil {
		return
	}
	server := conn.(*net.TCPConn)
	defer func() { _ = server.Close() }()
	var group sync.WaitGroup
	group.Go(func() { n.carry(client, server, false) })
	group.Go(func() { n.carry(server, client, true) })
	group.Wait()
}

// carry moves bytes one way. The end of what is asked is not the end of the answer.
func (n *network) carry(from, to *net.TCPConn, answer bool) {
	defer to.CloseWrite() //nolint:errcheck // it may be closed already
	buffer := make([]byte, 16<<10)
	for {
		got, err := from.Read(buffer)
		if !n.pass(buffer[:got], from, to, answer) || err != nil {
			return
		}
	}
}

// pass forwards some bytes; it reports whether the connection goes on.
func (n *network) pass(b []byte, from, to *net.TCPConn, answer bool) bool {
	for len(b) > 0 {
		upto, fault := n.next(len(b), answer)
		if _, err := to.Write(b[:upto]); err != nil {
			return false
		}
		b = b[upto:]
		switch {
		case fault == nil:
		case fault.hold > 0:
			time.Sleep(fault.hold)
		default:
			if fault.reset {
				_ = from.SetLinger(0)
				_ = to.SetLinger(0)
			}
			_ = from.Close()
			_ = to.Close()
			return false
		}
	}
	return true
}

// next is how many of so many bytes go through, and what happens then.
func (n *network) next(size int, answer bool) (int, *wireFault) {
	n.mu.Lock()
	defer n.mu.Unlock()
	way := 0
	if answer {
		way = 1
	}
	for i, f := range n.faults {
		if f.answer == answer && f.at >= n.sent[way] && f.at < n.sent[way]+int64(size) {
			upto := int(f.at - n.sent[way])
			n.faults = append(n.faults[:i:i], n.faults[i+1:]...)
			n.sent[way] += int64(upto)
			n.fired(f.name())
			return upto, &f
		}
	}
	n.sent[way] += int64(size)
	return size, nil
}
