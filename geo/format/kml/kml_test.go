package kml_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"

	"greenshield/geo"
	"greenshield/geo/format"
	"greenshield/geo/format/kml"
)

func TestFoldersAndTexts(t *testing.T) {
	got := read(t, document(`<name>贵港</name><Folder><name>红线</name><Placemark id="p1"><name> 一号
		</name><description><![CDATA[<b>说明</b>]]></description><TimeStamp><when>2024-05-01</when></TimeStamp></Placemark>
		<Folder><name>港北</name><Placemark><name>二号 &amp; 三号&#x4E00;</name></Placemark></Folder>
		<Document><name>卷</name><Placemark/></Document></Folder><Placemark><name>外</name></Placemark>`), kml.Options{})
	if got.err != nil || len(got.records) != 4 || got.schema.Count != 4 || got.schema.Format != "kml" {
		t.Fatalf("%+v", got)
	}
	for i, want := range []struct{ folder, name any }{
		{"红线", "一号"}, {"红线/港北", "二号 & 三号一"}, {"红线/卷", nil}, {nil, "外"},
	} {
		if f, n := got.value(i, "folder"), got.value(i, "name"); f != want.folder || n != want.name {
			t.Errorf("row %d: folder %v, name %v", i+1, f, n)
		}
	}
	if d := got.value(0, "description"); d != "<b>说明</b>" {
		t.Errorf("description %v", d)
	}
	if got.value(0, "id") != "p1" || got.value(0, "when") != "2024-05-01" || got.value(1, "when") != nil {
		t.Errorf("id %v, when %v", got.value(0, "id"), got.value(0, "when"))
	}
	if d := got.schema.Declared; d == nil || d.Title() == "" || got.schema.DeclaredProblem != nil {
		t.Errorf("declared %v, problem %v", d, got.schema.DeclaredProblem)
	}
}

const typed = `<Schema id="s" name="s"><SimpleField name="DLBM" type="string"/><SimpleField name="PDJB" type="int"/>
	<SimpleField name="MJ" type="double"/><SimpleField name="OK" type="bool"/><SimpleField name="BAD" type="int"/></Schema>`

func TestExtendedData(t *testing.T) {
	row := func(dlbm, pdjb, mj, ok, bad string) string {
		return `<Placemark><ExtendedData><SchemaData schemaUrl="#s"><SimpleData name="DLBM">` + dlbm +
			`</SimpleData><SimpleData name="PDJB">` + pdjb + `</SimpleData><SimpleData name="MJ">` + mj +
			`</SimpleData><SimpleData name="OK">` + ok + `</SimpleData><SimpleData name="BAD">` + bad +
			`</SimpleData></SchemaData><Data name="name"><displayName>x</displayName><value>007</value></Data></ExtendedData></Placemark>`
	}
	// The schema may come after its use: types are decided when all is read.
	got := read(t, document(row("0301", "2", "12.5", "1", "1")+row("", "", "", "false", "007")+typed), kml.Options{})
	if got.err != nil || len(got.records) != 2 {
		t.Fatalf("%+v", got)
	}
	want := map[string][2]any{
		"DLBM": {"0301", nil}, "PDJB": {int64(2), nil}, "MJ": {12.5, nil}, "OK": {true, false},
		"BAD": {"1", "007"}, "name_2": {"007", "007"}, "name": {nil, nil},
	}
	for field, values := range want {
		for i, v := range values {
			if g := got.value(i, field); g != v {
				t.Errorf("%s row %d: %v, want %v", field, i+1, g, v)
			}
		}
	}
	if n := got.notes(); n != "kml.type kml.field-renamed" && n != "kml.field-renamed kml.type" {
		t.Errorf("notes %s", n)
	}
}

