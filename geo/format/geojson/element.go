package geojson

import (
	"github.com/paulmach/orb"
)

// role is where an object stands in the document; it decides which members are its own.
type role int

const (
	atRoot role = iota
	atFeature
	atGeometry
)

// maxName bounds the length of a member's name in bytes.
const maxName = 4096

// element is one object of the document while its members arrive, in whatever order.
type element struct {
	role  role
	depth int // of collections around it
	shape *shape

	kind        string
	seen        map[string]bool
	geometry    orb.Geometry // from "geometry"
	coordinates node         // from "coordinates"
	members     []orb.Geometry
	values      []any
	id          any
	esri        bool
}

// object takes an object that stands in role as.
func (r *reader) object(as role, depth int, h *shape) (*element, error) {
	el := &element{role: as, depth: depth, shape: h, seen: map[string]bool{}}
	more, err := r.opened('}')
	for ; more && err == nil; more, err = r.more('}') {
		name, long, err := r.str(maxName)
		if err != nil {
			return nil, err
		}
		key := unquote(name)
		if err := r.take(':'); err != nil {
			return nil, err
		}
		if long {
			key = ""
		}
		if err := r.member(el, key); err != nil {
			return nil, err
		}
	}
	return el, err
}

// member takes the value of one member.
func (r *reader) member(el *element, key string) error {
	if _, err := r.next(); err != nil {
		return err
	}
	switch key {
	case "type", "features", "geometry", "properties", "coordinates", "geometries", "crs", "id", "bbox":
	case "coordRefSys", "conformsTo":
		return r.featuresAndGeometries(key)
	default:
		el.esri = el.esri || key == "geometryType" || key == "spatialReference" || key == "rings"
		return r.skip(1, nil)
	}
	if el.seen[key] {
		el.shape.fail("ingest.geojson.member-repeated", "member", key)
	}
	el.seen[key] = true
	switch key {
	case "type":
		return r.kindMember(el)
	case "features":
		return r.featuresMember(el)
	case "geometry":
		return r.geometryMember(el)
	case "properties":
		return r.propertiesMember(el)
	case "coordinates":
		return r.coordinatesMember(el)
	case "geometries":
		return r.geometriesMember(el)
	case "crs":
		return r.crsMember(el)
	case "id":
		return r.idMember(el)
	}
	return r.boxMember()
}

func (r *reader) kindMember(el *element) error {
	if c, _ := r.space(); c != '"' {
		el.shape.fail("ingest.geojson.type-missing")
		return r.skip(1, nil)
	}
	raw, _, err := r.str(maxName)
	el.kind = unquote(raw)
	return err
}

// featuresMember hands the features of a collection on, one by one. Anywhere but in the root it means nothing.
func (r *reader) featuresMember(el *element) error {
	if c, _ := r.space(); c != '[' || el.role != atRoot {
		if el.role == atRoot {
			el.shape.fail("ingest.geojson.no-features")
		}
		return r.skip(1, nil)
	}
	more, err := r.opened(']')
	for ; more && err == nil; more, err = r.more(']') {
		if err := r.feature(); err != nil {
			return err
		}
	}
	return err
}

// feature takes one member of "features" and emits it as a row.
func (r *reader) feature() error {
	c, err := r.next()
	if err != nil {
		return err
	}
	h := r.newShape()
	if err := r.countRow(); err != nil {
		return err
	}
	if c != '{' {
		h.fail("ingest.geojson.feature-type", "type", jsonKind(c))
		if err := r.skip(1, nil); err != nil {
			return err
		}
		return r.emit(&element{shape: h})
	}
	el, err := r.object(atFeature, 0, h)
	if err != nil {
		return err
	}
	if el.kind != "Feature" {
		h.fail("ingest.geojson.feature-type", "type", clip(el.kind))
	}
	r.remark(el)
	return r.emit(el)
}

func (r *reader) geometryMember(el *element) error {
	if el.role == atGeometry {
		return r.skip(1, nil)
	}
	if ok, err := r.nullOr('{', el.shape, "ingest.geojson.geometry-type"); !ok || err != nil {
		return err
	}
	g, err := r.geometryObject(0, el.shape)
	el.geometry = g
	return err
}

