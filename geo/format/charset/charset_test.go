package charset_test

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"greenshield/geo"
	"greenshield/geo/format/charset"
)

// gbk is "地块" in GBK.
const gbk = "\xb5\xd8\xbf\xe9"

func TestDetectAndRead(t *testing.T) {
	long := strings.Repeat("a", 256<<10-1) // puts the next character across the border of two chunks
	for name, tc := range map[string]struct {
		bytes string
		want  charset.Encoding
		text  string
	}{
		"empty":                      {"", charset.UTF8, ""},
		"ascii":                      {"{}", charset.UTF8, "{}"},
		"utf-8":                      {"地块", charset.UTF8, "地块"},
		"utf-8 with mark":            {"\xef\xbb\xbf地块", charset.UTF8, "地块"},
		"utf-8 cut in a character":   {"地\xe5\x9d", charset.UTF8, "地\xe5\x9d"},
		"utf-8 outside the BMP":      {"𠮷", charset.UTF8, "𠮷"},
		"utf-8 across chunks":        {long + "地块", charset.UTF8, long + "地块"},
		"gbk":                        {"[" + gbk + "]", charset.GB18030, "[地块]"},
		"gbk across chunks":          {long + gbk, charset.GB18030, long + "地块"},
		"utf-16 with mark":           {"\xff\xfe[\x00\x30\x57", charset.UTF16LE, "[地"},
		"utf-16 without mark":        {"[\x00\x30\x57", charset.UTF16LE, "[地"},
		"utf-16 big end first":       {"\xfe\xff\x00[\x57\x30", charset.UTF16BE, "[地"},
		"utf-16 big end and no mark": {"\x00[\x57\x30", charset.UTF16BE, "[地"},
	} {
		t.Run(name, func(t *testing.T) {
			r, size := strings.NewReader(tc.bytes), int64(len(tc.bytes))
			got, err := charset.Detect(context.Background(), r, size)
			if err != nil || got != tc.want {
				t.Fatalf("Detect = %q, %v; want %q", got, err, tc.want)
			}
			text, err := io.ReadAll(charset.Reader(r, size, got))
			if err != nil || string(text) != tc.text {
				t.Fatalf("read %.40q, %v; want %.40q", text, err, tc.text)
			}
		})
	}
}

func TestDetectRefusesOtherBytes(t *testing.T) {
	for name, data := range map[string]string{
		"latin-1":                   "caf\xe9 au lait",
		"stray byte across a chunk": strings.Repeat("a", 256<<10-1) + "\xff\xff\xff",
	} {
		_, err := charset.Detect(context.Background(), strings.NewReader(data), int64(len(data)))
		if geo.CodeOf(err) != "ingest.file.encoding" {
			t.Errorf("%s: %v, want ingest.file.encoding", name, err)
		}
	}
}

func TestDetectStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	data := bytes.Repeat([]byte("a"), 1<<20)
	if _, err := charset.Detect(ctx, bytes.NewReader(data), int64(len(data))); err == nil {
		t.Error("no error although the context was cancelled")
	}
}

func TestWriterIsReadBack(t *testing.T) {
	const text = "地块,生僻字𠮷\r\n"
	for _, e := range []charset.Encoding{charset.UTF8, charset.GB18030} {
		var b bytes.Buffer
		w := charset.Writer(&b, e)
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		r := bytes.NewReader(b.Bytes())
		got, err := charset.Detect(context.Background(), r, r.Size())
		if err != nil || got != e {
			t.Errorf("Detect = %q, %v; want %q", got, err, e)
		}
		back, err := io.ReadAll(charset.Reader(r, r.Size(), e))
		if err != nil || string(back) != text {
			t.Errorf("%s: read back %q, %v", e, back, err)
		}
	}
}

func TestNamed(t *testing.T) {
	for name, want := range map[string]charset.Encoding{
		"utf-8": charset.UTF8, "GBK": charset.GB18030, "cp936": charset.GB18030, "UTF-16LE": charset.UTF16LE,
	} {
		if got, ok := charset.Named(name); !ok || got != want {
			t.Errorf("Named(%q) = %q, %v", name, got, ok)
		}
	}
	if _, ok := charset.Named("latin1"); ok {
		t.Error("latin1 is known")
	}
}
