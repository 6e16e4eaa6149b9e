package layers

import (
	"bytes"
	"encoding/json"
)

// MarshalText gives the printed form, "" for the zero Ref.
func (r Ref) MarshalText() ([]byte, error) {
	if r == (Ref{}) {
		return nil, nil
	}
	return []byte(r.String()), nil
}

// UnmarshalText reads the printed form; "" is the zero Ref.
func (r *Ref) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*r = Ref{}
		return nil
	}
	read, err := ParseRef(string(text))
	if err != nil {
		return err
	}
	*r = read
	return nil
}

// UnmarshalJSON reads the printed form, and the object that results were kept with until version 0.4.
func (r *Ref) UnmarshalJSON(raw []byte) error {
	if trimmed := bytes.TrimSpace(raw); len(trimmed) > 0 && trimmed[0] == '{' {
		type object Ref
		return json.Unmarshal(raw, (*object)(r))
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return err
	}
	return r.UnmarshalText([]byte(text))
}
