package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/term"

	"percolate/sync/plan"
)

// screen is where the answer of a command goes. What comes from documents and trackers
// never reaches it but through sayf, block or a plan.Style, which take escape
// sequences out.
type screen struct {
	w        *bufio.Writer
	terminal bool
	colours  bool
	width    int // columns of the terminal; 0 for none
}

func newScreen(w io.Writer, env func(string) (string, bool)) *screen {
	s := &screen{w: bufio.NewWriter(w), terminal: isTerminal(w)}
	s.colours = s.terminal && wantsColours(env)
	if f, ok := w.(*os.File); ok && s.terminal {
		if columns, _, err := term.GetSize(int(f.Fd())); err == nil {
			s.width = columns
		}
	}
	return s
}

// isTerminal reports whether a person sits at the other end of a stream.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// wantsColours follows https://no-color.org and terminals that have none.
func wantsColours(env func(string) (string, bool)) bool {
	no, _ := env("NO_COLOR")
	kind, _ := env("TERM")
	return no == "" && kind != "dumb"
}

// Write implements [io.Writer] for text of our own, such as the help.
func (s *screen) Write(b []byte) (int, error) { return s.w.Write(b) }

// flush hands over all that was written so far; the error may be that of an earlier write.
func (s *screen) flush() error { return s.w.Flush() }

// painted is text of our own with colours in it.
type painted string

// sayf prints. Texts among the arguments are made harmless; the format and what is
// painted are our own.
func (s *screen) sayf(format string, args ...any) {
	for i, a := range args {
		switch a := a.(type) {
		case string:
			args[i] = plan.Plain(a)
		case error:
			args[i] = plan.Plain(a.Error())
		}
	}
	fmt.Fprintf(s.w, format, args...)
}

// block prints text of several lines as it stands, without what could harm a terminal.
func (s *screen) block(text string) {
	for line := range strings.Lines(text) {
		indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
		s.printed(indent + plan.Plain(strings.TrimRightFunc(line[len(indent):], unicode.IsSpace)) + "\n")
	}
}

// printed prints what is harmless already.
func (s *screen) printed(text string) { _, _ = s.w.WriteString(text) }

// style is how plans are printed here.
func (s *screen) style() plan.Style {
	st := plan.Style{Width: s.width, Measure: ansi.StringWidth}
	if s.colours {
		st.Paint = paint
	}
	return st
}

// paint is text in the colour of a mark.
func (s *screen) paint(mark, text string) painted {
	if !s.colours {
		return painted(text)
	}
	return painted(paint(mark, text))
}

// paint knows the marks of [plan.Line] and "#" for a heading, "" for what matters less,
// "!" for what is wrong and "ok".
func paint(mark, text string) string {
	style := ansi.NewStyle()
	switch mark {
	case "#":
		style = style.Bold()
	case "+", "ok":
		style = style.ForegroundColor(ansi.Green)
	case "~", "^", "-":
		style = style.ForegroundColor(ansi.Cyan)
	case "?":
		style = style.ForegroundColor(ansi.Yellow)
	case "!":
		style = style.Bold().ForegroundColor(ansi.Red)
	default:
		style = style.Faint()
	}
	return style.Styled(text)
}
