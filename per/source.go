package per

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// The largest document that is read. It may hold pictures as text, and so be large, but
// nobody writes so many lines.
const (
	maxSize  = 10 << 20 // bytes
	maxLines = 100_000
)

// clean gives the text of a document with LF line ends and without a byte order
// mark, or says why it is not the text of a document.
func clean(src []byte) (string, *Problem) {
	refuse := func(line int, code, format string, args ...any) (string, *Problem) {
		return "", &Problem{Line: line, Level: Error, Code: code, Message: fmt.Sprintf(format, args...)}
	}
	if len(src) > maxSize {
		return refuse(0, "too-large", "the file has %d bytes; at most %d MiB are read", len(src), maxSize>>20)
	}
	if bytes.HasPrefix(src, []byte{0xff, 0xfe}) || bytes.HasPrefix(src, []byte{0xfe, 0xff}) {
		return refuse(1, "encoding", "the file is UTF-16; save it as UTF-8")
	}
	if n := bytes.Count(src, []byte("\n")); n > maxLines {
		return refuse(0, "too-large", "the file has %d lines; at most %d are read", n, maxLines)
	}
	src = bytes.TrimPrefix(src, []byte("\xef\xbb\xbf"))
	if i := bytes.IndexByte(src, 0); i >= 0 {
		return refuse(lineAt(src, i), "binary", "the file holds a NUL byte; it is not text")
	}
	if i := badUTF8(src); i >= 0 {
		return refuse(lineAt(src, i), "encoding", "this line is not valid UTF-8; save the file as UTF-8")
	}
	text := strings.ReplaceAll(string(src), "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", " ")
	if strings.TrimSpace(text) == "" {
		return refuse(0, "empty", "the file is empty")
	}
	return text, nil
}

// badUTF8 is the place of the first byte that is not UTF-8, or -1.
func badUTF8(src []byte) int {
	if utf8.Valid(src) {
		return -1
	}
	i := 0
	for i < len(src) {
		r, n := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		i += n
	}
	return i
}

func lineAt(src []byte, at int) int { return 1 + bytes.Count(src[:at], []byte("\n")) }

// lineIndex tells the line of a place in a text without counting from its start.
type lineIndex []int // the offset at which each line begins

func newLineIndex(text string) lineIndex {
	starts := lineIndex{0}
	for i := 0; i < len(text); i++ {
		if text[i] == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

func (x lineIndex) line(at int) int {
	i, found := slices.BinarySearch(x, at)
	if found {
		return i + 1
	}
	return i
}

// sorted puts problems into the order of their lines, the worst of a line first.
func sorted(problems []Problem) []Problem {
	slices.SortStableFunc(problems, func(a, b Problem) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Level.rank() - b.Level.rank()
	})
	return problems
}

func (l Level) rank() int {
	switch l {
	case Error:
		return 0
	case Warning:
		return 1
	}
	return 2
}
