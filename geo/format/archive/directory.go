package archive

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// Records of the zip format, PKWARE APPNOTE sections 4.3.12 to 4.3.16.
const (
	endSize        = 22
	locatorSize    = 20
	end64Size      = 56
	headerSize     = 46
	maxComment     = 1<<16 - 1
	endSignature   = "PK\x05\x06"
	locatorMark    = "PK\x06\x07"
	end64Signature = "PK\x06\x06"
	headerMark     = "PK\x01\x02"
)

// maxName bounds the name of a file when it is unpacked; file systems allow 255 bytes.
const maxName = 240

// countEntries counts the directory's entries before the library makes a structure of each: the stated number may
// lie, and 46 bytes in the file would cost several hundred in memory.
func (a *Archive) countEntries(size int64) error {
	tail := make([]byte, min(size, endSize+maxComment+locatorSize))
	base := size - int64(len(tail))
	if _, err := a.file.ReadAt(tail, base); err != nil {
		return a.problem("ingest.zip.damaged").Because(err)
	}
	i := bytes.LastIndex(tail, []byte(endSignature))
	if i < 0 || len(tail)-i < endSize {
		return a.problem("ingest.zip.damaged")
	}
	end := tail[i:]
	length, offset := int64(binary.LittleEndian.Uint32(end[12:])), int64(binary.LittleEndian.Uint32(end[16:]))
	finish := base + int64(i)
	if j := i - locatorSize; j >= 0 && string(tail[j:j+4]) == locatorMark {
		record := make([]byte, end64Size)
		at := int64(binary.LittleEndian.Uint64(tail[j+8:]))
		if _, err := a.file.ReadAt(record, at); err != nil || string(record[:4]) != end64Signature {
			return a.problem("ingest.zip.damaged").Because(err)
		}
		length, offset = int64(binary.LittleEndian.Uint64(record[40:])), int64(binary.LittleEndian.Uint64(record[48:]))
		finish = at
	}
	// The directory begins where it is said to, or, in a file with something before the archive, its length before
	// the end record; the library tries both.
	for _, start := range []int64{offset, finish - length} {
		if n := a.entriesFrom(start, size); n > a.limits.MaxEntries {
			return a.problem("ingest.zip.too-many-entries", "limit", a.limits.MaxEntries)
		}
	}
	return nil
}

// entriesFrom counts directory entries from an offset, to one more than allowed.
func (a *Archive) entriesFrom(at, size int64) int {
	n := 0
	b := make([]byte, headerSize)
	for at >= 0 && at <= size-headerSize && n <= a.limits.MaxEntries {
		if _, err := a.file.ReadAt(b, at); err != nil || string(b[:4]) != headerMark {
			break
		}
		n++
		at += headerSize
		for _, field := range [3]int{28, 30, 32} { // lengths of name, extra field and comment
			at += int64(binary.LittleEndian.Uint16(b[field:]))
		}
	}
	return n
}

// safeName is the entry's name in UTF-8 with "/" between folders, or the problem with it. A name that leads anywhere
// but into the archive's own folder condemns the whole archive.
func (a *Archive) safeName(f *zip.File) (string, error) {
	name, ok := decodeName(f)
	// After decoding: in GBK the second byte of a character may be that of a backslash.
	name = strings.ReplaceAll(name, `\`, "/")
	var parts []string
	for part := range strings.SplitSeq(name, "/") {
		if part != "" && part != "." {
			parts = append(parts, part)
		}
	}
	clean := strings.Join(parts, "/")
	outside := strings.HasPrefix(name, "/") || len(name) > 1 && name[1] == ':' || !fs.ValidPath(clean)
	if !ok || outside || strings.ContainsFunc(name, deceptive) || clean == "" || len(path.Base(clean)) > maxName {
		return "", a.problem("ingest.zip.unsafe-name", "name", shown(name))
	}
	return clean, nil
}

// deceptive runes are control characters, which a terminal obeys, and those that turn the direction of reading, with
// which a name shows another ending than it has (Unicode TR 36).
func deceptive(r rune) bool {
	return r < ' ' || r >= 0x7F && r < 0xA0 || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}

// decodeName follows the flag that says UTF-8; without it the name is UTF-8 when it is valid as such (macOS), else
// GB18030 (Windows in China), else code page 437, the format's own.
func decodeName(f *zip.File) (string, bool) {
	const utf8Flag = 1 << 11
	if f.Flags&utf8Flag != 0 || utf8.ValidString(f.Name) {
		return f.Name, utf8.ValidString(f.Name)
	}
	s, err := simplifiedchinese.GB18030.NewDecoder().String(f.Name)
	if err == nil && !strings.ContainsRune(s, utf8.RuneError) {
		return s, true
	}
	s, err = charmap.CodePage437.NewDecoder().String(f.Name)
	return s, err == nil
}

// shown makes a hostile name fit to be printed.
func shown(name string) string {
	r := []rune(strings.Map(func(r rune) rune {
		if deceptive(r) {
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(name, "\uFFFD")))
	return string(r[:min(len(r), 60)])
}
