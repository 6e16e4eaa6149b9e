package geo

import (
	"errors"
	"fmt"
	"strings"

	"github.com/paulmach/orb"
)

// Problem is an error that a person can understand and mend. Its Code is stable and published
// ("ingest.crs.missing"); the sentences for it, Chinese and English, with what to do about it, are kept in
// data/texts under that code and filled with Args. Err, when set, is the technical cause for the log.
type Problem struct {
	Code string
	Args []Arg
	// At is the place in CGCS2000 degrees, nil when the problem has none.
	At  *orb.Point
	Err error
}

// Arg is one named value that a problem's sentence is filled with.
type Arg struct {
	Name  string
	Value any
}

// NewProblem makes a problem from its code and alternating argument names and values.
func NewProblem(code string, args ...any) *Problem {
	if len(args)%2 != 0 {
		panic("geo.NewProblem: argument without a value for " + code)
	}
	p := &Problem{Code: code}
	for i := 0; i < len(args); i += 2 {
		p.Args = append(p.Args, Arg{Name: args[i].(string), Value: args[i+1]})
	}
	return p
}

// Because returns a copy of p with its technical cause.
func (p *Problem) Because(err error) *Problem {
	q := *p
	q.Err = err
	return &q
}

// Near returns a copy of p with its place in CGCS2000 degrees.
func (p *Problem) Near(at orb.Point) *Problem {
	q := *p
	q.At = &at
	return &q
}

// Error gives code, arguments and cause for logs; people read the text of data/texts instead.
func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.Code)
	for _, a := range p.Args {
		fmt.Fprintf(&b, " %s=%v", a.Name, a.Value)
	}
	if p.At != nil {
		fmt.Fprintf(&b, " at=(%.7f %.7f)", p.At[0], p.At[1])
	}
	if p.Err != nil {
		b.WriteString(": " + p.Err.Error())
	}
	return b.String()
}

// Unwrap gives the technical cause.
func (p *Problem) Unwrap() error { return p.Err }

// Is reports whether target is a problem with the same code, so that errors.Is compares by code.
func (p *Problem) Is(target error) bool {
	var q *Problem
	return errors.As(target, &q) && q.Code == p.Code
}

// CodeOf is the code of the first problem in err's chain, "" when there is none.
func CodeOf(err error) string {
	var p *Problem
	if errors.As(err, &p) {
		return p.Code
	}
	return ""
}
