package kml

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"greenshield/geo"
	"greenshield/geo/format"
)

// maxNesting bounds the elements inside each other; real documents stay below 20.
const maxNesting = 100

// errStopped ends a pass when its user wants no more rows.
var errStopped = errors.New("kml: stopped")

// reader makes one pass over a document. The first pass learns the columns and what there is to note; later ones
// hand the rows to out.
type reader struct {
	*source
	dec     *xml.Decoder
	learn   bool
	limits  format.Limits
	columns *columns
	notes   *format.Notes
	out     func(format.Record) bool

	depth   int
	row     int64    // placemarks found so far
	folders []string // names of the folders around the present place
}

// token is the next piece of the document. Broken XML and document types are problems.
func (r *reader) token() (xml.Token, error) {
	r.left = r.max
	tok, err := r.dec.Token()
	if err != nil {
		return nil, r.fault(err)
	}
	switch tok.(type) {
	case xml.Directive:
		return nil, geo.NewProblem("ingest.kml.doctype", "line", r.line)
	case xml.StartElement:
		if r.depth++; r.depth > maxNesting {
			return nil, geo.NewProblem("ingest.kml.nesting", "line", r.line, "limit", maxNesting)
		}
	case xml.EndElement:
		r.depth--
	}
	return tok, nil
}

// fault is the problem behind an error of the decoder.
func (r *reader) fault(err error) error {
	var syntax *xml.SyntaxError
	switch {
	case r.err == errLong:
		return geo.NewProblem("ingest.kml.piece-too-long", "line", r.line, "limit", r.max)
	case r.err != nil && r.err != io.EOF:
		return r.err // reading failed, or was cancelled
	case errors.Is(err, io.EOF):
		return err
	case r.err == io.EOF:
		return geo.NewProblem("ingest.kml.truncated", "line", r.line).Because(err)
	case errors.As(err, &syntax):
		return geo.NewProblem("ingest.kml.syntax", "line", r.line, "found", clip(syntax.Msg)).Because(err)
	}
	return geo.NewProblem("ingest.kml.syntax", "line", r.line, "found", clip(err.Error())).Because(err)
}

// local is the name of a KML element, "" for one of another vocabulary. Google's extension keeps a prefix: "gx:Track".
func local(n xml.Name) string {
	switch {
	case n.Space == "", n.Space == "kml", strings.HasPrefix(n.Space, "http://earth.google.com/kml/"),
		strings.HasPrefix(n.Space, "http://www.opengis.net/kml/"):
		return n.Local
	case n.Space == "gx", strings.HasPrefix(n.Space, "http://www.google.com/kml/ext/"):
		return "gx:" + n.Local
	}
	return ""
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Space == "" && a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// document reads the whole text: one element "kml" and nothing after it.
func (r *reader) document() error {
	root := false
	for {
		tok, err := r.token()
		if errors.Is(err, io.EOF) && root {
			return nil
		}
		if errors.Is(err, io.EOF) {
			return geo.NewProblem("ingest.kml.empty")
		}
		if err != nil {
			return err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if root {
				return geo.NewProblem("ingest.kml.after-end", "line", r.line)
			}
			if local(t.Name) != "kml" {
				return geo.NewProblem("ingest.kml.root", "found", clip(t.Name.Local))
			}
			root = true
			if err := r.container(0); err != nil {
				return err
			}
		case xml.CharData:
			if strings.TrimSpace(string(t)) != "" {
				return geo.NewProblem("ingest.kml.after-end", "line", r.line)
			}
		}
	}
}

// children calls each for the elements inside the present one, up to its end. It must read its element to the end.
func (r *reader) children(each func(name string, e xml.StartElement) error) error {
	for {
		tok, err := r.token()
		if err != nil {
			return err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if err := each(local(t.Name), t); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// skip reads to the end of the present element.
func (r *reader) skip() error {
	for end := r.depth - 1; r.depth > end; {
		if _, err := r.token(); err != nil {
			return err
		}
	}
	return nil
}

// container takes the root element (level 0), the document in it (1), or what lies inside that: a folder, or a document
// that serves as one.
func (r *reader) container(level int) error {
	around := len(r.folders)
	err := r.children(func(name string, e xml.StartElement) error {
		switch name {
		case "name":
			text, err := r.text(nil)
			if err == nil && level > 1 && text != "" {
				r.folders = append(r.folders[:around:around], text)
			}
			return err
		case "kml":
			return r.container(level)
		case "Document":
			return r.container(level + 1)
		case "Folder":
			return r.container(max(level, 1) + 1)
		case "Placemark":
			return r.placemark(e)
		case "Schema":
			return r.schema()
		case "NetworkLink":
			return r.networkLink()
		case "GroundOverlay", "ScreenOverlay", "PhotoOverlay":
			r.notes.Add(0, "ingest.kml.overlay", "kind", name)
		}
		return r.skip()
	})
	r.folders = r.folders[:around]
	return err
}

// networkLink notes that there is more elsewhere. What the link points to is never fetched.
func (r *reader) networkLink() error {
	target := ""
	var link func(name string, e xml.StartElement) error
	link = func(name string, _ xml.StartElement) error {
		switch name {
		case "href":
			var err error
			target, err = r.text(nil)
			return err
		case "Link", "Url":
			return r.children(link)
		}
		return r.skip()
	}
	if err := r.children(link); err != nil {
		return err
	}
	r.notes.Add(0, "ingest.kml.link", "target", clip(target))
	return nil
}
