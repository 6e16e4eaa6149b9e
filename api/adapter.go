package api

import (
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"greenshield/geo"
)

// adapter joins huma to gin like humagin does, and also serves paths whose last parameter carries an extension,
// such as /{y}.mvt: gin takes a whole segment as one parameter.
type adapter struct {
	engine *gin.Engine
	refuse func(*gin.Context, error)
}

// ServeHTTP lets huma's own helpers call the router.
func (a *adapter) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.engine.ServeHTTP(w, r) }

// Handle registers one operation.
func (a *adapter) Handle(op *huma.Operation, handler func(huma.Context)) {
	path, param, extension := splitExtension(op.Path)
	path = strings.NewReplacer("{", ":", "}", "").Replace(path)
	a.engine.Handle(op.Method, path, func(c *gin.Context) {
		if extension != "" && !trimParam(c, param, extension) {
			a.refuse(c, geo.NewProblem("api.route.unknown", "path", c.Request.URL.Path))
			return
		}
		handler(humagin.NewContext(op, c))
	})
}

// splitExtension takes ".mvt" off "/…/{y}.mvt".
func splitExtension(path string) (cut, param, extension string) {
	open, end := strings.LastIndexByte(path, '{'), strings.LastIndexByte(path, '}')
	if end < 0 || strings.Contains(path[end:], "/") || end == len(path)-1 {
		return path, "", ""
	}
	return path[:end+1], path[open+1 : end], path[end+1:]
}

func trimParam(c *gin.Context, param, extension string) bool {
	for i, p := range c.Params {
		if p.Key == param {
			value, ok := strings.CutSuffix(p.Value, extension)
			c.Params[i].Value = value
			return ok
		}
	}
	return false
}
