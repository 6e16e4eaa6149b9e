package filegdb

import "io"

// windowSize is read at once; most rows are shorter, and rows mostly follow one another.
const windowSize = 64 << 10

// window reads a file through a buffer, at any offset but cheapest forwards.
type window struct {
	r     io.ReaderAt
	size  int64
	start int64
	buf   []byte
}

// at gives n bytes at off; they are valid until the next call. Asking beyond the end is io.ErrUnexpectedEOF, and no
// memory is taken then.
func (w *window) at(off int64, n int) ([]byte, error) {
	if off < 0 || n < 0 || off > w.size-int64(n) {
		return nil, io.ErrUnexpectedEOF
	}
	if off < w.start || off+int64(n) > w.start+int64(len(w.buf)) {
		want := int(min(max(int64(n), windowSize), w.size-off))
		if cap(w.buf) < want {
			w.buf = make([]byte, want)
		}
		w.buf, w.start = w.buf[:want], off
		if _, err := w.r.ReadAt(w.buf, off); err != nil && err != io.EOF {
			w.buf = w.buf[:0]
			return nil, err
		}
	}
	i := int(off - w.start)
	return w.buf[i : i+n], nil
}
