package geopackage

import (
	"encoding/hex"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

// The bodies that are not as plain as those this program writes.
var oddAreas = map[string]string{
	"big endian":           "0000000003 00000001 00000001 3ff0000000000000 4000000000000000",
	"polygon with Z":       "01eb030000 01000000 01000000 000000000000f03f 0000000000000040 0000000000000840",
	"polygon with Z and M": "01bb0b0000 01000000 01000000" + strings.Repeat("000000000000f03f", 4),
	"multipolygon with M":  "01d6070000 01000000 01d3070000 01000000 01000000" + strings.Repeat("000000000000f03f", 3),
	"plain member of a multipolygon with M": "01d6070000 01000000 0103000000 01000000 01000000" +
		strings.Repeat("000000000000f03f", 3),
	"line among polygons": "0106000000 01000000 0102000000 01000000" + strings.Repeat("000000000000f03f", 2),
	"both byte orders":    "0106000000 01000000 0000000003 00000001 00000001 3ff0000000000000 4000000000000000",
	"no number":           "0103000000 01000000 01000000 000000000000f87f 000000000000f03f",
	"no ring":             "0103000000 00000000",
	"empty ring":          "0103000000 01000000 00000000",
	"empty member":        "0106000000 01000000 0103000000 00000000",
}

// compareAreas holds the short way against the full decoder.
func compareAreas(t *testing.T, body []byte) {
	t.Helper()
	s := scanner{rest: body}
	if s.geometry(0) != nil || s.flagged || !holdsAreas(body) {
		return
	}
	want, err := decodeAny(body, false)
	got, ok := decodeAreas(body, s.vertices)
	if !ok {
		return // the full decoder decides
	}
	if err != nil || !orb.Equal(got, want) {
		t.Fatalf("the short way reads %v, the full decoder %v, %v", got, want, err)
	}
}

func TestAreasAreThoseOfTheFullDecoder(t *testing.T) {
	for name, text := range oddAreas {
		t.Run(name, func(t *testing.T) {
			body, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
			if err != nil {
				t.Fatal(err)
			}
			compareAreas(t, body)
		})
	}
	blob, err := EncodeGeometry(orb.MultiPolygon{
		{{{0, 0}, {4, 0}, {4, 4}, {0, 0}}, {{2, 1}, {3, 1}, {3, 2}, {2, 1}}}, {{{9, 9}, {math.Pi, 9}, {9, 8}, {9, 9}}},
	}, 4490)
	if err != nil {
		t.Fatal(err)
	}
	body, err := wkbOf(blob)
	if err != nil {
		t.Fatal(err)
	}
	compareAreas(t, body)
	if _, ok := decodeAreas(body, 12); !ok {
		t.Error("what this program writes does not go the short way")
	}
}

func FuzzDecodeAreas(f *testing.F) {
	for _, text := range oddAreas {
		body, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Fuzz(compareAreas)
}
