package crs_test

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"greenshield/geo"
	"greenshield/geo/crs"
)

// Parts of WKT, to be put together by tests.
const (
	degree  = `UNIT["Degree",0.0174532925199433]`
	metre   = `UNIT["Meter",1.0]`
	china   = `GEOGCS["GCS_China_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],` + degree + `]`
	unnamed = `GEOGCS["GCS_unknown",DATUM["D_unknown",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],` + degree + `]`
	xian    = `GEOGCS["GCS_Xian_1980",DATUM["D_Xian_1980",SPHEROID["Xian_1980",6378140.0,298.257]],PRIMEM["Greenwich",0.0],` + degree + `]`
	wgs     = `GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],` + degree + `]`
)

func plane(name, base, method, easting, meridian, rest string) string {
	return `PROJCS["` + name + `",` + base + `,PROJECTION["` + method + `"],PARAMETER["False_Easting",` + easting +
		`],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",` + meridian +
		`],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],` + metre + rest + `]`
}

func TestFromWKT(t *testing.T) {
	for _, c := range []struct {
		name, wkt string
		want      int
	}{
		{"ESRI zone", plane("CGCS2000_3_Degree_GK_Zone_36", china, "Gauss_Kruger", "36500000.0", "108.0", ""), 4524},
		{"a name that lies", plane("CGCS2000_3_Degree_GK_Zone_40", china, "Gauss_Kruger", "36500000.0", "108.0", ""), 4524},
		{"no name", plane("", china, "Transverse_Mercator", "36500000", "108", ""), 4524},
		{"6° zone", plane("x", china, "Gauss_Kruger", "19500000", "111", ""), 4497},
		{"ESRI central meridian", plane("CGCS2000_3_Degree_GK_CM_108E", china, "Gauss_Kruger", "500000.0", "108.0", ""), 4545},
		{"ESRI 6° central meridian", plane("CGCS2000_GK_CM_111E", china, "Gauss_Kruger", "500000.0", "111.0", ""), 4508},
		{"6° by code", plane("x", china, "Gauss_Kruger", "500000", "111", `,AUTHORITY["EPSG","4508"]`), 4508},
		{"3° when nothing says 6°", plane("x", china, "Gauss_Kruger", "500000", "111", ""), 4546},
		{"byte order mark and spaces", "\ufeff \r\n" + plane("x", china, "Gauss_Kruger", "36500000", "108", "") + "\r\n\x00", 4524},
		{"lower case", strings.ToLower(plane("x", china, "Gauss_Kruger", "36500000", "108", "")), 4524},
		{"round brackets", strings.NewReplacer("[", "(", "]", ")").Replace(china), 4490},
		{"vertical system after it", china + `,VERTCS["WGS_1984_Geoid",VDATUM["WGS_1984_Geoid"]]`, 4490},
		{"compound", `COMPD_CS["x",` + plane("x", china, "Gauss_Kruger", "36500000", "108", "") + `,VERT_CS["y",VERT_DATUM["z",2005],UNIT["metre",1]]]`, 4524},
		{"datum unknown but coded", plane("x", unnamed, "Gauss_Kruger", "36500000", "108", `,AUTHORITY["EPSG","4524"]`), 4524},
		{"degrees on WGS 84", wgs, 4326},
		{"ESRI Web Mercator", `PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",` + wgs + `,PROJECTION["Mercator_Auxiliary_Sphere"],` +
			`PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",0.0],` +
			`PARAMETER["Standard_Parallel_1",0.0],PARAMETER["Auxiliary_Sphere_Type",0.0],` + metre + `]`, 3857},
		{"GDAL Web Mercator", `PROJCS["WGS 84 / Pseudo-Mercator",` + wgs + `,PROJECTION["Mercator_1SP"],PARAMETER["central_meridian",0],` +
			`PARAMETER["scale_factor",1],PARAMETER["false_easting",0],PARAMETER["false_northing",0],` + metre +
			`,EXTENSION["PROJ4","+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +units=m"]]`, 3857},
		{"Web Mercator on a sphere", `PROJCS["x",GEOGCS["x",DATUM["D_Popular",SPHEROID["Popular Visualisation Sphere",6378137,0]],PRIMEM["Greenwich",0],` +
			degree + `],PROJECTION["Mercator_1SP"],PARAMETER["central_meridian",0],PARAMETER["scale_factor",1],` +
			`PARAMETER["false_easting",0],PARAMETER["false_northing",0],` + metre + `]`, 3857},
		{"UTM", `PROJCS["x",` + wgs + `,PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",111],` +
			`PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],` + metre + `]`, 32649},
	} {
		s, err := crs.FromWKT(c.wkt)
		if err != nil || s.EPSG() != c.want {
			t.Errorf("%s: %v, %v, want %d", c.name, s, err, c.want)
		}
	}
}

