package formattest

import (
	"context"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo/format"
)

func (r Reader) open(t *testing.T, path string, l format.Limits) format.Dataset {
	t.Helper()
	d, err := r.Open(t.Context(), path, l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func (r Reader) small(t *testing.T) format.Dataset {
	t.Helper()
	return r.open(t, r.Make(t, t.TempDir(), few), format.Limits{})
}

// drain ranges to the end or to the first error.
func drain(ctx context.Context, d format.Dataset) (rows []format.Record, err error) {
	for rec, err := range d.Records(ctx) {
		if err != nil {
			return rows, err
		}
		rows = append(rows, rec)
	}
	return rows, nil
}

func asDelivered(t *testing.T, r Reader) {
	d := r.small(t)
	rows, err := drain(t.Context(), d)
	s := d.Schema()
	if err != nil || len(rows) != few || s.Count >= 0 && s.Count != few {
		t.Fatalf("%d rows of %d, %d stated, %v", len(rows), few, s.Count, err)
	}
	if s.Format == "" || s.Name == "" || len(s.Fields) == 0 || s.Declared != nil && s.DeclaredProblem != nil {
		t.Errorf("schema %+v", s)
	}
	for i, rec := range rows {
		if rec.Problem != nil || rec.Row != int64(i+1) || len(rec.Values) != len(s.Fields) {
			t.Errorf("row %d comes as %d with %d values for %d fields, problem %v", i+1, rec.Row, len(rec.Values),
				len(s.Fields), rec.Problem)
			continue
		}
		if !r.sameGeometry(rec.Geometry, i) {
			t.Errorf("row %d: %v", i+1, rec.Geometry)
		}
		checkValues(t, s.Fields, rec, Text(i))
	}
}

// sameGeometry compares to a tenth of a millimetre or 1e-9 degrees.
func (r Reader) sameGeometry(g orb.Geometry, i int) bool {
	if m, ok := g.(orb.MultiPolygon); ok && len(m) == 1 {
		g = m[0]
	}
	p, ok := g.(orb.Polygon)
	if !ok || len(p) != 1 || len(p[0]) != 5 || p[0][0] != p[0][4] {
		return false
	}
	degrees := math.Abs(p[0][0][0]) <= 180
	want, tolerance := Square(i, degrees)[0], 1e-4
	if degrees {
		tolerance = 1e-9
	}
	for k, v := range p[0] {
		w := want[k]
		if r.Turned && !hasCorner(p[0], w, tolerance) {
			return false
		}
		if !r.Turned && (math.Abs(v[0]-w[0]) > tolerance || math.Abs(v[1]-w[1]) > tolerance) {
			return false
		}
	}
	return true
}

func hasCorner(ring orb.Ring, want orb.Point, tolerance float64) bool {
	for _, v := range ring {
		if math.Abs(v[0]-want[0]) <= tolerance && math.Abs(v[1]-want[1]) <= tolerance {
			return true
		}
	}
	return false
}

// checkValues holds that each value is of the Go type of its field's kind, and that text is one of them.
func checkValues(t *testing.T, fields []format.Field, rec format.Record, text string) {
	t.Helper()
	found := false
	for i, v := range rec.Values {
		ok := v == nil
		switch fields[i].Kind {
		case format.Text, format.Date:
			_, is := v.(string)
			ok = ok || is
		case format.Integer:
			_, is := v.(int64)
			ok = ok || is
		case format.Real:
			_, is := v.(float64)
			ok = ok || is
		case format.Boolean:
			_, is := v.(bool)
			ok = ok || is
		}
		if !ok {
			t.Errorf("row %d: field %s of kind %d holds a %T", rec.Row, fields[i].Name, fields[i].Kind, v)
		}
		s, _ := v.(string)
		found = found || strings.HasSuffix(s, text)
	}
	if !found {
		t.Errorf("row %d: %v, want %q among them", rec.Row, rec.Values, text)
	}
}

func twice(t *testing.T, r Reader) {
	d := r.small(t)
	for range d.Records(t.Context()) {
		break
	}
	first, err := drain(t.Context(), d)
	second, err2 := drain(t.Context(), d)
	if err != nil || err2 != nil || len(first) != few || !reflect.DeepEqual(first, second) {
		t.Errorf("%v, %v:\n%+v\n%+v", err, err2, first, second)
	}
	third, err := drain(t.Context(), r.small(t))
	if err != nil || !reflect.DeepEqual(first, third) {
		t.Errorf("opened again, %v:\n%+v\n%+v", err, first, third)
	}
}

func cancelled(t *testing.T, r Reader) {
	path := r.Make(t, t.TempDir(), few)
	ctx, cancel := context.WithCancel(t.Context())
	d := r.open(t, path, format.Limits{})
	cancel()
	yields := 0
	for rec, err := range d.Records(ctx) {
		if yields++; !errors.Is(err, context.Canceled) {
			t.Errorf("row %d, %v", rec.Row, err)
		}
	}
	if yields != 1 {
		t.Errorf("%d yields, want one with the error", yields)
	}
	if d, err := r.Open(ctx, path, format.Limits{}); err == nil {
		d.Close()
		t.Error("opened after the request was cancelled")
	} else if !errors.Is(err, context.Canceled) {
		t.Errorf("opening: %v", err)
	}
}

func cancelledOnTheWay(t *testing.T, r Reader) {
	if r.Held {
		t.Skip("all rows are in memory")
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	d := r.open(t, r.Make(t, t.TempDir(), many), format.Limits{})
	var last error
	rows := 0
	for _, err := range d.Records(ctx) {
		rows++
		cancel()
		last = err
	}
	if !errors.Is(last, context.Canceled) || rows > many/2 {
		t.Errorf("ended after %d rows with %v", rows, last)
	}
}

func closed(t *testing.T, r Reader) {
	d := r.small(t)
	for range d.Records(t.Context()) {
		break
	}
	for i := range 2 {
		if err := d.Close(); err != nil {
			t.Errorf("closing, time %d: %v", i+1, err)
		}
	}
	for rec, err := range d.Records(t.Context()) { // whatever comes is true, or an error; it does not panic
		if err == nil && !r.sameGeometry(rec.Geometry, int(rec.Row-1)) {
			t.Errorf("a closed file gives row %d: %v", rec.Row, rec.Geometry)
		}
	}
}
