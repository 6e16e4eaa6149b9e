package crs_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"greenshield/geo/crs"
)

// plainTM is PROJ's +proj=tmerc +ellps=GRS80: everything else zero.
const plainTM = `PROJCS["plain",GEOGCS["plain",DATUM["unknown",SPHEROID["GRS 1980",6378137,298.257222101]],
	PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],
	PARAMETER["central_meridian",0],PARAMETER["scale_factor",1],PARAMETER["false_easting",0],UNIT["metre",1]]`

// notOurs are the transverse Mercator operations of PROJ's test cases that no system of this package can express, with
// the reason. Every other one must pass.
var notOurs = map[string]string{
	"proj=tmerc ellps=GRS80 algo=evenden_snyder":          "an approximate series, 0.9 mm off at 6 degrees",
	"proj=tmerc R=6400000":                                "a sphere",
	"proj=tmerc R=1737400":                                "a sphere: the Moon",
	"proj=tmerc R=1":                                      "a sphere of one metre",
	"proj=tmerc R=6400000 k=0.9 lat_0=40":                 "a sphere, and a latitude of origin",
	"proj=tmerc R=6400000 k=0.9 lat_0=-40":                "a sphere, and a latitude of origin",
	"proj=tmerc a=6400000 rf=1e12 k=0.9 lat_0=40 approx":  "nearly a sphere, and a latitude of origin",
	"proj=tmerc a=6400000 rf=1e12 k=0.9 lat_0=-40 approx": "nearly a sphere, and a latitude of origin",
	"proj=utm a=6400000 zone=30":                          "a sphere, which PROJ refuses",
	"proj=utm zone=11ooops ellps=WGS84":                   "no number, which PROJ refuses",
	"proj=utm ellps=GRS80 zone=32 to_meter=0":             "a unit of nothing, which PROJ refuses",
	"proj=utm ellps=GRS80 zone=32 to_meter=1/0":           "a unit of nothing, which PROJ refuses",
	"proj=utm ellps=GRS80 zone=32 to_meter=10":            "another unit than the metre",
	"proj=utm ellps=GRS80 zone=32 to_meter=2.0/0.2":       "another unit than the metre",
	"proj=utm zone=32 ellps=GRS80 rf=0":                   "an ellipsoid that PROJ refuses",
	"proj=utm zone=32 ellps=GRS80 e=-0.5":                 "an ellipsoid that PROJ refuses",
	"proj=utm zone=32 ellps=GRS80 e=1":                    "an ellipsoid that PROJ refuses",
	"proj=utm zone=32 ellps=GRS80 es=1":                   "an ellipsoid that PROJ refuses",
	"proj=utm zone=32 a=1 es=1.1":                         "an ellipsoid that PROJ refuses",
	"proj=utm zone=32 ellps=GRS80 b=0":                    "an ellipsoid that PROJ refuses",
	"proj=utm zone=32 ellps=GRS80 f=1":                    "an ellipsoid that PROJ refuses",
	"proj=utm zone=32 ellps=GRS80 b=6000000":              "another ellipsoid",
	"proj=utm zone=32 ellps=GRS80 rf=300":                 "another ellipsoid",
	"proj=utm zone=32 ellps=GRS80 f=0.00333333333333":     "another ellipsoid",
	"proj=utm zone=32 a=6400000 b=6000000":                "another ellipsoid",
}

// TestGIE runs PROJ's own test cases of the transverse Mercator, up to 3900 km from the central meridian, and says what
// of them it does not run. Pipelines of several steps are not single operations and are left out.
func TestGIE(t *testing.T) {
	const root = "../../../shared/data/geodesy-proj-gie/test/gie"
	files, err := filepath.Glob(root + "/*.gie")
	if err != nil || len(files) == 0 {
		t.Skipf("PROJ's test cases are not in %s", root)
	}
	run, operations, left := 0, 0, map[string]bool{}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range gieOperations(string(data)) {
			if reason := notOurs[op.name]; reason != "" {
				left[op.name] = true
				continue
			}
			s, err := op.system()
			if err != nil {
				t.Errorf("%s line %d: %q is neither ours nor listed: %v", filepath.Base(path), op.line, op.name, err)
				continue
			}
			operations++
			for _, c := range op.cases {
				run++
				c.check(t, fmt.Sprintf("%s line %d", filepath.Base(path), c.line), s)
			}
		}
	}
	for name := range notOurs {
		if !left[name] {
			t.Errorf("%q is listed but does not occur", name)
		}
	}
	t.Logf("%d cases of %d operations; %d operations are not ours", run, operations, len(left))
	if run < 50 {
		t.Errorf("only %d cases found", run)
	}
}