func TestRefusedWKT(t *testing.T) {
	mercator := strings.Replace(plane("x", wgs, "Mercator_1SP", "0", "0", ""), `,PARAMETER["Latitude_Of_Origin",0.0]`, "", 1)
	for _, c := range []struct{ name, wkt, want string }{
		{"empty", "", "ingest.crs.unknown"},
		{"prose", "please see the attached note", "ingest.crs.unknown"},
		{"cut off", plane("x", china, "Gauss_Kruger", "36500000", "108", "")[:300], "ingest.crs.unknown"},
		{"last bracket missing", strings.TrimSuffix(china, "]"), "ingest.crs.unknown"},
		{"too deep", strings.Repeat("A[", 100_000), "ingest.crs.unknown"},
		{"Xi'an 1980", plane("Xian_1980_3_Degree_GK_Zone_36", xian, "Gauss_Kruger", "36500000", "108", ""), "ingest.crs.old-datum"},
		{"Xi'an ellipsoid, new name", strings.ReplaceAll(xian, "Xian_1980", "China_2000"), "ingest.crs.old-datum"},
		{"Krassovsky, new name", strings.ReplaceAll(china, "6378137.0,298.257222101", "6378245.0,298.3"), "ingest.crs.old-datum"},
		{"Beijing name, new ellipsoid", strings.ReplaceAll(china, "D_China_2000", "D_Beijing_1954"), "ingest.crs.old-datum"},
		{"old code", plane("x", china, "Gauss_Kruger", "36500000", "108", `,AUTHORITY["EPSG","2360"]`), "ingest.crs.contradictory"},
		{"GCJ-02", strings.ReplaceAll(wgs, "GCS_WGS_1984", "GCJ02"), "ingest.crs.obfuscated"},
		{"prefix against meridian", plane("x", china, "Gauss_Kruger", "36500000", "111", ""), "ingest.crs.contradictory"},
		{"code against parameters", plane("x", china, "Gauss_Kruger", "36500000", "108", `,AUTHORITY["EPSG","4525"]`), "ingest.crs.contradictory"},
		{"feet", strings.ReplaceAll(plane("x", china, "Gauss_Kruger", "36500000", "108", ""), metre, `UNIT["Foot_US",0.3048006]`), "ingest.crs.unknown"},
		{"gons", strings.ReplaceAll(china, degree, `UNIT["Grad",0.01570796326794897]`), "ingest.crs.unknown"},
		{"gons below a plane", strings.ReplaceAll(plane("x", china, "Gauss_Kruger", "36500000", "108", ""), degree, `UNIT["Grad",0.01570796326794897]`), "ingest.crs.unknown"},
		{"Paris", strings.ReplaceAll(china, `"Greenwich",0.0`, `"Paris",2.33722917`), "ingest.crs.unknown"},
		{"a shift", strings.ReplaceAll(wgs, "298.257223563]", "298.257223563],TOWGS84[10,20,30,0,0,0,0]"), "ingest.crs.unknown"},
		{"no easting", strings.ReplaceAll(plane("x", china, "Gauss_Kruger", "36500000", "108", ""), "False_Easting", "Falsch"), "ingest.crs.unknown"},
		{"not a number", plane("x", china, "Gauss_Kruger", "nan", "108", ""), "ingest.crs.unknown"},
		{"sphere of degrees", strings.ReplaceAll(wgs, "298.257223563", "0"), "ingest.crs.unknown"},
		{"ellipsoidal Mercator", mercator, "ingest.crs.unknown"},
		{"Lambert", plane("x", china, "Lambert_Conformal_Conic", "0", "105", ""), "ingest.crs.unknown"},
		{"axes to the south", strings.TrimSuffix(plane("x", china, "Gauss_Kruger", "36500000", "108", ""), "]") + `,AXIS["Y",WEST],AXIS["X",SOUTH]]`, "ingest.crs.unknown"},
		{"local", `LOCAL_CS["site",UNIT["metre",1]]`, "ingest.crs.unknown"},
	} {
		s, err := crs.FromWKT(c.wkt)
		if geo.CodeOf(err) != c.want || !s.IsZero() {
			t.Errorf("%s: %v, %v, want %s", c.name, s, err, c.want)
		}
	}
}

