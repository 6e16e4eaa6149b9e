package crs

import (
	_ "embed"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed words.txt
var wordList string

// words are the folded words of words.txt by what they mean.
var words = sync.OnceValue(func() map[string][]string {
	m := map[string][]string{}
	for _, line := range strings.Split(wordList, "\n") {
		meaning, word, ok := strings.Cut(line, "\t")
		if ok && !strings.HasPrefix(line, "#") {
			m[meaning] = append(m[meaning], fold(word))
		}
	}
	return m
})

var (
	// epsgName takes "4524", "EPSG:4524", "ESRI:102100", the OGC's URN, with or without a version, and its URL.
	epsgName = regexp.MustCompile(
		`^(?:(?:epsg|esri):+|urn:(?:x-)?ogc:def:crs:epsg:[^:]*:|https?://www\.opengis\.net/def/crs/epsg/[^/]+/)?(\d{1,9})$`)
	crs84Name = regexp.MustCompile(
		`^(?:crs:|ogc:|urn:(?:x-)?ogc:def:crs:ogc:[^:]*:|https?://www\.opengis\.net/def/crs/ogc/[^/]+/)crs84$`)
	// gaussName takes the folded names that EPSG and ESRI give to the planes, with the number of the zone or the
	// central meridian.
	gaussName = regexp.MustCompile(
		`^cgcs2000(?:(3)(?:degree|deg)|6(?:degree|deg))?(?:gausskruger|gk)(?:zone(\d{1,2})|cm(\d{1,3})e?)$`)
)

// Parse is the system that a name means: "EPSG:4524", "4524", "urn:ogc:def:crs:EPSG::4524", "OGC:CRS84" and their URLs,
// "CGCS2000" and the Chinese names of the datum (which mean degrees), "CGCS2000 / 3-degree Gauss-Kruger zone 36" or
// ESRI's spelling of it, or a whole WKT. Errors are "ingest.crs.old-datum", "ingest.crs.obfuscated" and, for all the
// rest, "ingest.crs.unknown".
func Parse(name string) (System, error) {
	plain := strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, byteOrderMark)))
	if strings.ContainsAny(plain, "[(") && wktStart.MatchString(plain) {
		return FromWKT(name)
	}
	if crs84Name.MatchString(plain) {
		return FromEPSG(codeWGS84)
	}
	if m := epsgName.FindStringSubmatch(plain); m != nil {
		code, err := strconv.Atoi(m[1])
		if err != nil {
			return System{}, unknown(name).Because(err)
		}
		return FromEPSG(code)
	}
	return fromWords(name)
}

func fromWords(name string) (System, error) {
	folded := fold(name)
	if err := refused(name, folded); err != nil {
		return System{}, err
	}
	for _, w := range words()["cgcs2000"] {
		if folded == w {
			return FromEPSG(codeCGCS2000)
		}
	}
	for _, w := range words()["wgs84"] {
		if folded == w {
			return FromEPSG(codeWGS84)
		}
	}
	if m := gaussName.FindStringSubmatch(folded); m != nil {
		return fromGaussName(name, m)
	}
	return System{}, unknown(name)
}

func fromGaussName(name string, m []string) (System, error) {
	width := 6
	if m[1] != "" {
		width = 3
	}
	if m[2] != "" {
		zone, _ := strconv.Atoi(m[2]) // two digits at most
		return GaussKruger(width, zone, true)
	}
	meridian, _ := strconv.Atoi(m[3]) // three digits at most
	zone, ok := zoneOf(width, float64(meridian))
	if !ok {
		return System{}, unknown(name)
	}
	return GaussKruger(width, zone, false)
}

// zoneOf is the zone of a given width whose central meridian is given exactly.
func zoneOf(width int, meridian float64) (int, bool) {
	zone := int(meridian) / 3
	if width == 6 {
		zone = (int(meridian) + 3) / 6
	}
	s, err := GaussKruger(width, zone, false)
	return zone, err == nil && s.meridian == meridian
}

// refused is the error for a name that speaks of an old datum or of obfuscated coordinates, nil for others.
func refused(name, folded string) error {
	for _, w := range words()["old"] {
		if strings.Contains(folded, w) {
			return oldDatum(name)
		}
	}
	for _, w := range words()["obfuscated"] {
		if strings.Contains(folded, w) {
			return obfuscated(name)
		}
	}
	return nil
}

// fold makes spellings of a name equal: lower case, letters and digits only, full-width forms narrowed.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		r = halfWidth(r)
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// halfWidth is the ASCII character of a full-width form, and every other character itself.
func halfWidth(r rune) rune {
	if r >= '\uff01' && r <= '\uff5e' {
		r -= '\uff01' - '!'
	}
	return r
}

func narrow(s string) string { return strings.Map(halfWidth, s) }

// brief makes a file's own wording fit to be shown: valid text of one line, 120 characters at most.
func brief(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "?")), " ")
	if utf8.RuneCountInString(s) > 120 {
		return string([]rune(s)[:119]) + "…"
	}
	return s
}