func TestNotes(t *testing.T) {
	for name, tc := range map[string]struct{ text, note string }{
		"bad-input 55 link to a service of the machine": {"<NetworkLink><Link><href>http://169.254.169.254/latest/meta-data</href></Link></NetworkLink>", "kml.link"},
		"bad-input 55 link to a file":                   {"<NetworkLink><Url><href>file:///etc/passwd</href></Url></NetworkLink>", "kml.link"},
		"overlay":                                       {"<GroundOverlay><Icon><href>http://example.org/a.png</href></Icon></GroundOverlay>", "kml.overlay"},
		"track of Google":                               {"<Placemark><gx:Track><gx:coord>1 2 3</gx:coord></gx:Track></Placemark>", "kml.track"},
		"track of 2.3":                                  {"<Placemark><Track><coord>1 2 3</coord></Track></Placemark>", "kml.track"},
		"track in a group":                              {"<Placemark><MultiGeometry><gx:Track/></MultiGeometry></Placemark>", "kml.track"},
		"model":                                         {"<Placemark><Model/></Placemark>", "kml.model"},
		"markup":                                        {"<Placemark><description>a<br/>b</description></Placemark>", "kml.markup"},
		"data of others":                                {"<Placemark><ExtendedData><c:n xmlns:c='urn:c'>1</c:n></ExtendedData></Placemark>", "kml.foreign-data"},
		"two names":                                     {"<Placemark><name>a</name><name>b</name></Placemark>", "kml.value-repeated"},
		"style":                                         {"<Style><LineStyle/></Style><Placemark><styleUrl>#a</styleUrl></Placemark>", ""},
	} {
		got := read(t, document(tc.text), kml.Options{})
		if got.code() != "" || got.notes() != tc.note {
			t.Errorf("%s: notes %q, want %q, error %v", name, got.notes(), tc.note, got.code())
		}
		for _, r := range got.records {
			if r.Geometry != nil {
				t.Errorf("%s: a geometry %v", name, r.Geometry)
			}
		}
	}
}

func TestScriptStaysText(t *testing.T) {
	script := `<script>alert("1")</script><img src="http://169.254.169.254/" onerror="x()">`
	got := read(t, placemark("<description><![CDATA["+script+"]]></description>"), kml.Options{})
	if got.code() != "" || got.value(0, "description") != script {
		t.Errorf("bad-input 56: %v, code %s", got.value(0, "description"), got.code())
	}
}

func TestRefused(t *testing.T) {
	bomb := `<!DOCTYPE kml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>`
	for name, tc := range map[string]struct{ doc, code string }{
		"bad-input 53 external entity":     {`<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml><Placemark><name>&x;</name></Placemark></kml>`, "doctype"},
		"bad-input 53 document type alone": {`<?xml version="1.0"?><!DOCTYPE kml SYSTEM "http://169.254.169.254/a.dtd"><kml/>`, "doctype"},
		"bad-input 54 billion laughs":      {bomb + `<kml><Placemark><name>&c;</name></Placemark></kml>`, "doctype"},
		"bad-input 54 type inside":         {`<kml>` + bomb + `</kml>`, "doctype"},
		"bad-input 53 undeclared entity":   {placemark("<name>&x;</name>"), "syntax"},
		"bad-input 58 junk after root":     {document("") + "junk", "after-end"},
		"bad-input 58 two roots":           {document("") + document(""), "after-end"},
		"bad-input 58 second root":         {"<kml/><kml/>", "after-end"},
		"junk before root":                 {"junk<kml/>", "after-end"},
		"another root":                     {"<gpx/>", "root"},
		"root of another vocabulary":       {"<kml xmlns='urn:other'/>", "root"},
		"nothing":                          {"  ", "empty"},
		"comment only":                     {"<!-- x -->", "empty"},
		"cut in a tag":                     {"<kml><Docu", "truncated"},
		"cut between tags":                 {"<kml><Document>", "truncated"},
		"cut in coordinates":               {"<kml><Placemark><Point><coordinates>1,2 3", "truncated"},
		"cut in a comment":                 {"<kml><!-- ", "truncated"},
		"wrong end tag":                    {"<kml><a></b></kml>", "syntax"},
		"a bare ampersand":                 {placemark("<name>a & b</name>"), "syntax"},
		"deep nesting":                     {document(strings.Repeat("<Folder>", 200)), "nesting"},
		"deep groups":                      {placemark(strings.Repeat("<MultiGeometry>", 200)), "nesting"},
		"endless attribute":                {"<kml a='" + strings.Repeat("x", 200_000) + "'/>", "piece-too-long"},
		"endless comment":                  {"<kml><!--" + strings.Repeat("x", 200_000), "piece-too-long"},
		"too many placemarks":              {document(strings.Repeat("<Placemark/>", 21)), "too-many-records"},
		"too many fields":                  {placemark("<ExtendedData>" + manyData(1001) + "</ExtendedData>"), "too-many-fields"},
	} {
		got := read(t, tc.doc, kml.Options{Limits: format.Limits{MaxText: 1000, MaxRecords: 20}})
		if code := geo.CodeOf(got.err); code != "ingest.kml."+tc.code {
			t.Errorf("%s: %v, want %s", name, got.err, tc.code)
		}
	}
}

