package ingest_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"greenshield/geo"
	"greenshield/geo/format"
)

func flatGeobufSpecimens() []specimen {
	point := fbTable(fbShape(1, 1, 2))
	odd := fbTable(fbShape(1, 1, 2, 3))
	text := []fb{fbTable("a", uint8(11))}
	many := make([]fb, 1001)
	for i := range many {
		many[i] = fbTable(fmt.Sprint(i), uint8(5))
	}
	return []specimen{
		{"fgb.damaged", fgbText("fgb\x03fgb\x00\xff\xff\xff\xff"), ""},
		{"fgb.version", fgbText(strings.Replace(fgbFile(fgbHead(1, 1, nil), point), "fgb\x03fgb\x00", "fgb\x02fgb\x00", 1)), ""},
		{"fgb.truncated", fgbText(fgbFile(fgbHead(1, 2, nil), point)), ""},
		{"fgb.after-end", fgbText(fgbFile(fgbHead(1, 1, nil), point, point)), ""},
		{"fgb.too-many-records", fgbText(fgbFile(fgbHead(1, 11, nil), slices.Repeat([]fb{point}, 11)...)), ""},
		{"fgb.too-many-fields", fgbText(fgbFile(fgbHead(1, 0, many))), ""},
		{"fgb.column-type", fgbText(fgbFile(fgbHead(1, 0, []fb{fbTable("a", uint8(15))}))), ""},
		{"fgb.too-large", fgbRow(nil, fbTable(fbShape(2, make([]float64, 40_000)...))), ""},
		{"fgb.too-many-vertices", fgbRow(nil, fbTable(fbShape(2, make([]float64, 202)...))), ""},
		{"fgb.text-too-long", fgbRow(text, fbTable(nil, fbText(strings.Repeat("x", 101)))), ""},
		{"fgb.text", fgbRow(text, fbTable(nil, fbText("\xb5\xd8"))), ""},
		{"fgb.feature", fgbRow(nil, odd), ""},
		{"fgb.kind", fgbRow(nil, fbTable(fbShape(8, 1, 2))), ""},
		{"fgb.collection-mixed", fgbRow(nil, fbTable(fbTable(nil, nil, nil, nil, nil, nil, uint8(7),
			[]fb{fbShape(1, 1, 2), fbShape(2, 1, 2, 3, 4)}))), ""},
		{"fgb.own-columns", fgbRow(nil, fbTable(nil, fbText("x"), text)), ""},
		{"fgb.dimensions", fgbText(fgbFile(fbTable("a", nil, uint8(1), uint8(1), nil, nil, nil, nil, uint64(0), uint16(0)))), ""},
		{"fgb.binary", fgbText(fgbFile(fgbHead(1, 0, []fb{fbTable("a", uint8(14))}))), ""},
		{"fgb.field-renamed", fgbText(fgbFile(fgbHead(1, 0, []fb{text[0], text[0]}))), ""},
	}
}

func fgbText(content string) func(*testing.T) []*geo.Problem {
	return delivered("a.fgb", content, limited(format.Limits{MaxVertices: 100, MaxRecords: 10, MaxText: 100}))
}

// fgbRow is a file of one feature of any kind.
func fgbRow(columns []fb, feature fb) func(*testing.T) []*geo.Problem {
	return fgbText(fgbFile(fgbHead(0, 1, columns), feature))
}

func fgbFile(header fb, features ...fb) string {
	out := []byte("fgb\x03fgb\x00")
	for _, f := range append([]fb{header}, features...) {
		out = binary.LittleEndian.AppendUint32(out, uint32(4+len(f.b)))
		out = append(binary.LittleEndian.AppendUint32(out, uint32(4+f.at)), f.b...)
	}
	return string(out)
}

// fgbHead is a header without an index: the kind of geometries, the number of features and the columns.
func fgbHead(kind uint8, count uint64, columns []fb) fb {
	return fbTable("a", nil, kind, nil, nil, nil, nil, columns, count, uint16(0))
}

func fbShape(kind uint8, xy ...float64) fb { return fbTable(nil, xy, nil, nil, nil, nil, kind) }

// fbText is the value of the first column, which holds text.
func fbText(s string) []byte {
	return append(binary.LittleEndian.AppendUint32([]byte{0, 0}, uint32(len(s))), s...)
}

// fb is a piece of a FlatBuffer; offsets in it are relative, and those that refer to it lead to at.
type fb struct {
	b  []byte
	at int
}

// fbTable is a table: nil for a field that is absent, numbers in place, everything else behind it.
func fbTable(fields ...any) fb {
	head := 4 + 2*len(fields)
	list := binary.LittleEndian.AppendUint16(nil, uint16(head))
	body, behind := []byte{0, 0, 0, 0}, map[int]fb{}
	entries := make([]byte, 0, 2*len(fields))
	for _, f := range fields {
		at := len(body)
		switch v := f.(type) {
		case nil:
			at = 0
		case uint8, uint16, uint64:
			body, _ = binary.Append(body, binary.LittleEndian, v)
		default:
			if piece := fbBehind(v); piece.b == nil {
				at = 0
			} else {
				body, behind[at] = append(body, 0, 0, 0, 0), piece
			}
		}
		entries = binary.LittleEndian.AppendUint16(entries, uint16(at))
	}
	out := append(binary.LittleEndian.AppendUint16(list, uint16(len(body))), entries...)
	out = append(out, body...)
	binary.LittleEndian.PutUint32(out[head:], uint32(head)) // back to the list of fields
	for at := range len(body) {
		if piece, ok := behind[at]; ok {
			binary.LittleEndian.PutUint32(out[head+at:], uint32(len(out)+piece.at-head-at))
			out = append(out, piece.b...)
		}
	}
	return fb{out, head}
}

func fbBehind(v any) fb {
	counted := func(n int) []byte { return binary.LittleEndian.AppendUint32(nil, uint32(n)) }
	switch v := v.(type) {
	case fb:
		return v
	case string:
		return fb{b: append(counted(len(v)), v...)}
	case []byte:
		return fb{b: append(counted(len(v)), v...)}
	case []float64:
		b := counted(len(v))
		for _, f := range v {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(f))
		}
		return fb{b: b}
	case []fb:
		if v == nil {
			return fb{}
		}
		b := append(counted(len(v)), make([]byte, 4*len(v))...)
		for i, t := range v {
			binary.LittleEndian.PutUint32(b[4+4*i:], uint32(len(b)+t.at-4-4*i))
			b = append(b, t.b...)
		}
		return fb{b: b}
	}
	panic("fbTable: a field of an unknown type")
}
