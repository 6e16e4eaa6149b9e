// Package jtsxml reads the XML test suites of the JTS Topology Suite, for tests of this repository only. It knows the
// shape of the files and how their geometries are written; it does not know what any operation means, and product
// code does not import it. The format is that of the JTS test runner ("JTS Test Runner XML file format").
package jtsxml

import (
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"os"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
)

// Run is one file.
type Run struct {
	Description string
	// Scale is the number of grid steps per unit, 0 for floating numbers.
	Scale float64
	// Tolerance is the distance or, for figures, the difference that the file allows; 0 when it names none.
	Tolerance float64
	// Matcher is the last part of the name of the class that compares results, "" for exact comparison.
	Matcher string
	Cases   []Case
}

// Case is one or two geometries and what is expected of them.
type Case struct {
	Description string
	// A and B are as written; B is often absent.
	A, B Text
	Ops  []Op
}

// Op is one operation with its arguments, "A" and "B" in capitals, and what is expected: true, false, a number or a
// geometry.
type Op struct {
	Name     string
	Args     []string
	Pattern  string
	Expected Text
}

// Argument is the geometry that an argument names; "" when it names none.
func (c *Case) Argument(name string) Text {
	switch name {
	case "A":
		return c.A
	case "B":
		return c.B
	}
	return ""
}

// Text is a geometry as written, as well-known text or as hexadecimal well-known binary, or a plain value, without
// needless space.
type Text string

// Binary is the well-known binary of a geometry written in hexadecimal; nil when it is not.
func (t Text) Binary() []byte {
	if t == "" || len(t)%2 != 0 || strings.Trim(string(t), "0123456789abcdefABCDEF") != "" {
		return nil
	}
	b, err := hex.DecodeString(string(t))
	if err != nil || len(b) < 5 { // byte order and type
		return nil
	}
	return b
}

// Orb is the geometry, valid or not. POINT EMPTY, which orb cannot say, becomes a MultiPoint of none; a LINEARRING is
// a Ring. Curves are errors.
func (t Text) Orb() (orb.Geometry, error) {
	if b := t.Binary(); b != nil {
		return wkb.Unmarshal(b)
	}
	return parse(string(t))
}

// file, xmlCase and xmlOp are the file as XML has it.
type file struct {
	Description string    `xml:"desc"`
	Precision   precision `xml:"precisionModel"`
	Tolerance   float64   `xml:"tolerance"`
	Matcher     string    `xml:"resultMatcher"`
	Cases       []xmlCase `xml:"case"`
}

type precision struct {
	Scale float64 `xml:"scale,attr"`
}

type xmlCase struct {
	Description string  `xml:"desc"`
	A           string  `xml:"a"`
	B           string  `xml:"b"`
	Ops         []xmlOp `xml:"test>op"`
}

type xmlOp struct {
	Name    string `xml:"name,attr"`
	Arg1    string `xml:"arg1,attr"`
	Arg2    string `xml:"arg2,attr"`
	Arg3    string `xml:"arg3,attr"`
	Pattern string `xml:"pattern,attr"`
	Text    string `xml:",chardata"`
}

// Read reads the file with that name.
func Read(name string) (Run, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return Run{}, err
	}
	var f file
	if err := xml.Unmarshal(data, &f); err != nil {
		return Run{}, fmt.Errorf("read %s: %w", name, err)
	}
	run := Run{
		Description: spaced(f.Description),
		Scale:       f.Precision.Scale,
		Tolerance:   f.Tolerance,
		Matcher:     spaced(f.Matcher[strings.LastIndexByte(f.Matcher, '.')+1:]),
	}
	for _, c := range f.Cases {
		run.Cases = append(run.Cases, c.read())
	}
	return run, nil
}

func (c *xmlCase) read() Case {
	out := Case{Description: spaced(c.Description), A: text(c.A), B: text(c.B)}
	for _, o := range c.Ops {
		op := Op{Name: o.Name, Pattern: o.Pattern, Expected: text(o.Text)}
		for _, arg := range []string{o.Arg1, o.Arg2, o.Arg3} {
			if arg == "" {
				continue
			}
			if arg == "a" || arg == "b" {
				arg = strings.ToUpper(arg)
			}
			op.Args = append(op.Args, strings.TrimSpace(arg))
		}
		out.Ops = append(out.Ops, op)
	}
	return out
}

// spaced puts single spaces where there was any white space.
func spaced(s string) string { return strings.Join(strings.Fields(s), " ") }

// text is a geometry or a value as written; hexadecimal digits may be broken into lines.
func text(s string) Text {
	t := Text(strings.Join(strings.Fields(s), ""))
	if t.Binary() != nil {
		return t
	}
	return Text(spaced(s))
}