// nullOr tells whether the next value begins with the byte open. Another value is taken; unless it is null it is
// the fault named by code.
func (r *reader) nullOr(open byte, h *shape, code string) (bool, error) {
	c, err := r.next()
	if err != nil || c == open {
		return err == nil, err
	}
	if c != 'n' {
		h.fail(code, "type", jsonKind(c))
	}
	return false, r.skip(1, nil)
}

// geometryObject takes a geometry object.
func (r *reader) geometryObject(depth int, h *shape) (orb.Geometry, error) {
	el, err := r.object(atGeometry, depth, h)
	if err != nil {
		return nil, err
	}
	r.remark(el)
	return r.finishGeometry(el), nil
}

// finishGeometry is the geometry of an object of which all members are known.
func (r *reader) finishGeometry(el *element) orb.Geometry {
	h := el.shape
	switch el.kind {
	case "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon":
		if !el.seen["coordinates"] {
			h.fail("ingest.geojson.no-coordinates")
		}
		if h.learn {
			return nil
		}
		return assemble(el.kind, el.coordinates, h)
	case "GeometryCollection":
		if !el.seen["geometries"] {
			h.fail("ingest.geojson.no-coordinates")
		}
		if el.depth == 0 {
			r.notes.Add(r.row, "ingest.geojson.collection-flattened")
		}
		return flatten(el.members, h)
	}
	h.fail("ingest.geojson.geometry-type", "type", clip(el.kind))
	return nil
}

func (r *reader) coordinatesMember(el *element) error {
	if el.role == atFeature {
		return r.skip(1, nil)
	}
	if ok, err := r.nullOr('[', el.shape, "ingest.geojson.coordinates"); !ok || err != nil {
		return err
	}
	n, err := r.coordinates(el.shape, 1)
	el.coordinates = n
	if el.shape.dropped {
		r.notes.Add(r.row, "ingest.geojson.height-dropped")
	}
	return err
}

func (r *reader) geometriesMember(el *element) error {
	if el.role == atFeature {
		return r.skip(1, nil)
	}
	if ok, err := r.nullOr('[', el.shape, "ingest.geojson.geometry-type"); !ok || err != nil {
		return err
	}
	if el.depth >= maxCollectionNesting {
		el.shape.fail("ingest.geojson.coordinates")
		return r.skip(1, nil)
	}
	more, err := r.opened(']')
	for ; more && err == nil; more, err = r.more(']') {
		if ok, err := r.nullOr('{', el.shape, "ingest.geojson.geometry-type"); err != nil {
			return err
		} else if !ok {
			el.shape.fail("ingest.geojson.geometry-type", "type", "null")
			continue
		}
		g, err := r.geometryObject(el.depth+1, el.shape)
		if err != nil {
			return err
		}
		if g != nil && el.shape.room() {
			el.members = append(el.members, g)
		}
	}
	return err
}

// boxMember checks a bounding box and ignores it: four or six numbers (RFC 7946 section 5).
func (r *reader) boxMember() error {
	out := &sink{limit: maxName}
	if err := r.skip(1, out); err != nil {
		return err
	}
	if !isBox(out) {
		r.notes.Add(r.row, "ingest.geojson.bbox")
	}
	return nil
}

// remark notes what RFC 7946 asks of an object and a reader can do without.
func (r *reader) remark(el *element) {
	for _, name := range required(el.role) {
		if !el.seen[name] {
			r.notes.Add(r.row, "ingest.geojson.member-missing", "member", name)
		}
	}
	for _, name := range foreign(el.role, el.kind) {
		if el.seen[name] {
			r.notes.Add(r.row, "ingest.geojson.member-foreign", "member", name)
		}
	}
}

func required(as role) []string {
	if as == atFeature {
		return []string{"geometry", "properties"}
	}
	return nil
}

// foreign lists the members that must not appear in an object of a type (RFC 7946 section 7.1).
func foreign(as role, kind string) []string {
	switch {
	case kind == "FeatureCollection":
		return []string{"coordinates", "geometries", "geometry", "properties"}
	case as == atFeature || kind == "Feature":
		return []string{"coordinates", "geometries", "features"}
	}
	return []string{"geometry", "properties", "features"}
}
