package sync

import (
	"bytes"
	"compress/flate"
	"encoding/gob"
	"fmt"
	"io"
	gosync "sync"

	"percolate/ticket"
)

// Packer packs trees, of which there may be thousands, into a tenth of what they take. It
// is safe for concurrent use.
type Packer struct {
	mu      gosync.Mutex
	plain   bytes.Buffer
	encoder *gob.Encoder // of one stream, so that what the types are is written down once
	model   []byte       // the first tree; the others are told by how they differ from it
	deflate *flate.Writer
	inflate io.ReadCloser
	stream  bytes.Reader
	decoder *gob.Decoder
}

// Packed is a tree as a packer keeps it, with its head at hand.
type Packed struct {
	Head Head
	tree []byte
}

// NewPacker returns a packer.
func NewPacker() *Packer {
	p := &Packer{}
	p.encoder, p.decoder = gob.NewEncoder(&p.plain), gob.NewDecoder(&p.stream)
	must(p.encoder.Encode(ticket.Tree{}))
	p.stream.Reset(p.plain.Bytes())
	must(p.decoder.Decode(new(ticket.Tree)))
	return p
}

// must is for what cannot fail, since nothing but memory is read and written.
func must(err error) {
	if err != nil {
		panic(fmt.Sprintf("percolate: a tree that was packed does not unpack: %v", err))
	}
}

// Pack packs a tree.
func (p *Packer) Pack(t ticket.Tree) Packed {
	out := Packed{Head: HeadOf(t)}
	t.Event = ticket.Event{} // which is in the head
	p.mu.Lock()
	defer p.mu.Unlock()
	p.plain.Reset()
	must(p.encoder.Encode(t))
	if p.model == nil {
		p.model = bytes.Clone(p.plain.Bytes())
		var err error
		p.deflate, err = flate.NewWriterDict(nil, flate.DefaultCompression, p.model)
		must(err)
		p.inflate = flate.NewReaderDict(&p.stream, p.model)
	}
	var packed bytes.Buffer
	p.deflate.Reset(&packed)
	_, err := p.deflate.Write(p.plain.Bytes())
	must(err)
	must(p.deflate.Close())
	out.tree = bytes.Clone(packed.Bytes())
	return out
}

// Unpack returns the tree that this packer packed.
func (p *Packer) Unpack(packed Packed) ticket.Tree {
	p.mu.Lock()
	defer p.mu.Unlock()
	must(p.inflate.(flate.Resetter).Reset(bytes.NewReader(packed.tree), p.model))
	p.plain.Reset()
	_, err := p.plain.ReadFrom(p.inflate)
	must(err)
	var t ticket.Tree
	p.stream.Reset(p.plain.Bytes())
	must(p.decoder.Decode(&t))
	t.Event = packed.Head.Event
	return t
}