func manyData(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(`<Data name="` + strconv.Itoa(i) + `"><value>1</value></Data>`)
	}
	return b.String()
}

func TestEncodings(t *testing.T) {
	doc := func(declared string) string {
		return `<?xml version="1.0" encoding="` + declared + `"?><kml><Placemark><name>红线①</name></Placemark></kml>`
	}
	gbk := func(s string) string {
		out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	plain := strings.ReplaceAll(doc("ISO-8859-1"), "红线①", "a")
	for name, tc := range map[string]struct{ doc, option, encoding, code string }{
		"UTF-8":                                {doc("utf-8"), "", "UTF-8", ""},
		"UTF-8 with a mark":                    {"\ufeff" + doc("UTF-8"), "", "UTF-8", ""},
		"GBK":                                  {gbk(doc("GBK")), "", "GB18030", ""},
		"GB2312":                               {gbk(doc("gb2312")), "", "GB18030", ""},
		"UTF-16 with a mark":                   {wide("\ufeff" + doc("UTF-16")), "", "UTF-16LE", ""},
		"UTF-16 undeclared":                    {wide("\ufeff" + "<kml><Placemark><name>红线①</name></Placemark></kml>"), "", "UTF-16LE", ""},
		"undeclared":                           {"<kml><Placemark><name>红线①</name></Placemark></kml>", "", "UTF-8", ""},
		"ASCII whatever is declared":           {plain, "", "UTF-8", ""},
		"bad-input 59 GBK declared as UTF-8":   {gbk(doc("UTF-8")), "", "", "ingest.kml.encoding"},
		"bad-input 59 UTF-8 declared as GBK":   {doc("GBK"), "", "", "ingest.kml.encoding"},
		"bad-input 59 UTF-16 declared UTF-8":   {wide("\ufeff" + doc("UTF-8")), "", "", "ingest.kml.encoding"},
		"bad-input 59 UTF-8 declared UTF-16":   {doc("UTF-16"), "", "", "ingest.kml.encoding"},
		"bad-input 59 GBK undeclared":          {gbk("<kml><Placemark><name>红线</name></Placemark></kml>"), "", "", "ingest.kml.encoding"},
		"bad-input 59 Latin-1":                 {doc("ISO-8859-1"), "", "", "ingest.kml.encoding"},
		"bad-input 59 no encoding at all":      {"<kml>\xff\xff</kml>", "", "", "ingest.file.encoding"},
		"bad-input 59 the operator knows":      {gbk(doc("UTF-8")), "GBK", "GB18030", ""},
		"bad-input 59 the operator knows none": {doc("UTF-8"), "KOI8-R", "", "ingest.file.encoding-unknown"},
	} {
		got := read(t, tc.doc, kml.Options{Encoding: tc.option})
		if geo.CodeOf(got.err) != tc.code || got.schema.Encoding != tc.encoding {
			t.Errorf("%s: encoding %q, error %v", name, got.schema.Encoding, got.err)
			continue
		}
		if tc.code == "" && tc.doc != plain && got.value(0, "name") != "红线①" {
			t.Errorf("%s: name %v", name, got.value(0, "name"))
		}
	}
}

// wide is a text as UTF-16, little end first.
func wide(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		b.WriteByte(byte(u))
		b.WriteByte(byte(u >> 8))
	}
	return b.String()
}

// Every code of this package has its sentences.
func TestCodesHaveSentences(t *testing.T) {
	texts, err := os.ReadFile("../../../data/texts/parts/kml.yaml")
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob("*.go")
	found := 0
	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		for _, m := range regexp.MustCompile(`"(ingest\.kml\.[a-z-]+)"`).FindAllSubmatch(source, -1) {
			found++
			if !strings.Contains(string(texts), "\n"+string(m[1])+":\n") {
				t.Errorf("%s: no sentence for %s", name, m[1])
			}
		}
	}
	if found < 25 {
		t.Errorf("only %d codes found", found)
	}
}