// TestUnderstoodOnly holds systems that are read but may be used only when an operator says so.
func TestUnderstoodOnly(t *testing.T) {
	for _, c := range []struct{ name, wkt, want string }{
		{
			"a local plane on CGCS2000", plane("x", china, "Gauss_Kruger", "500000", "109.5", ""),
			"China Geodetic Coordinate System 2000 / Transverse Mercator (meridian 109.5, scale 1, false easting 500000, false northing 0)",
		},
		{
			"a zone on an unnamed datum", plane("x", unnamed, "Gauss_Kruger", "36500000", "108", ""),
			"unnamed datum on GRS 80 / Transverse Mercator (meridian 108, scale 1, false easting 36500000, false northing 0)",
		},
		{"a datum of its own on the ellipsoid of WGS 84", strings.ReplaceAll(wgs, "D_WGS_1984", "D_Local"), "unnamed datum on WGS 84"},
		{"SIRGAS", strings.NewReplacer("D_China_2000", "D_SIRGAS_2000", "CGCS2000", "GRS_1980").Replace(china), "EPSG:4674"},
	} {
		s, err := crs.FromWKT(c.wkt)
		if err != nil || s.Accepted() || s.String() != c.want {
			t.Errorf("%s: %v accepted %v, %v", c.name, s, s.Accepted(), err)
		}
	}
}

// TestEveryCodeInWKT reads what PROJ writes for every accepted code, in three dialects; the file is projinfo's output.
func TestEveryCodeInWKT(t *testing.T) {
	file, err := os.Open("testdata/projinfo.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	n := 0
	for ; lines.Scan(); n++ {
		code, wkt, _ := strings.Cut(lines.Text(), "\t")
		s, err := crs.FromWKT(wkt)
		if err != nil || s.String() != code {
			t.Errorf("%s is read as %v, %v: %s", code, s, err, wkt)
		}
	}
	if n < 60 {
		t.Errorf("only %d lines", n)
	}
}

// TestPRJFiles reads every .prj of the shared data folder and holds what they are in total.
func TestPRJFiles(t *testing.T) {
	const root = "../../../shared/data"
	if _, err := os.Stat(root); err != nil {
		t.Skipf("the shared data are not here: %v", err)
	}
	seen := map[string]int{}
	err := filepath.WalkDir(root, func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.EqualFold(filepath.Ext(path), ".prj") && filepath.Ext(path) != ".qpj" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		s, err := crs.FromWKT(string(data))
		seen[s.String()+geo.CodeOf(err)]++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Log(seen)
	for _, want := range []string{"EPSG:4326", "EPSG:4674", "EPSG:4269", "EPSG:32733", "ingest.crs.unknown"} {
		if seen[want] == 0 {
			t.Errorf("no file is %s", want)
		}
	}
}

func FuzzFromWKT(f *testing.F) {
	f.Add(plane("x", china, "Gauss_Kruger", "36500000", "108", `,AUTHORITY["EPSG","4524"]`))
	f.Add(plainTM)
	f.Add(`GEOGCRS["a",DATUM["b",ELLIPSOID["c",1,2]],CS[ellipsoidal,2],AXIS["d",north,ANGLEUNIT["e",1]],ID["EPSG",1]]`)
	f.Add(`A["""",,(`)
	f.Fuzz(func(t *testing.T, wkt string) { holds(t, wkt, crs.FromWKT) })
}

func FuzzParse(f *testing.F) {
	f.Add("urn:ogc:def:crs:EPSG::4524")
	f.Add("CGCS2000_3_Degree_GK_CM_108E")
	f.Add("\ufeff西安80[")
	f.Fuzz(func(t *testing.T, name string) { holds(t, name, crs.Parse) })
}

// holds checks what is true of every text: an error is a problem and comes with no system, and a system is a value
// that equals itself and that its own code finds again.
func holds(t *testing.T, text string, read func(string) (crs.System, error)) {
	s, err := read(text)
	if (err == nil) == s.IsZero() {
		t.Fatalf("%q: %v with %v", text, s, err)
	}
	if err != nil && !strings.HasPrefix(geo.CodeOf(err), "ingest.crs.") {
		t.Fatalf("%q: %v", text, err)
	}
	if same := s; same != s { // as with a NaN inside
		t.Fatalf("%q: %v is not equal to itself", text, s)
	}
	if again, err := crs.FromEPSG(s.EPSG()); s.EPSG() != 0 && (err != nil || again != s) {
		t.Fatalf("%q: %v is %v by its code, %v", text, s, again, err)
	}
}
