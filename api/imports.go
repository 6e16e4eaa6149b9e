package api

import (
	"net/http"
	"time"
)

// importDocument is an import as its visitor follows it.
type importDocument struct {
	ID       string           `json:"id"`
	State    string           `json:"state" enum:"accepted,running,successful,failed,dismissed"`
	Layer    string           `json:"layer"`
	Theme    string           `json:"theme"`
	Title    string           `json:"title"`
	Vintage  string           `json:"vintage"`
	File     string           `json:"file"`
	Progress progressInfo     `json:"progress"`
	Created  time.Time        `json:"created"`
	Finished *time.Time       `json:"finished,omitempty"`
	Ref      string           `json:"ref,omitempty" doc:"What was published"`
	Report   *importReport    `json:"report,omitempty" doc:"Absent in lists"`
	Problem  *problemDocument `json:"problem,omitempty" doc:"Why the import failed"`
}

type progressInfo struct {
	Done  int64 `json:"done"`
	Total int64 `json:"total" doc:"-1 when not known"`
}

// importReport is what reading the file brought to light.
type importReport struct {
	Read       int64             `json:"read"`
	Kept       int64             `json:"kept"`
	Repaired   int64             `json:"repaired"`
	Rejected   int               `json:"rejected"`
	Densified  int64             `json:"densified"`
	AreaBefore area              `json:"areaBefore"`
	AreaAfter  area              `json:"areaAfter"`
	Length     length            `json:"length"`
	System     string            `json:"system"`
	Declared   string            `json:"declared"`
	TreatedAs  bool              `json:"treatedAs"`
	Suspected  string            `json:"suspected"`
	Format     string            `json:"format"`
	Encoding   string            `json:"encoding"`
	Mapping    map[string]string `json:"mapping"`
	Issues     []issueInfo       `json:"issues" doc:"The first issues"`
	Unlisted   int64             `json:"unlisted" doc:"Issues that are not listed"`
	Rejects    []rejectInfo      `json:"rejects" doc:"The first rejected rows; all of them are in the CSV"`
}

type issueInfo struct {
	Row        int64     `json:"row" doc:"0 for the file as a whole"`
	Code       string    `json:"code"`
	Text       string    `json:"text"`
	Severity   string    `json:"severity" enum:"note,warning,repair,refusal"`
	Action     string    `json:"action" enum:"none,repaired,rejected"`
	At         *position `json:"at,omitempty"`
	AreaBefore *area     `json:"areaBefore,omitempty"`
	AreaAfter  *area     `json:"areaAfter,omitempty"`
}

type idInput struct {
	ID string `path:"id" maxLength:"40"`
}

func (s *Server) importRoutes() {
	missing := []int{http.StatusNotFound}
	route(s, operation{
		id: "create-import", method: http.MethodPost, path: "/api/imports", tag: "imports", status: http.StatusAccepted,
		summary: "Import a delivered file as a vintage of a layer", about: s.uploadText(), body: importBody(),
		problems: []int{
			http.StatusForbidden, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType,
			http.StatusTooManyRequests, http.StatusInsufficientStorage,
		},
	}, s.createImport)
	route(s, operation{
		id: "list-imports", method: http.MethodGet, path: "/api/imports", tag: "imports",
		summary: "Imports, newest first",
	}, s.imports)
	route(s, operation{
		id: "get-import", method: http.MethodGet, path: "/api/imports/{id}", tag: "imports",
		summary: "One import with its progress and its report", problems: missing,
	}, s.importByID)
	route(s, operation{
		id: "cancel-import", method: http.MethodPost, path: "/api/imports/{id}/cancel", tag: "imports",
		summary:  "Stop an import; nothing of it is published",
		problems: []int{http.StatusNotFound, http.StatusConflict, http.StatusForbidden},
	}, s.cancelImport)
	route(s, operation{
		id: "get-import-rejects", method: http.MethodGet, path: "/api/imports/{id}/rejects.csv", tag: "imports",
		summary: "Rows that the import did not keep", problems: missing, produces: csvType,
	}, s.importRejects)
}
