package geo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// Number is a bare number that may be unknown, which is NaN and in JSON null: a rate without a denominator, a length
// that nobody stated.
type Number float64

// MarshalJSON writes the shortest decimal that reads back as the same value, and null for NaN.
func (n Number) MarshalJSON() ([]byte, error) { return marshalNumber(float64(n)) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (n *Number) UnmarshalJSON(raw []byte) error { return unmarshalNumber(raw, n) }

// MarshalJSON writes square metres as a number, and null for an area that is not known (NaN).
func (a Area) MarshalJSON() ([]byte, error) { return marshalNumber(float64(a)) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (a *Area) UnmarshalJSON(raw []byte) error { return unmarshalNumber(raw, a) }

// MarshalJSON writes metres as a number, and null for a length that is not known (NaN).
func (l Length) MarshalJSON() ([]byte, error) { return marshalNumber(float64(l)) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (l *Length) UnmarshalJSON(raw []byte) error { return unmarshalNumber(raw, l) }

func marshalNumber(x float64) ([]byte, error) {
	if math.IsNaN(x) {
		return []byte("null"), nil
	}
	return json.Marshal(x)
}

func unmarshalNumber[T ~float64](raw []byte, into *T) error {
	if string(raw) == "null" {
		*into = T(math.NaN())
		return nil
	}
	var x float64
	err := json.Unmarshal(raw, &x)
	*into = T(x)
	return err
}

// problemJSON is a problem without its technical cause, which belongs into the log and not to the reader.
type problemJSON struct {
	Code string     `json:"code"`
	Args []argJSON  `json:"args,omitempty"`
	At   *orb.Point `json:"at,omitempty"`
}

// argJSON has the value under "value" – text, a number, a truth value or a list of texts – or under "problem".
type argJSON struct {
	Name    string   `json:"name"`
	Value   any      `json:"value,omitempty"`
	Problem *Problem `json:"problem,omitempty"`
}

// MarshalJSON writes code, arguments and place, but not the technical cause. An argument that is neither number, truth
// value, list of texts nor problem is written as its text.
func (p *Problem) MarshalJSON() ([]byte, error) {
	out := problemJSON{Code: p.Code, At: p.At}
	for _, a := range p.Args {
		out.Args = append(out.Args, argToJSON(a))
	}
	return json.Marshal(out)
}

func argToJSON(a Arg) argJSON {
	out := argJSON{Name: a.Name}
	switch v := a.Value.(type) {
	case *Problem:
		out.Problem = v
	case float64:
		out.Value = finite(v)
	case nil, string, bool, int, int64, int32, uint32, uint64, []string, json.Number:
		out.Value = v
	default:
		out.Value = fmt.Sprint(v)
	}
	return out
}

// finite is a number that JSON can carry; NaN is absent, the infinities are their names.
func finite(x float64) any {
	switch {
	case math.IsNaN(x):
		return nil
	case math.IsInf(x, 0):
		return fmt.Sprint(x)
	}
	return x
}

// UnmarshalJSON reads what MarshalJSON wrote. Numbers become json.Number, which keeps their spelling.
func (p *Problem) UnmarshalJSON(raw []byte) error {
	var in problemJSON
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&in); err != nil {
		return err
	}
	*p = Problem{Code: in.Code, At: in.At}
	for _, a := range in.Args {
		p.Args = append(p.Args, argFromJSON(a))
	}
	return nil
}

func argFromJSON(a argJSON) Arg {
	if a.Problem != nil {
		return Arg{Name: a.Name, Value: a.Problem}
	}
	list, ok := a.Value.([]any)
	if !ok {
		return Arg{Name: a.Name, Value: a.Value}
	}
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i] = fmt.Sprint(v)
	}
	return Arg{Name: a.Name, Value: texts}
}
