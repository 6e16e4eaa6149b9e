package api

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"greenshield/geo"
)

// formInput is a multipart request. Its handler reads it part by part, so that a file goes to the disk without
// passing through memory or a second temporary folder.
type formInput struct {
	contentType string
	body        io.Reader
}

// Resolve takes the body from huma, which would otherwise read it whole.
func (f *formInput) Resolve(ctx huma.Context) []error {
	f.contentType, f.body = ctx.Header("Content-Type"), ctx.BodyReader()
	return nil
}

// delivery is a form that has been read: its file lies in the workspace, held until release.
type delivery struct {
	upload
	values map[string]string
}

// receive reads a form with the given fields and at least one file.
func (s *Server) receive(in *formInput, fields []field) (delivery, error) {
	mediaType, params, err := mime.ParseMediaType(in.contentType)
	switch {
	case err != nil || mediaType != formType:
		return delivery{}, geo.NewProblem("api.request.media", "type", cut(in.contentType)).Because(err)
	case params["boundary"] == "":
		return delivery{}, geo.NewProblem("api.request.boundary")
	}
	folder, err := s.uploads.receiving()
	if err != nil {
		return delivery{}, err
	}
	defer os.RemoveAll(folder) // renamed away when all goes well
	r := formReader{server: s, folder: folder, fields: fields, values: map[string]string{}}
	body := &tailed{r: in.body}
	if err := r.read(multipart.NewReader(body, params["boundary"])); err != nil {
		return delivery{}, err
	}
	// Read to the very end: only then does the connection tell when the visitor goes away.
	if _, err := io.Copy(io.Discard, body); err != nil {
		return delivery{}, formFault(err)
	}
	// The reader takes a body that breaks off in the head of a part for one that ends before it.
	if !bytes.Contains(body.tail, []byte("--"+params["boundary"]+"--")) {
		return delivery{}, geo.NewProblem("api.request.broken")
	}
	up, err := s.uploads.settle(folder, r.files)
	return delivery{upload: up, values: r.values}, err
}

// tailed keeps the last bytes that were read, at least tailSize of them.
type tailed struct {
	r    io.Reader
	tail []byte
}

// tailSize has room for the closing boundary and the line ends that may follow it.
const tailSize = 1 << 10

// Read reads on.
func (t *tailed) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	t.tail = append(t.tail, p[max(0, n-tailSize):n]...)
	if len(t.tail) > 4*tailSize {
		t.tail = append(t.tail[:0], t.tail[len(t.tail)-tailSize:]...)
	}
	return n, err
}

type formReader struct {
	server *Server
	folder string
	fields []field
	values map[string]string
	files  []incoming
}

func (r *formReader) read(form *multipart.Reader) error {
	for {
		part, err := form.NextPart()
		if err == io.EOF { // the closing boundary; a body that is cut off wraps it
			return r.complete()
		}
		if err != nil {
			return formFault(err)
		}
		if err := r.part(part); err != nil {
			return formFault(err)
		}
	}
}

// formFault keeps problems and limits, and names what is left: a body that is cut off or is no form.
func formFault(err error) error {
	var tooLarge *http.MaxBytesError
	if geo.CodeOf(err) != "" || errors.As(err, &tooLarge) || isFull(err) {
		return err
	}
	var onDisk *os.PathError
	if errors.As(err, &onDisk) {
		return err
	}
	return geo.NewProblem("api.request.broken").Because(err)
}

func (r *formReader) part(p *multipart.Part) error {
	if p.FormName() == "file" {
		return r.file(p)
	}
	i := slices.IndexFunc(r.fields, func(f field) bool { return f.name == p.FormName() })
	if i < 0 {
		return geo.NewProblem("api.request.field-unknown", "field", cut(p.FormName()))
	}
	f := r.fields[i]
	if _, twice := r.values[f.name]; twice {
		return geo.NewProblem("api.request.field-twice", "field", f.name)
	}
	limit := cmp.Or(f.limit, 40)
	raw, err := io.ReadAll(io.LimitReader(p, int64(limit)+1))
	if err != nil {
		return err
	}
	if len(raw) > limit {
		return geo.NewProblem("api.request.field-long", "field", f.name, "limit", limit)
	}
	value := strings.TrimSpace(string(raw))
	if len(f.values) > 0 && !slices.Contains(f.values, any(value)) {
		return geo.NewProblem("api.request.field-value", "field", f.name, "value", cut(value), "known", f.known())
	}
	r.values[f.name] = value
	return nil
}

func (f field) known() string {
	var words []string
	for _, v := range f.values {
		if v != "" {
			words = append(words, fmt.Sprint(v))
		}
	}
	return strings.Join(words, ", ")
}

// cut makes a visitor's own words fit to be said back.
func cut(s string) string { return printable(s[:min(len(s), 80)]) }

func (r *formReader) file(p *multipart.Part) error {
	sent := fileName(p)
	limits := r.server.limits
	switch {
	case sent == "":
		return geo.NewProblem("api.upload.none")
	case len(sent) > limits.FileNameBytes:
		return geo.NewProblem("api.upload.name-long", "limit", limits.FileNameBytes)
	case len(r.files) == limits.UploadFiles:
		return geo.NewProblem("api.upload.too-many", "limit", limits.UploadFiles)
	}
	in, err := r.server.uploads.take(r.folder, len(r.files), displayName(sent), p)
	if err != nil {
		return err
	}
	if in.size == 0 {
		return geo.NewProblem("api.upload.empty", "file", in.name)
	}
	r.files = append(r.files, in)
	return nil
}

// fileName is the name as sent; multipart's own FileName drops folders only in the way of this machine's system.
func fileName(p *multipart.Part) string {
	_, params, err := mime.ParseMediaType(p.Header.Get("Content-Disposition"))
	if err != nil {
		return ""
	}
	return params["filename"]
}

func (r *formReader) complete() error {
	if len(r.files) == 0 {
		return geo.NewProblem("api.upload.none")
	}
	for _, f := range r.fields {
		if f.required && r.values[f.name] == "" {
			return geo.NewProblem("api.request.field-missing", "field", f.name)
		}
	}
	return nil
}
