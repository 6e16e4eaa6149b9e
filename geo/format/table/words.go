package table

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
)

//go:embed words.txt
var wordList string

// words are the words of words.txt by what they mean.
var words = sync.OnceValue(func() map[string][]string {
	m := map[string][]string{}
	for line := range strings.Lines(wordList) {
		if meaning, list, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && !strings.HasPrefix(line, "#") {
			m[meaning] = strings.Fields(list)
		}
	}
	return m
})

// is tells whether a folded text is a word for meaning.
func is(meaning, folded string) bool { return slices.Contains(words()[meaning], folded) }

// word is the first word for meaning.
func word(meaning string) string { return words()[meaning][0] }

// half makes ordinary characters of full-width ones.
func half(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 0xFF01 && r <= 0xFF5E:
			return r - 0xFF01 + '!'
		case r == 0x2212: // minus sign
			return '-'
		case r == 0x3010, r == 0x3014:
			return '['
		case r == 0x3011, r == 0x3015:
			return ']'
		}
		return r
	}, text)
}

// fold makes spellings of a word equal: lower case, letters and digits only, units in brackets left out.
func fold(text string) string {
	depth := 0
	return strings.Map(func(r rune) rune {
		switch r {
		case '(', '[':
			depth++
		case ')', ']':
			depth = max(0, depth-1)
		default:
			if depth == 0 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
				return unicode.ToLower(r)
			}
		}
		return -1
	}, half(text))
}

// trim takes off what stands invisibly around a text: blanks of all widths, byte order marks, NUL.
func trim(text string) string {
	return strings.TrimFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || r == 0xFEFF || r == 0x200B
	})
}

// clip shortens a delivered text for a message.
func clip(text string) string {
	const longest = 40
	if r := []rune(text); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return text
}
