package codes_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"greenshield/geo/format"
	"greenshield/layers"
	"greenshield/layers/ingest/codes"
)

func load(t *testing.T) *codes.Book {
	t.Helper()
	b, err := codes.Load(os.DirFS("../../../data/codes"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func fields(names string) []format.Field {
	var out []format.Field
	for _, n := range strings.Fields(names) {
		out = append(out, format.Field{Name: n})
	}
	return out
}

func TestMatch(t *testing.T) {
	b := load(t)
	for name, tc := range map[string]struct {
		theme  layers.Theme
		fields string
		want   map[layers.Role]string
	}{
		"red line, ministry entity": {
			layers.Redline, "BMS Province XZQHDM HXLX HXMM HXBM BHDJB GNFQ TBMJ",
			map[layers.Role]string{
				layers.Code: "HXBM", layers.Name: "HXMM", layers.Class: "HXLX", layers.Zone: "GNFQ",
				layers.RegionCode: "XZQHDM", layers.Stated: "TBMJ", layers.Level: "BHDJB",
			},
		},
		"land use in lower case": {
			layers.Landuse, "bsm dlbm dlmc zldwdm tbmj",
			map[layers.Role]string{
				layers.Code: "bsm", layers.Class: "dlbm", layers.Name: "dlmc", layers.RegionCode: "zldwdm",
				layers.Stated: "tbmj",
			},
		},
		"shoreline practice data": {
			layers.Shoreline, "gid rname regionid area type city county side len",
			map[layers.Role]string{
				layers.Code: "gid", layers.RiverName: "rname", layers.Zone: "type", layers.Side: "side",
				layers.Stated: "len",
			},
		},
		"web-map regions": {
			layers.Region, "adcode name center centroid childrenNum level parent",
			map[layers.Role]string{
				layers.Code: "adcode", layers.RegionCode: "adcode", layers.Name: "name", layers.Level: "level",
			},
		},
		"a cut name with three meanings": {layers.Protected, "保护区", map[layers.Role]string{}},
		"a Chinese name cut in GBK": {
			layers.Protected, "自然保护地",
			map[layers.Role]string{layers.Name: "自然保护地"},
		},
		"a full alias wins over a cut one": {
			layers.Protected, "自然保护地 名称",
			map[layers.Role]string{layers.Name: "名称"},
		},
		"nothing known": {layers.Redline, "foo bar", map[layers.Role]string{}},
	} {
		if got := b.Match(tc.theme, fields(tc.fields)); !maps.Equal(got, tc.want) {
			t.Errorf("%s: got %v, want %v", name, got, tc.want)
		}
	}
}

func TestToken(t *testing.T) {
	b := load(t)
	for _, tc := range []struct {
		theme         layers.Theme
		role          layers.Role
		word, token   string
		listed, known bool
	}{
		{layers.Protected, layers.Zone, "核心区", "core", true, true},
		{layers.Protected, layers.Zone, " 核心保护区 ", "core", true, true},
		{layers.Redline, layers.Zone, "一般控制区", "general", true, true},
		{layers.Protected, layers.Zone, "缓冲区", "buffer", true, true},
		{layers.Protected, layers.Zone, "实验区", "experimental", true, true},
		{layers.Protected, layers.Zone, "CORE", "core", true, true},
		{layers.Protected, layers.Zone, "七号区", "七号区", true, false},
		{layers.Shoreline, layers.Zone, "岸线保护区", "1", true, true},
		{layers.Shoreline, layers.Zone, "4", "4", true, true},
		{layers.Shoreline, layers.Side, "右岸", "2", true, true},
		{layers.Landuse, layers.Zone, "核心区", "核心区", false, false},
	} {
		token, listed, known := b.Token(tc.theme, tc.role, tc.word)
		if token != tc.token || listed != tc.listed || known != tc.known {
			t.Errorf("%s %s %q: got %q %v %v", tc.theme, tc.role, tc.word, token, listed, known)
		}
	}
}

// The set of construction land is that of the statistics tools in use (domain section 5.2).
func TestConstructionLand(t *testing.T) {
	want := strings.Fields("0508 05H1 0601 0602 0603 0701 0702 0809 0810 0810A 08H1 08H2 08H2A 09 " +
		"1001 1002 1003 1004 1005 1007 1008 1009 1109 1201")
	var got []string
	for _, c := range load(t).Classes() {
		if c.Group == codes.Construction {
			got = append(got, c.Code)
		}
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestClass(t *testing.T) {
	b := load(t)
	if c, ok := b.Class(" 08h2a"); !ok || c.Group != codes.Construction {
		t.Errorf("08h2a: %+v %v", c, ok)
	}
	if c, ok := b.Class("0201K"); !ok || c.Group != codes.Agricultural {
		t.Errorf("0201K: %+v %v", c, ok)
	}
	if _, ok := b.Class("0199"); ok {
		t.Error("0199 is a class")
	}
	if n := len(b.Classes()); n != 81 {
		t.Errorf("%d classes, want 81", n)
	}
}

// The tables of domain section 5 are known by their fields, whatever the order and the letter case, and say which field
// plays which role.
func TestTables(t *testing.T) {
	b := load(t)
	for name, tc := range map[string]struct {
		theme  layers.Theme
		fields string
		table  string
		roles  map[layers.Role]string
	}{
		"annual survey": {
			layers.Landuse, "bsm ysdm tbbh dlbm dlmc qsxz qsdwdm qsdwmc zldwdm zldwmc tbmj kcdlbm kcxs kcmj tbdlmj", "dltb",
			map[layers.Role]string{layers.Code: "bsm", layers.Class: "dlbm", layers.Stated: "tbmj", layers.RegionCode: "zldwdm"},
		},
		"second survey": {
			layers.Landuse, "BSM DLBM DLMC TBMJ TKXS TKMJ XZDWMJ LXDWMJ TBDLMJ ZLDWDM", "dltb-2",
			map[layers.Role]string{layers.Class: "DLBM"},
		},
		"changes of a year": {
			layers.Landuse, "BSM BGQTBBSM BGHTBBSM BGHDLBM BGHDLMC BGXW BGMJ", "dltbgxgc",
			map[layers.Role]string{layers.Class: "BGHDLBM", layers.Code: "BGHTBBSM", layers.Stated: "BGMJ"},
		},
		"red line, entity": {
			layers.Redline, "BMS Province XZQHDM HXLX LXBM HXMM HXBM BHDJB GNFQ TBMJ", "redline-entity",
			map[layers.Role]string{layers.Class: "LXBM", layers.Code: "HXBM", layers.Zone: "GNFQ"},
		},
		"red line, survey": {
			layers.Redline, "BSM YSDM XJXZQHDM LXDM SLDM MC RKSL STGNYBHMB DLWZ QYMJ", "redline-survey",
			map[layers.Role]string{layers.Class: "LXDM", layers.Name: "MC", layers.RegionCode: "XJXZQHDM", layers.Stated: "QYMJ"},
		},
		"red line, planning": {
			layers.Redline, "BSM HXMC HXDM LHLX MJ", "redline-planning",
			map[layers.Role]string{layers.Code: "HXDM", layers.Name: "HXMC", layers.Stated: "MJ"},
		},
		"reserves": {
			layers.Protected, "BSM BHQMC BHQDLWZ BHQJB PZJG PZSJ BHQMJ", "reserve-survey",
			map[layers.Role]string{layers.Name: "BHQMC", layers.Level: "BHQJB", layers.Stated: "BHQMJ"},
		},
		"shoreline plan": {
			layers.Shoreline, "gid rname regionid area type city county side len lng_s lat_s", "shoreline-plan",
			map[layers.Role]string{layers.Code: "regionid", layers.Zone: "type", layers.RiverName: "rname", layers.Side: "side"},
		},
		"activities": {
			layers.Activity, "WTBH SSMC HDLX BHDMC MJ", "activity-leads",
			map[layers.Role]string{layers.Class: "HDLX", layers.Name: "SSMC"},
		},
		"the fields of another theme": {layers.Redline, "BSM DLBM TBMJ KCMJ TBDLMJ KCXS", "", nil},
		"too few fields":              {layers.Landuse, "BSM DLBM DLMC", "", map[layers.Role]string{layers.Class: "DLBM"}},
	} {
		id := ""
		if table := b.Table(tc.theme, fields(tc.fields)); table != nil {
			id = table.ID
		}
		if id != tc.table {
			t.Errorf("%s: table %q, want %q", name, id, tc.table)
		}
		got := b.Match(tc.theme, fields(tc.fields))
		for role, field := range tc.roles {
			if got[role] != field {
				t.Errorf("%s: %s is %q, want %q", name, role, got[role], field)
			}
		}
	}
}

func TestListsAndKinds(t *testing.T) {
	b := load(t)
	for _, tc := range []struct {
		list, value string
		want        bool
	}{
		{"qsxz", "30", true},
		{"qsxz", "99", false},
		{"czcsxm", "203a", true},
		{"czcsxm", "206", false},
		{"lxbm", " 11 ", true},
		{"landuse", "0201K", true},
		{"landuse", "0201X", false},
		{"no such list", "x", true},
	} {
		if got := b.Lists(tc.list, tc.value); got != tc.want {
			t.Errorf("%s %q: %v", tc.list, tc.value, got)
		}
	}
	if token, listed, known := b.Token(layers.Activity, layers.Class, "采石场"); token != "mining" || !listed || !known {
		t.Errorf("采石场: %q %v %v", token, listed, known)
	}
	k, ok := b.Kind("tourism")
	if !ok || k.Focus4 != "core" || b.ClassTitle("zh-CN", "tourism") != "旅游开发" || len(b.Kinds()) != 9 {
		t.Errorf("tourism: %+v %v", k, ok)
	}
}

func TestSuspect(t *testing.T) {
	b := load(t)
	for names, want := range map[string]string{
		"adcode name center centroid childrenNum level parent": "GCJ-02",
		"adcode name":                 "",
		"XZQDM XZQMC":                 "",
		"center centroid":             "",
		"ADCODE name ACROUTES parent": "GCJ-02",
	} {
		if got := b.Suspect(fields(names)); got != want {
			t.Errorf("%s: got %q, want %q", names, got, want)
		}
	}
}

func TestBrokenBooksAreRefused(t *testing.T) {
	good := fstest.MapFS{
		"fields.yaml":  {Data: []byte("roles: {redline: {code: [A]}}")},
		"zones.yaml":   {Data: []byte("redline: {zone: {core: [a]}}")},
		"landuse.yaml": {Data: []byte("classes: [{code: '01', zh: a, en: b}]")},
		"tables.yaml": {Data: []byte("tables: [{id: t, theme: redline, zh: a, en: b, known_by: [A, B], least: 2, " +
			"roles: {code: A}, fields: {B: {zh: a, en: b, list: l}}}]")},
		"activities.yaml": {Data: []byte("kinds: [{code: k, zh: a, en: b, words: [c]}]")},
		"lists.yaml":      {Data: []byte("lists: {l: {zh: a, en: b, codes: {'1': {zh: a, en: b}}}}")},
		"ecology.yaml":    {Data: []byte(ecology)},
		"flows.yaml":      {Data: []byte("flows: []")},
	}
	if _, err := codes.Load(good); err != nil {
		t.Fatal(err)
	}
	for name, broken := range map[string][2]string{
		"unknown theme":          {"fields.yaml", "roles: {redlin: {code: [A]}}"},
		"unknown role":           {"fields.yaml", "roles: {redline: {coed: [A]}}"},
		"unknown key":            {"fields.yaml", "rules: {}"},
		"a word with two tokens": {"zones.yaml", "redline: {zone: {core: [a], general: [A]}}"},
		"a class twice":          {"landuse.yaml", "classes: [{code: '01', zh: a, en: b}, {code: '01', zh: a, en: b}]"},
		"an unknown group":       {"landuse.yaml", "classes: [{code: '01', zh: a, en: b, group: x}]"},
		"a table of no theme":    {"tables.yaml", "tables: [{id: t, theme: x, zh: a, en: b, known_by: [A, B], least: 2, roles: {code: A}}]"},
		"a table known by one":   {"tables.yaml", "tables: [{id: t, theme: redline, zh: a, en: b, known_by: [A, B], least: 1, roles: {code: A}}]"},
		"a table without title":  {"tables.yaml", "tables: [{id: t, theme: redline, known_by: [A, B], least: 2, roles: {code: A}}]"},
		"a table with a role":    {"tables.yaml", "tables: [{id: t, theme: redline, zh: a, en: b, known_by: [A, B], least: 2, roles: {x: A}}]"},
		"a table in acres":       {"tables.yaml", "tables: [{id: t, theme: redline, zh: a, en: b, unit: acre, known_by: [A, B], least: 2, roles: {code: A}}]"},
		"a set that is missing":  {"ecology.yaml", "sets: []"},
		"a set of no class":      {"ecology.yaml", strings.Replace(ecology, "'01'", "'99'", 1)},
		"a zone in two places":   {"ecology.yaml", ecology + "strictness: {basis: P, order: [[core], [core]]}"},
		"land as no activity":    {"ecology.yaml", ecology + "activity_of_class: {construction: {'01': x}}"},
		"an unknown list":        {"lists.yaml", "lists: {m: {zh: a, en: b, codes: {'1': {zh: a, en: b}}}}"},
		"an empty list":          {"lists.yaml", "lists: {l: {zh: a, en: b}}"},
		"a kind without title":   {"activities.yaml", "kinds: [{code: k}]"},
		"a word of two kinds":    {"activities.yaml", "kinds: [{code: k, zh: a, en: b, words: [c]}, {code: m, zh: d, en: e, words: [C]}]"},
		"a flow without a name":  {"flows.yaml", "flows: [{id: f, basis: P, from: {codes: ['01']}, to: {codes: ['01']}}]"},
		"a flow of no basis":     {"flows.yaml", "flows: [{id: f, zh: a, en: b, from: {codes: ['01']}, to: {codes: ['01']}}]"},
		"a flow to no class":     {"flows.yaml", "flows: [{id: f, zh: a, en: b, basis: P, from: {codes: ['01']}, to: {codes: ['9']}}]"},
		"a flow to where it was": {"flows.yaml", "flows: [{id: f, zh: a, en: b, basis: P, from: {codes: ['01']}, to: {codes: ['0']}}]"},
		"not YAML":               {"zones.yaml", "\t{"},
	} {
		fsys := maps.Clone(good)
		fsys[broken[0]] = &fstest.MapFile{Data: []byte(broken[1])}
		if _, err := codes.Load(fsys); err == nil {
			t.Errorf("%s: loaded", name)
		}
	}
}

// ecology is the least that ecology.yaml must hold.
const ecology = "sets: [{id: natural, codes: ['01']}, {id: cultivated, codes: ['01']}, " +
	"{id: forest-grass-wetland, codes: ['01']}]\n"

// A flow takes the classes that its codes begin and those of its great groups; the survey's wetland is scattered.
func TestFlowsTakeTheirClasses(t *testing.T) {
	b, err := codes.Load(os.DirFS("../../../data/codes"))
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]struct{ from, to, neither string }{
		"cultivated-construction":   {"0103", "0701", "0201"},
		"natural-cultivated":        {"0304 1106 0404", "0101", "0201 1104"},
		"agricultural-construction": {"1006 1103 0301K", "1109 0603 1201", "1101"},
		"construction-agricultural": {"08H2A", "1203", "1204"},
	} {
		i := slices.IndexFunc(b.Flows(), func(f codes.Flow) bool { return f.ID == id })
		if i < 0 {
			t.Errorf("no flow %s", id)
			continue
		}
		from, to := b.Members(b.Flows()[i].From), b.Members(b.Flows()[i].To)
		for _, code := range strings.Fields(want.from) {
			if !slices.Contains(from, code) {
				t.Errorf("%s does not begin at %s", id, code)
			}
		}
		for _, code := range strings.Fields(want.to) {
			if !slices.Contains(to, code) {
				t.Errorf("%s does not end at %s", id, code)
			}
		}
		for _, code := range strings.Fields(want.neither) {
			if slices.Contains(from, code) || slices.Contains(to, code) {
				t.Errorf("%s takes %s", id, code)
			}
		}
	}
}
