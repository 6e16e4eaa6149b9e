package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"greenshield/geo"
	"greenshield/geo/crs"
	"greenshield/geo/format/save"
	"greenshield/layers"
	"greenshield/layers/export"
)

type exportInput struct {
	Ref    string `path:"ref" maxLength:"80" example:"redline@2023.1"`
	Format string `query:"format" required:"true" enum:"geopackage,shapefile,geojson,kml,parceltxt,csv,xlsx"`
	// CRS is what crs.Parse reads.
	CRS      string `query:"crs" maxLength:"100" example:"EPSG:4525" doc:"Degrees (EPSG:4490) by default; see above"`
	Encoding string `query:"encoding" enum:"GBK,UTF-8" doc:"Of a shapefile (UTF-8 by default) or parceltxt (GBK)"`
}

// exportTypes are the media types of the formats; text that may be in GBK names its encoding.
func exportTypes() map[save.Kind]string {
	return map[save.Kind]string{
		save.GeoPackage: "application/geopackage+sqlite3", save.Shapefile: "application/zip", save.GeoJSON: geoJSON,
		save.KML: "application/vnd.google-earth.kml+xml", save.ParcelText: "text/plain", save.CSV: csvType,
		export.Points: xlsxType,
	}
}

// notesHeader lists the codes of what a format could not hold.
const notesHeader = "Greenshield-Notes"

func (s *Server) exportRoutes() {
	var types []string
	for _, k := range export.Formats() {
		types = append(types, exportTypes()[k])
	}
	route(s, operation{
		id: "export-vintage", method: http.MethodGet, path: "/api/vintages/{ref}/export", tag: "vintages",
		summary: "A vintage as a file to download",
		about: "GeoPackage, zipped shapefile, GeoJSON, KML, survey TXT (parceltxt), CSV with WKT, or the table of " +
			"boundary points (xlsx). The last and parceltxt need a Gauss-Krüger zone, and take that of the layer's middle " +
			"when none is named; GeoJSON and KML are in degrees. The file is made whole before it is sent; what a format " +
			"cannot hold is a problem, or its code is listed in the header " + notesHeader + ". Where the format has a place for it, the file says " +
			"where its data come from.",
		problems: []int{http.StatusNotFound, http.StatusRequestTimeout, http.StatusInsufficientStorage}, heavy: true,
		produces: types[0], variants: types[1:],
	}, s.export)
}

// export makes the file on disk, so that a fault becomes a problem document and never a file that is cut off, and
// streams it from there.
func (s *Server) export(ctx context.Context, in *exportInput) (*huma.StreamResponse, error) {
	ref, err := layers.ParseRef(in.Ref)
	if err != nil {
		return nil, err
	}
	o := export.Options{Format: save.Kind(in.Format), Encoding: in.Encoding, Program: s.Program}
	if in.CRS != "" {
		if o.System, err = crs.Parse(in.CRS); err != nil {
			return nil, err
		}
	}
	if o.Printer, err = s.printer(ctx); err != nil {
		return nil, err
	}
	leave, err := s.enter()
	if err != nil {
		return nil, err
	}
	defer leave()
	ctx, stop := context.WithTimeout(ctx, s.limits.AnalysisTime)
	defer stop()
	dir, err := os.MkdirTemp("", "greenshield-export-")
	if err != nil {
		return nil, err
	}
	out, err := s.exportTo(ctx, ref, filepath.Join(dir, "file"), o)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return out, nil
}

// exportTo writes the file and answers with it; when it is sent, its folder is removed.
func (s *Server) exportTo(
	ctx context.Context, ref layers.Ref, path string, o export.Options,
) (*huma.StreamResponse, error) {
	r, err := export.File(ctx, s.Store, ref, path, o)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	name := export.FileName(o.Printer.Title(ref.Layer), ref, o.Format)
	return &huma.StreamResponse{Body: func(c huma.Context) {
		defer os.RemoveAll(filepath.Dir(path))
		f, err := os.Open(path)
		if err != nil {
			s.log.ErrorContext(ctx, "an export is gone before it was sent", "error", err.Error())
			c.SetStatus(http.StatusInternalServerError)
			return
		}
		defer f.Close()
		c.SetHeader("Content-Type", exportTypes()[o.Format])
		c.SetHeader("Content-Length", strconv.FormatInt(info.Size(), 10))
		c.SetHeader("Content-Disposition", disposition(name))
		c.SetHeader("Cache-Control", "no-store")
		if codes := noteCodes(r.Notes); codes != "" {
			c.SetHeader(notesHeader, codes)
		}
		_, _ = io.Copy(c.BodyWriter(), f) // a visitor who has gone needs no answer
	}}, nil
}

func noteCodes(notes []*geo.Problem) string {
	var codes []string
	for _, n := range notes {
		codes = append(codes, n.Code)
	}
	slices.Sort(codes)
	return strings.Join(slices.Compact(codes), ", ")
}
