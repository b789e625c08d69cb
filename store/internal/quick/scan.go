package quick

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"
	"unicode/utf8"
)

// scan walks through one body. Once something is not of the form that it knows, it is
// odd, and all that it says from then on means nothing.
type scan struct {
	src   []byte
	at    int
	odd   bool
	texts map[string]string // those that are shared
}

// whole reports whether read took in all of the body.
func (s *scan) whole(body []byte, read func()) bool {
	s.src, s.at, s.odd = body, 0, false
	read()
	ok := !s.odd && s.at == len(s.src)
	s.src = nil
	return ok
}

// next takes c, if that is what comes next.
func (s *scan) next(c byte) bool {
	if s.at < len(s.src) && s.src[s.at] == c {
		s.at++
		return true
	}
	return false
}

func (s *scan) need(c byte) {
	if !s.next(c) {
		s.odd = true
	}
}

// object reads an object; value reads the value of the member with a name.
func (s *scan) object(value func(name []byte)) {
	s.need('{')
	if s.next('}') {
		return
	}
	for !s.odd {
		name, plain := s.raw()
		s.need(':')
		if s.odd || !plain {
			s.odd = true
			return
		}
		value(name)
		if !s.next(',') {
			s.need('}')
			return
		}
	}
}

// raw is what stands between the next quotes, and whether it is the text as it stands.
func (s *scan) raw() (text []byte, plain bool) {
	s.need('"')
	start, plain, ascii := s.at, true, true
	for ; !s.odd && s.at < len(s.src); s.at++ {
		switch c := s.src[s.at]; {
		case c == '"':
			text = s.src[start:s.at]
			s.at++
			if !ascii && !utf8.Valid(text) {
				s.odd = true
			}
			return text, plain
		case c == '\\':
			plain = false
			s.at++ // whatever follows belongs to it
		case c < ' ':
			s.odd = true
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	s.odd = true
	return nil, true
}

// text reads a text that hardly another body has.
func (s *scan) text() string { return s.like("") }

// like reads a text that may be one that was read just before.
func (s *scan) like(before string) string {
	raw, plain := s.raw()
	switch {
	case s.odd:
		return ""
	case !plain:
		return s.escaped(raw)
	case string(raw) == before:
		return before
	}
	return string(raw)
}

// shared reads a text that many bodies have.
func (s *scan) shared() string {
	raw, plain := s.raw()
	if s.odd {
		return ""
	}
	if !plain {
		return s.escaped(raw)
	}
	return s.known(raw)
}

// known is the text of raw, held once.
func (s *scan) known(raw []byte) string {
	if known, ok := s.texts[string(raw)]; ok {
		return known
	}
	text := string(raw)
	s.texts[text] = text
	return text
}

// escaped is the text of raw, in which something is written with a backslash: quotes,
// and the signs that mean something in HTML.
func (s *scan) escaped(raw []byte) string {
	text := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case c != '\\':
			text = append(text, c)
		case i+1 < len(raw) && (raw[i+1] == '"' || raw[i+1] == '\\'):
			i++
			text = append(text, raw[i])
		case i+5 < len(raw) && string(raw[i+1:i+4]) == "u00":
			n, err := strconv.ParseUint(string(raw[i+4:i+6]), 16, 7)
			if err != nil {
				return s.unusual(raw)
			}
			text = append(text, byte(n))
			i += 5
		default:
			return s.unusual(raw)
		}
	}
	return string(text)
}

// unusual is the text of raw, whatever is escaped in it.
func (s *scan) unusual(raw []byte) string {
	var text string
	if json.Unmarshal([]byte(`"`+string(raw)+`"`), &text) != nil {
		s.odd = true
	}
	return text
}

// list reads a list of texts that many bodies have.
func (s *scan) list() []string {
	s.need('[')
	list := make([]string, 0, 2)
	if s.next(']') {
		return list
	}
	for !s.odd {
		list = append(list, s.shared())
		if !s.next(',') {
			s.need(']')
			break
		}
	}
	return list
}

func (s *scan) truth() bool {
	is := bytes.HasPrefix(s.src[s.at:], []byte("true"))
	if !is && !bytes.HasPrefix(s.src[s.at:], []byte("false")) {
		s.odd = true
	}
	s.at += len("true")
	if !is {
		s.at++
	}
	return is
}

// number reads a whole number that is not negative.
func (s *scan) number() int {
	start := s.at
	for s.at < len(s.src) && s.src[s.at] >= '0' && s.src[s.at] <= '9' {
		s.at++
	}
	digits := string(s.src[start:s.at])
	n, err := strconv.Atoi(digits)
	if err != nil || len(digits) > 1 && digits[0] == '0' {
		s.odd = true
	}
	return n
}

func (s *scan) instant() (t time.Time) {
	raw, plain := s.raw()
	if !plain || s.odd || t.UnmarshalText(raw) != nil {
		s.odd = true
	}
	return t
}
