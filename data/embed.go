// Package data is what is true but is not code: rule books, code lists, sentences, styles. Only cmd imports it and
// hands its parts to the rooms that need them.
package data

import "embed"

// Files holds rules, codes, indicators, styles, texts and the words of the demo city as they were when the program was built.
//
//go:embed all:rules all:codes all:indicators all:styles all:texts all:demo
var Files embed.FS
