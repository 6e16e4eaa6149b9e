// Package leads finds places for an inspection of protected areas and the red line (绿盾): construction land and human
// activity inside them, new or enlarged since the date before, typed, with the focus problems they belong to, neighbours
// put together, and known again when they were leads before. It knows land use, activities, protected areas and the red
// line at their dates; it refuses to call a lead a violation, which only people on the spot can find, and takes nothing
// that was not known for "nothing there". The case work that follows is not its business.
//
// Thresholds are those of domain section 2.2, proposed by this program; which class and word is which kind is data.
package leads

import (
	"strings"

	"github.com/paulmach/orb"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis"
	"greenshield/layers/analysis/place"
)

// Input is what is asked about. At least one of Land and Activities, and one of Protected and Redline, must be given.
type Input struct {
	Land, LandBefore             layers.Ref // land use now and at the date before
	Activities, ActivitiesBefore layers.Ref // activity patches or points
	Protected, Redline           layers.Ref
	// Regions names the counties; Wetland and River are for the two of the eight focus problems that are places.
	Regions, Wetland, River layers.Ref
	// Batch names this inspection, such as "2026"; Earlier are the leads of earlier ones.
	Batch   string
	Earlier []Earlier
}

// Earlier is a lead of an earlier inspection. Outline is better than the Centre alone; both are in CGCS2000 degrees.
type Earlier struct {
	ID     string    `json:"id"`
	Batch  string    `json:"batch,omitempty"`
	Kind   string    `json:"kind,omitempty"`
	Status string    `json:"status,omitempty"`
	Centre orb.Point `json:"centre"`
	// Closed says that the case was dealt with and taken off the ledger (已销号).
	Closed  bool             `json:"closed,omitempty"`
	Outline orb.MultiPolygon `json:"outline,omitempty"`
}

// Result is the ledger of leads. Areas are legal areas in m², unrounded.
type Result struct {
	// Input is what was asked, without the earlier leads, of which EarlierCount says how many there were.
	Input        Input
	EarlierCount int
	// Leads are in order of region, protected area, kind and id.
	Leads []Lead
	// Gone are activities and construction land of the date before of which nothing is left, by region and size.
	Gone []Gone
	// Counts are over all places inside, listed or not, by change.
	Counts []Count
	// Absent are earlier leads at whose place nothing was found now.
	Absent []string
	// Units are the administrative units of all levels that have a name, by code.
	Units      []Unit
	Gaps       []analysis.Gap
	Provenance analysis.Provenance
}

// Unit is the name of an administrative unit.
type Unit struct{ Code, Name string }

// RegionName is the name of the unit of a level (2 province, 4 prefecture, 6 county) that a code lies in, "" when the
// region layer does not name it.
func (r Result) RegionName(code string, level int) string {
	if len(code) < level {
		return ""
	}
	for _, u := range r.Units {
		if place.Level(u.Code) == level && strings.HasPrefix(u.Code, code[:level]) {
			return u.Name
		}
	}
	return ""
}

// The changes of a place since the date before (domain section 2.2).
const (
	New       = "new"       // 新增: less than a tenth of it was there
	Enlarged  = "enlarged"  // 规模扩大
	Reduced   = "reduced"   // 减少
	Retyped   = "retyped"   // 类型改变: the same place, another kind
	Unchanged = "unchanged" // 无变化
	Unknown   = "unknown"   // 未比对: there is no date before
	Removed   = "removed"   // 消失
)

// Changes lists the changes in the order of a report.
func Changes() []string {
	return []string{New, Enlarged, Retyped, Unknown, Reduced, Unchanged, Removed}
}

// How a place stands to earlier leads.
const (
	First    = ""         // not a lead before
	Repeated = "repeated" // a lead before that is not closed
	Recurred = "recurred" // a lead before that was closed: 销号后再次发现
)

// The sources of a lead.
const (
	FromLand     = "landuse"
	FromActivity = "activity"
)

// Lead is one place to look at.
type Lead struct {
	// ID names the place: the county's code and the position, or the number that an earlier inspection gave it.
	ID         string
	Recurrence string
	// Earlier are the earlier leads at the place, the one that lent its number first, with that one's batch and status.
	Earlier                     []string
	EarlierBatch, EarlierStatus string

	// Kind is the kind of activity (data/codes/activities.yaml), KindBefore that of most of it at the date before.
	Kind, KindBefore string
	// Words are the delivered words or land-use classes, as they came.
	Words  []string
	Change string
	// Area is inside protected areas and red line; Before is what was there before of the same, Added what was not.
	// Points counts activities delivered as points, which have no area.
	Area, Before, Added geo.Area
	Points              int

	Focus4, Focus8 bool
	// In names further layers that make a focus problem: "wetland" (侵占湿地), "river" (挤占河湖岸).
	In []string
	// Areas are the protected areas the place lies in, the largest share first; more than one overlap each other.
	Areas []Area
	// Redline is what of the place lies in the red line.
	Redline      geo.Area
	RedlineNames []string
	// InRedline says so for points as well.
	InRedline bool

	Region, RegionName string
	// Place is the code of the place that land use states, township first: nine digits and more.
	Place   string
	Parts   []Part
	Centre  orb.Point
	Outline orb.MultiPolygon
}

// Area is a protected area, or a zone of one, that a lead lies in.
type Area struct {
	Feature                 int64
	Code, Name, Type, Level string
	// Zone is the token, ZoneWord the delivered word, Vocabulary the law whose word it is: "old", "new", "both" or "".
	Zone, ZoneWord, Vocabulary string
	Area                       geo.Area
}

// Part is a delivered patch of a lead.
type Part struct {
	Source  string
	Feature int64
	Code    string
	Word    string
	Name    string
	Kind    string
	Area    geo.Area
}

// Gone is a place of the date before of which nothing is left.
type Gone struct {
	Source, Code, Word, Kind string
	Region                   string
	Area                     geo.Area
	Centre                   orb.Point
	Outline                  orb.MultiPolygon
}

// Count is how many places of one change there are and their area.
type Count struct {
	Change string
	Places int
	Area   geo.Area
	// Listed is how many of them are in Leads.
	Listed int
}
