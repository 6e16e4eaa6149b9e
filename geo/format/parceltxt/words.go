package parceltxt

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"
)

//go:embed words.txt
var wordList string

// words is the vocabulary of the file: the words for each meaning.
type words map[string][]string

func loadWords() words {
	w := words{}
	for line := range strings.Lines(wordList) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		meaning, list, _ := strings.Cut(strings.TrimSpace(line), "\t")
		w[meaning] = strings.Fields(list)
	}
	return w
}

// is tells whether text is a word for meaning.
func (w words) is(meaning, text string) bool {
	return slices.Contains(w[meaning], strings.ToLower(text)) || slices.Contains(w[meaning], text)
}

// kind tells whether text names a kind of geometry.
func (w words) kind(text string) bool {
	return w.is("kind.area", text) || w.is("kind.line", text) || w.is("kind.point", text)
}

// in tells whether text contains a word for meaning.
func (w words) in(meaning, text string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(w[meaning], func(word string) bool { return strings.Contains(text, word) })
}

// word is the word that is written for meaning.
func (w words) word(meaning string) string { return w[meaning][0] }

// fold makes ordinary characters of full-width ones (U+FF01–U+FF5E) and of Chinese brackets and blanks, so that
// the structure of a line can be seen whatever input method it was typed with.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 0xFF01 && r <= 0xFF5E:
			return r - 0xFF01 + '!'
		case r == 0x3010 || r == 0x3014: // lenticular and tortoise-shell brackets
			return '['
		case r == 0x3011 || r == 0x3015:
			return ']'
		case r == 0x2212: // minus sign
			return '-'
		case r == 0x3001: // enumeration comma
			return ','
		case unicode.IsSpace(r) && r != '\t':
			return ' '
		}
		return r
	}, text)
}

// trim takes off what stands invisibly around a text: blanks of all widths, byte order marks, NUL.
func trim(text string) string {
	return strings.TrimFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || r == 0xFEFF || r == 0x200B
	})
}
