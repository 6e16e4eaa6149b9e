package main

import (
	"os"
	"path/filepath"

	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/analysis/indicator"
	"greenshield/layers/entered"
	"greenshield/layers/ingest/codes"
	"greenshield/layers/original"
	"greenshield/layers/rule"
	"greenshield/layers/store/gpkg"
	"greenshield/layers/store/memory"
)

// inWorkspace is the flag that all commands share which touch stored layers.
type inWorkspace struct {
	Workspace string `help:"cli.workspace" env:"GREENSHIELD_WORKSPACE" default:"workspace" type:"path"`
}

// storeFile is the one file that holds all layers; QGIS opens it.
func (w inWorkspace) storeFile() string { return filepath.Join(w.Workspace, "greenshield.gpkg") }

// originals is where delivered files are kept as they came.
func (w inWorkspace) originals() *original.Folder {
	return original.In(filepath.Join(w.Workspace, "originals"))
}

// ownRules is where a bureau puts rules of its own.
func (w inWorkspace) ownRules() string { return filepath.Join(w.Workspace, "rules") }

// indicators is where a bureau puts indicator sets of its own, and where the values that it enters are kept.
func (w inWorkspace) indicators() string { return filepath.Join(w.Workspace, "indicators") }

// workspace is an opened folder with everything that analyses need.
type workspace struct {
	store   *gpkg.Store
	library *layers.Library
	book    *rule.Book
	codes   *codes.Book

	indicators *indicator.Book
	values     *entered.File
}

// create opens the workspace and makes it when it is not there yet.
func (w inWorkspace) create(s *session) (*workspace, error) {
	if err := os.MkdirAll(w.Workspace, 0o755); err != nil {
		return nil, geo.NewProblem("store.file.read-only", "file", w.Workspace).Because(err)
	}
	return w.open(s)
}

// existing opens a workspace that must be there: a mistyped folder must not become an empty one that answers.
func (w inWorkspace) existing(s *session) (*workspace, error) {
	if _, err := os.Stat(w.storeFile()); err != nil {
		return nil, coded{exitUsage, geo.NewProblem("cli.workspace.missing", "file", w.storeFile())}
	}
	return w.open(s)
}

// optional opens a workspace if it is there, for what writes nothing.
func (w inWorkspace) optional(s *session) (*workspace, error) {
	if _, err := os.Stat(w.storeFile()); err != nil {
		return s.nowhere()
	}
	return w.open(s)
}

func (w inWorkspace) open(s *session) (*workspace, error) {
	store, err := gpkg.Open(s.ctx, w.storeFile())
	if err != nil {
		return nil, err
	}
	out := &workspace{store: store, library: layers.NewLibrary(store), values: entered.In(w.indicators())}
	if out.book, err = s.built.rulesWith(w.ownRules()); err == nil {
		out.codes, err = s.built.codes()
	}
	if err == nil {
		out.indicators, err = s.built.indicatorsWith(w.indicators())
	}
	if err != nil {
		store.Close()
		return nil, err
	}
	return out, nil
}

// nowhere is a workspace without a folder, for what only reads a delivered file.
func (s *session) nowhere() (*workspace, error) {
	out := &workspace{}
	var err error
	out.codes, err = s.built.codes()
	return out, err
}

// layers is the store of the workspace, an empty one when it has no folder.
func (w *workspace) layers() layers.Store {
	if w.store == nil {
		return memory.New()
	}
	return w.store
}

func (w *workspace) close() error {
	if w.store == nil {
		return nil
	}
	return w.store.Close()
}
