package shoreline

import (
	"encoding/json"

	"greenshield/geo"
)

// plainRow is a Row without methods, so that its other fields are written as they are.
type plainRow Row

// rowJSON is a row as it is kept: what is not known is null.
type rowJSON struct {
	plainRow
	Rate, Stated geo.Number
}

// MarshalJSON writes a rate without shoreline, and a length that nobody stated, as null.
func (r Row) MarshalJSON() ([]byte, error) {
	return json.Marshal(rowJSON{plainRow: plainRow(r), Rate: geo.Number(r.Rate), Stated: geo.Number(r.Stated)})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (r *Row) UnmarshalJSON(raw []byte) error {
	var in rowJSON
	if err := json.Unmarshal(raw, &in); err != nil {
		return err
	}
	*r = Row(in.plainRow)
	r.Rate, r.Stated = float64(in.Rate), float64(in.Stated)
	return nil
}
