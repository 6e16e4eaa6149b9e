package analysis

import (
	"encoding/json"
	"fmt"
)

// verdicts lists the verdicts in their order.
func verdicts() []Verdict {
	return []Verdict{Clear, Conditional, ApprovalRequired, Prohibited, Incomplete}
}

// ParseVerdict reads a verdict's published word.
func ParseVerdict(word string) (Verdict, error) {
	for _, v := range verdicts() {
		if v.String() == word {
			return v, nil
		}
	}
	return Incomplete, fmt.Errorf("verdict %q is not known", word)
}

// MarshalJSON writes the published word.
func (v Verdict) MarshalJSON() ([]byte, error) { return json.Marshal(v.String()) }

// UnmarshalJSON reads the published word, and the number that results were kept with at first.
func (v *Verdict) UnmarshalJSON(raw []byte) error {
	var number int
	if json.Unmarshal(raw, &number) == nil {
		if number < int(Clear) || number > int(Incomplete) {
			return fmt.Errorf("verdict %d is not known", number)
		}
		*v = Verdict(number)
		return nil
	}
	var word string
	if err := json.Unmarshal(raw, &word); err != nil {
		return err
	}
	read, err := ParseVerdict(word)
	*v = read
	return err
}
