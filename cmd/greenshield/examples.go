package main

import (
	"fmt"
	"strings"

	"github.com/alecthomas/kong"
)

// commandExamples are shown in the help of the program and of each command; a shell line is the same in every
// language.
var commandExamples = map[string]string{
	"greenshield": `
    greenshield demo
    greenshield serve
    greenshield import --layer redline --theme redline --vintage 2023 --coverage everywhere redline.zip
    greenshield check --report result.xlsx parcel.txt
    greenshield change --report change.xlsx redline@2023.1 redline@2024.1`,
	"serve": `
    greenshield serve
    greenshield serve --workspace /srv/greenshield --address 127.0.0.1:9000
    GREENSHIELD_ADDRESS=127.0.0.1:9000 greenshield serve`,
	"demo": `
    greenshield demo
    greenshield demo --workspace /tmp/city --scale 4`,
	"import": `
    greenshield import --layer region --theme region --vintage 2023 --coverage extent counties.geojson
    greenshield import --layer redline --theme redline --vintage 2023 --coverage region@2023.1 redline.zip
    greenshield import --layer protected --theme protected --vintage 2023 --crs EPSG:4525 --rejects bad.csv areas.shp
    greenshield import --layer protected --theme protected --vintage 2024 --treat-as EPSG:4490 cnuc.shp
    greenshield import --layer redline --theme redline --vintage 2011 --treat-as EPSG:2360 --datum-shift dx,dy,dz,rx,ry,rz,ppm old.shp`,
	"preview": `
    greenshield preview parcel.zip
    greenshield preview --theme redline redline.gpkg`,
	"check": `
    greenshield check parcel.txt
    greenshield check --activity mining --date 2025-06-30 --report result.xlsx --overlaps overlaps.geojson parcels.zip
    greenshield check --report result.xlsx --receipt receipt.json parcel.txt
    greenshield check --json --tolerance 0 parcel.geojson`,
	"change": `
    greenshield change redline@2024.1 redline@2025.1
    greenshield change --regions region@2024.1 --report change.xlsx landuse@2024.1 landuse@2025.1
  greenshield change --patches patches.geojson landuse@2024.1 landuse@2025.1`,
	"shoreline": `
    greenshield shoreline shoreline-lines@2024.1
    greenshield shoreline --line bankline@2024.1 --regions region@2024.1 --report rate.xlsx shoreline@2024.1`,
	"nodecrease": `
    greenshield nodecrease redline@2022.1 redline@2025.1
    greenshield nodecrease --regions region@2024.1 --land-before landuse@2022.1 --land-now landuse@2025.1 --approvals approvals.csv --scores scores.xlsx --report nodecrease.xlsx redline@2022.1 redline@2025.1`,
	"construction": `
    greenshield construction landuse@2024.1 landuse@2025.1
    greenshield construction --regions region@2024.1 --zones redline@2025.1 --zones urban@2024.1 --report land.xlsx landuse@2024.1 landuse@2025.1
    greenshield construction --figures yearbook.xlsx --patches --geojson patches.geojson landuse@2024.1 landuse@2025.1`,
	"indicator": `
    greenshield indicator template --to values.xlsx --year 2025
    greenshield indicator enter values.xlsx
    greenshield indicator assess --year 2025 --report indicators.xlsx`,
	"assess": `
    greenshield indicator assess
    greenshield indicator assess --set ecf-2021 --year 2024 --year 2025 --table assessment --report indicators.xlsx`,
	"template": `
    greenshield indicator template --to values.xlsx
    greenshield indicator template --to values.csv --year 2025 --regions region@2024.1`,
	"enter": `
    greenshield indicator enter values.xlsx
    greenshield indicator enter --sheet 2025 values.xlsx`,
	"leads": `
    greenshield leads --batch 2026 --report ledger.xlsx
    greenshield leads --land landuse@2025.1 --land-before landuse@2024.1 --protected protected@2024.1 --redline redline@2024.1 --regions region@2024.1 --batch 2026 --report ledger.xlsx
    greenshield leads --activities activity@2025.1 --protected protected@2024.1 --earlier ledger-2025.csv --geojson leads.geojson`,
	"export": `
    greenshield export redline@2023.1 --to redline.gpkg
    greenshield export redline@2023.1 --to redline.zip --encoding GBK --crs EPSG:4525
    greenshield export parcels@2024.1 --to points.xlsx --crs EPSG:4525
    greenshield export parcels@2024.1 --to parcels.txt --replace`,
	"verify": `
    greenshield verify receipt.json
    greenshield verify --id 7Q2MX-0H4KD-9ZT3W-V1C8R receipt.json
    greenshield verify --against /srv/greenshield receipt.json`,
	"replay": `
    greenshield replay receipt.json
    greenshield replay --workspace /srv/greenshield --json receipt.json`,
	"openapi": `
    greenshield openapi > openapi.json`,
	"problems": `
    greenshield problems
    greenshield problems ingest.zip.encrypted`,
	"version": `
    greenshield version`,
}

// explain gives every command and its flags their words, and puts the examples, and what exit codes mean, below its
// description.
func (s *session) explain(node *kong.Node) error {
	if err := s.translate(node); err != nil {
		return err
	}
	node.Detail = s.word("cli.examples") + "\n" + commandExamples[node.Name]
	if codes := "cli." + node.Name + ".codes"; s.texts.Has(codes) {
		node.Detail += "\n\n" + s.word(codes)
	}
	for _, child := range node.Children {
		if err := s.explain(child); err != nil {
			return err
		}
	}
	return nil
}

// translate puts the words in the place of the keys that the tags of a command name. The parser could do it, but for
// every flag it goes through all words, which cost more than most commands.
func (s *session) translate(node *kong.Node) error {
	helps := []*string{&node.Help}
	for _, f := range node.Flags {
		helps = append(helps, &f.Help)
	}
	for _, p := range node.Positional {
		helps = append(helps, &p.Help)
	}
	for _, help := range helps {
		if key := *help; strings.HasPrefix(key, "cli.") {
			if !s.texts.Has(key) {
				return fmt.Errorf("no text for %s", key)
			}
			*help = s.word(key)
		}
	}
	return nil
}