// gieOperation is one operation of a test file with its cases; the name is its parameters without plus signs.
type gieOperation struct {
	name  string
	line  int
	cases []gieCase
}

type gieCase struct {
	line      int
	inverse   bool
	roundtrip bool // out is where the round trip must end, which is in
	metres    float64
	in, out   orb.Point
}

func (c gieCase) check(t *testing.T, place string, s crs.System) {
	t.Helper()
	got, unit := s.FromLonLat(c.in), orb.Point{1, 1}
	if c.inverse || c.roundtrip { // in metres on the ground; a degree of longitude shrinks towards the pole
		unit = orb.Point{111_000 * math.Cos(c.out[1]*math.Pi/180), 111_000}
	}
	switch {
	case c.roundtrip && c.inverse:
		got, unit = s.FromLonLat(s.ToLonLat(c.in)), orb.Point{1, 1}
	case c.roundtrip:
		got = s.ToLonLat(got)
	case c.inverse:
		got = s.ToLonLat(c.in)
	}
	if !(math.Abs(got[0]-c.out[0])*unit[0] <= c.metres && math.Abs(got[1]-c.out[1])*unit[1] <= c.metres) {
		t.Errorf("%s: %v gives %.12f, want %.12f", place, c.in, got, c.out)
	}
}

// gieOperations reads the transverse Mercator operations of a file: tmerc, etmerc and utm, alone or as a pipeline's only
// step.
func gieOperations(text string) []gieOperation {
	var list []gieOperation
	var c gieCase
	ours := false
	for i, line := range strings.Split(text, "\n") {
		f := strings.Fields(line)
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		switch f[0] {
		case "operation":
			name := strings.ReplaceAll(" "+strings.Join(f[1:], " "), " +", " ")
			name = strings.TrimPrefix(strings.TrimSpace(name), "proj=pipeline step ")
			projection, _, _ := strings.Cut(name, " ")
			ours = projection == "proj=tmerc" || projection == "proj=etmerc" || projection == "proj=utm"
			if ours {
				list = append(list, gieOperation{name: name, line: i + 1})
			}
			c = gieCase{metres: 0.5e-3}
		case "direction":
			c.inverse = f[1] == "inverse"
		case "tolerance":
			c.metres = length(f[1:])
		case "accept":
			c.in = point(f[1:])
		case "expect", "roundtrip":
			if !ours || f[1] == "failure" {
				continue
			}
			c.out, c.line, c.roundtrip = point(f[1:]), i+1, f[0] == "roundtrip"
			if c.roundtrip {
				c.out = c.in
			}
			last := &list[len(list)-1]
			last.cases = append(last.cases, c)
		}
	}
	return list
}

// system makes the plane of an operation through a WKT. Which series PROJ should use is not asked of ours.
func (op gieOperation) system() (crs.System, error) {
	ellipsoid, meridian, scale, easting := "GRS80", 0.0, "1", 0
	for _, p := range strings.Fields(op.name) {
		key, value, _ := strings.Cut(p, "=")
		switch key {
		case "proj", "algo", "approx":
		case "ellps":
			ellipsoid = value
		case "zone":
			zone, err := strconv.Atoi(value)
			if err != nil {
				return crs.System{}, err
			}
			meridian, scale, easting = float64(6*zone-183), "0.9996", 500_000
		default:
			return crs.System{}, fmt.Errorf("parameter %s", p)
		}
	}
	if ellipsoid != "GRS80" {
		return crs.System{}, fmt.Errorf("ellipsoid %s", ellipsoid)
	}
	return crs.FromWKT(strings.NewReplacer(
		`"central_meridian",0`, fmt.Sprintf(`"central_meridian",%v`, meridian),
		`"scale_factor",1`, `"scale_factor",`+scale,
		`"false_easting",0`, fmt.Sprintf(`"false_easting",%d`, easting),
	).Replace(plainTM))
}

// length reads "50 nm" or "0.1mm" in metres.
func length(f []string) float64 {
	text := strings.Join(f, "")
	number := strings.TrimRight(text, "numck")
	v, _ := strconv.ParseFloat(number, 64)
	return v * map[string]float64{"nm": 1e-9, "um": 1e-6, "mm": 1e-3, "cm": 1e-2, "m": 1}[text[len(number):]]
}

func point(f []string) orb.Point {
	var p orb.Point
	for i := range p {
		if i < len(f) {
			p[i], _ = strconv.ParseFloat(f[i], 64)
		}
	}
	return p
}
