// Package web holds the built browser application. It knows that there are files and whether they were built; what
// they show is written in TypeScript beside it, and serving them is the api's affair.
package web

import (
	"embed"
	"io/fs"
)

// dist is what `npm run build` leaves; a tree without a build holds only .gitkeep, so that the binary compiles.
//
//go:embed all:dist
var dist embed.FS

// Dist is the built application with index.html at its root.
func Dist() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // "dist" is a valid path, so only a mistake here can fail
	}
	return sub
}

// Built reports whether the application was built before the binary was.
func Built() bool {
	_, err := fs.Stat(dist, "dist/index.html")
	return err == nil
}
