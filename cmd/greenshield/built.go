package main

import (
	"errors"
	"io/fs"
	"os"
	"sync"

	"greenshield/data"
	"greenshield/layers/analysis/indicator"
	"greenshield/layers/ingest/codes"
	"greenshield/layers/rule"
	"greenshield/layers/text"
)

// builtIn is the data that lies within the program. Each part is read when it is first asked for, and once.
type builtIn struct {
	texts func() (*text.Catalog, error)
	rules func() (*rule.Book, error)
	codes func() (*codes.Book, error)

	indicators func() (*indicator.Book, error)
}

func newBuiltIn() builtIn {
	return builtIn{
		texts: sync.OnceValues(loadTexts),
		rules: sync.OnceValues(func() (*rule.Book, error) { return readData("rules", rule.Load) }),
		codes: sync.OnceValues(func() (*codes.Book, error) { return readData("codes", codes.Load) }),
		indicators: sync.OnceValues(func() (*indicator.Book, error) {
			return readData("indicators", indicator.Load)
		}),
	}
}

// rulesWith are the rules with those of a bureau in a folder, if there is one.
func (b builtIn) rulesWith(folder string) (*rule.Book, error) {
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		return b.rules()
	}
	return readData("rules", func(rules fs.FS) (*rule.Book, error) {
		return rule.LoadOwn(rules, os.DirFS(folder), folder)
	})
}

// indicatorsWith are the indicator sets with those of a bureau in a folder, if there is one.
func (b builtIn) indicatorsWith(folder string) (*indicator.Book, error) {
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		return b.indicators()
	}
	return readData("indicators", func(sets fs.FS) (*indicator.Book, error) {
		return indicator.LoadOwn(sets, os.DirFS(folder), folder)
	})
}

func loadTexts() (*text.Catalog, error) { return readData("texts", text.Load) }

// readData loads one part of the data.
func readData[T any](part string, load func(fs.FS) (T, error)) (T, error) {
	sub, err := fs.Sub(data.Files, part)
	if err != nil {
		var none T
		return none, err
	}
	return load(sub)
}
