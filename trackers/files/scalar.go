package files

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// plain matches texts that need no quotes, in a list in brackets neither.
var plain = regexp.MustCompile(`^[\p{L}\p{N}_~][\p{L}\p{M}\p{N} _./()+@:~-]*$`)

// scalar is text as a YAML scalar on one line, in quotes only where it needs them.
func scalar(text string) string {
	if plain.MatchString(text) && readsBack(text) {
		return text
	}
	return quoted(text)
}

// readsBack reports whether text without quotes means itself, also to readers that
// are older or looser than ours.
func readsBack(text string) bool {
	words := []string{"true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf", "~"}
	if slices.Contains(words, strings.ToLower(text)) || strings.Contains(text, ": ") || strings.HasSuffix(text, ":") {
		return false
	}
	if isNumeric := !strings.ContainsFunc(text, func(r rune) bool { return !strings.ContainsRune("0123456789._+:eExXabcdefABCDEFo", r) }); isNumeric {
		return false
	}
	v, err := readValue("x: " + text)
	return err == nil && !v.list && v.text == text
}

// quoted is text in double quotes, with escapes for what is not seen.
func quoted(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range strings.ToValidUTF8(text, "\ufffd") {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r > 0xffff && !unicode.IsPrint(r):
			fmt.Fprintf(&b, `\U%08X`, r)
		case r != ' ' && !unicode.IsPrint(r) && r != '\u200d' && r != '\u200c':
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
