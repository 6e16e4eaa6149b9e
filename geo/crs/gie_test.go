package crs_test

import (
	"math"
	"os"
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

// TestGIE runs PROJ's own test cases of the transverse Mercator on GRS 80, up to 3900 km from the central meridian.
func TestGIE(t *testing.T) {
	const path = "../../../shared/data/geodesy-proj-gie/test/gie/builtins.gie"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("PROJ's test cases are not here: %v", err)
	}
	s, err := crs.FromWKT(plainTM)
	if err != nil {
		t.Fatal(err)
	}
	cases := gieCases(string(data))
	if len(cases) < 20 {
		t.Fatalf("only %d cases found", len(cases))
	}
	for _, c := range cases {
		got, unit := s.FromLonLat(c.in), orb.Point{1, 1}
		if c.inverse { // in metres on the ground; a degree of longitude shrinks towards the pole
			got, unit = s.ToLonLat(c.in), orb.Point{111_000 * math.Cos(c.out[1]*math.Pi/180), 111_000}
		}
		if math.Abs(got[0]-c.out[0])*unit[0] > c.metres || math.Abs(got[1]-c.out[1])*unit[1] > c.metres {
			t.Errorf("line %d: %v gives %.12f, want %.12f", c.line, c.in, got, c.out)
		}
	}
}

type gieCase struct {
	line    int
	inverse bool
	metres  float64
	in, out orb.Point
}

// gieCases reads accept and expect pairs of the operations that plainTM stands for.
func gieCases(text string) []gieCase {
	var cases []gieCase
	var c gieCase
	ours := false
	for i, line := range strings.Split(text, "\n") {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		switch f[0] {
		case "operation":
			op := strings.Join(f[1:], " ")
			ours = op == "+proj=tmerc +ellps=GRS80" || op == "+proj=tmerc +ellps=GRS80 +algo=poder_engsager" ||
				op == "+proj=etmerc +ellps=GRS80"
			c = gieCase{metres: 0.5e-3}
		case "direction":
			c.inverse = f[1] == "inverse"
		case "tolerance":
			c.metres = length(f[1:])
		case "accept":
			c.in = point(f[1:])
		case "expect":
			c.out, c.line = point(f[1:]), i+1
			if ours && f[1] != "failure" {
				cases = append(cases, c)
			}
		}
	}
	return cases
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
