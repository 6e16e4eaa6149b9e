package receipt_test

import (
	"encoding/json"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"greenshield/geo/ellipsoid"
	"greenshield/layers"
	"greenshield/layers/analysis/conflict"
	"greenshield/layers/inquiry"
	"greenshield/layers/receipt"
	"greenshield/layers/rule"
	"greenshield/layers/store/memory"
)

var rules = sync.OnceValues(func() (*rule.Book, error) { return rule.Load(os.DirFS("../../data/rules")) })

// house is a workspace in memory.
type house struct {
	inquiry.Desk
	t     testing.TB
	clock time.Time
}

// now is a time in a bureau's zone; one that prints a fraction.
var now = time.Date(2026, 6, 1, 8, 30, 0, 123456789, time.FixedZone("", 8*3600))

func newHouse(t testing.TB) *house {
	t.Helper()
	book, err := rules()
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, clock: now}
	store := memory.New()
	store.Now = func() time.Time { return h.clock }
	h.Desk = inquiry.Desk{
		Library: layers.NewLibrary(store), Rules: book, Program: "greenshield test",
		Now: func() time.Time { return h.clock },
	}
	return h
}

// square has its south-west corner so many hundredths of a degree east of 109.4° E, at 23° N.
func square(east, side float64) orb.MultiPolygon {
	x, s := 109.4+east/100, side/100
	return orb.MultiPolygon{{{{x, 23}, {x + s, 23}, {x + s, 23 + s}, {x, 23 + s}, {x, 23}}}}
}

// publish adds a vintage that is complete everywhere, with a square of core zone or of nothing in particular. Its
// publication is dated by the house's clock.
func (h *house) publish(id layers.LayerID, theme layers.Theme, vintage string, at float64) layers.Ref {
	h.t.Helper()
	shape := square(at, 1)
	return h.publishFeature(id, theme, vintage, layers.Feature{
		Geometry: shape, Area: ellipsoid.Area(shape),
		Roles: map[layers.Role]string{layers.Zone: "核心保护区", layers.Name: "名 <" + string(id) + ">"},
	})
}

func (h *house) publishFeature(id layers.LayerID, theme layers.Theme, vintage string, f layers.Feature) layers.Ref {
	h.t.Helper()
	ctx := h.t.Context()
	v := layers.Vintage{
		Ref: layers.Ref{Layer: id, Vintage: vintage}, Theme: theme,
		Coverage: layers.Coverage{Kind: layers.CoverageEverywhere},
	}
	draft, err := h.Library.Store().Begin(ctx, layers.Layer{ID: id, Theme: theme, Title: "图层 " + string(id)}, v)
	if err != nil {
		h.t.Fatal(err)
	}
	if err := draft.Append(ctx, f); err != nil {
		h.t.Fatal(err)
	}
	done, err := draft.Commit(ctx, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return done.Ref
}

// parcel is a square of half a hundredth of a degree.
func parcel(row int64, at float64) conflict.Parcel {
	shape := square(at, 0.5)
	return conflict.Parcel{Row: row, Name: "地块", Geometry: shape, Area: ellipsoid.Area(shape), AreaMethod: "legal-plane"}
}

// question asks about two parcels: one in the red line of publish(…, 0), one far from everything.
func question(edit func(*inquiry.Conflict)) json.RawMessage {
	q := inquiry.Conflict{Activity: "construction", Parcels: []conflict.Parcel{parcel(1, 0.2), parcel(2, 30)}}
	if edit != nil {
		edit(&q)
	}
	raw, err := json.Marshal(q)
	if err != nil {
		panic(err)
	}
	return raw
}

// ask answers a question and makes its receipt.
func (h *house) ask(kind string, question json.RawMessage) receipt.Sealed {
	h.t.Helper()
	k, err := inquiry.Find(kind)
	if err != nil {
		h.t.Fatal(err)
	}
	a, err := k.Ask(h.t.Context(), h.Desk, question)
	if err != nil {
		h.t.Fatal(err)
	}
	r, err := receipt.Of(h.t.Context(), h.Library, question, a, &receipt.File{Name: "地块.txt", SHA256: layers.Hash{1, 2}})
	if err != nil {
		h.t.Fatal(err)
	}
	s, err := receipt.Seal(r)
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

// city has a red line and a protected area that no parcel touches, of 2024.
func city(t testing.TB) *house {
	h := newHouse(t)
	h.publish("redline", layers.Redline, "2024", 0)
	h.publish("protected", layers.Protected, "2024", 60)
	return h
}

func open(t testing.TB, raw []byte) receipt.Opened {
	t.Helper()
	o, err := receipt.Open(raw)
	if err != nil {
		t.Fatal(err)
	}
	return o
}
