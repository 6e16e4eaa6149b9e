package flatgeobuf_test

import (
	"encoding/binary"
	"math"
)

// blob is a piece of a FlatBuffer: offsets inside it are relative, and those that refer to it lead to at.
type blob struct {
	b  []byte
	at int
}

// tables is a list of tables.
type tables []blob

// build writes a table of fields: nil for one that is absent, whole numbers of their own size in place, and lists,
// texts and tables behind it.
func build(fields ...any) blob {
	list := binary.LittleEndian.AppendUint16(nil, uint16(4+2*len(fields)))
	body := []byte{0, 0, 0, 0}
	type ref struct {
		at   int
		what blob
	}
	var refs []ref
	entries := make([]uint16, len(fields))
	for i, f := range fields {
		at := len(body)
		switch v := f.(type) {
		case nil:
			continue
		case uint8:
			body = append(body, v)
		case uint16:
			body = binary.LittleEndian.AppendUint16(body, v)
		case int32:
			body = binary.LittleEndian.AppendUint32(body, uint32(v))
		case uint64:
			body = binary.LittleEndian.AppendUint64(body, v)
		default:
			body = append(body, 0, 0, 0, 0)
			refs = append(refs, ref{at, behind(v)})
		}
		entries[i] = uint16(at)
	}
	list = binary.LittleEndian.AppendUint16(list, uint16(len(body)))
	for _, e := range entries {
		list = binary.LittleEndian.AppendUint16(list, e)
	}
	start := len(list)
	out := append(list, body...)
	binary.LittleEndian.PutUint32(out[start:], uint32(start)) // back to the list of fields
	for _, r := range refs {
		at := start + r.at
		binary.LittleEndian.PutUint32(out[at:], uint32(len(out)+r.what.at-at))
		out = append(out, r.what.b...)
	}
	return blob{out, start}
}

func behind(v any) blob {
	var b []byte
	switch v := v.(type) {
	case blob:
		return v
	case string:
		b = append(binary.LittleEndian.AppendUint32(nil, uint32(len(v))), v...)
	case []byte:
		b = append(binary.LittleEndian.AppendUint32(nil, uint32(len(v))), v...)
	case []float64:
		b = binary.LittleEndian.AppendUint32(nil, uint32(len(v)))
		for _, f := range v {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(f))
		}
	case []uint32:
		b = binary.LittleEndian.AppendUint32(nil, uint32(len(v)))
		for _, n := range v {
			b = binary.LittleEndian.AppendUint32(b, n)
		}
	case tables:
		b = binary.LittleEndian.AppendUint32(nil, uint32(len(v)))
		b = append(b, make([]byte, 4*len(v))...)
		for i, t := range v {
			at := 4 + 4*i
			binary.LittleEndian.PutUint32(b[at:], uint32(len(b)+t.at-at))
			b = append(b, t.b...)
		}
	default:
		panic("build: a field of an unknown type")
	}
	return blob{b, 0}
}

// sized is a FlatBuffer with its size before it.
func sized(root blob) []byte {
	out := binary.LittleEndian.AppendUint32(nil, uint32(4+len(root.b)))
	out = binary.LittleEndian.AppendUint32(out, uint32(4+root.at))
	return append(out, root.b...)
}

const magic = "fgb\x03fgb\x00"

// file is a whole file without an index.
func file(header blob, features ...blob) string {
	out := append([]byte(magic), sized(header)...)
	for _, f := range features {
		out = append(out, sized(f)...)
	}
	return string(out)
}

// header is a header: the kind of geometries, the number of features, columns and a reference system.
func header(kind uint8, count uint64, columns tables, system any) blob {
	var list any
	if columns != nil {
		list = columns
	}
	return build("name", nil, kind, nil, nil, nil, nil, list, count, uint16(0), system)
}

func geometry(kind uint8, xy []float64, ends []uint32, parts ...blob) blob {
	fields := make([]any, 8)
	if ends != nil {
		fields[0] = ends
	}
	if xy != nil {
		fields[1] = xy
	}
	fields[6] = kind
	if parts != nil {
		fields[7] = tables(parts)
	}
	return build(fields...)
}

// property is one value of a column of fixed size or, as a text, of any size.
func property(column int, value any) []byte {
	b := binary.LittleEndian.AppendUint16(nil, uint16(column))
	switch v := value.(type) {
	case string:
		b = append(binary.LittleEndian.AppendUint32(b, uint32(len(v))), v...)
	default:
		out, err := binary.Append(b, binary.LittleEndian, v)
		if err != nil {
			panic(err)
		}
		b = out
	}
	return b
}
