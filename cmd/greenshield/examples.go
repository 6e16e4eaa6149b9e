package main

// commandExamples are shown below a command's flags. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 input refused;
// check adds 10 conditional, 11 approval required, 12 prohibited, 13 incomplete.
var commandExamples = map[string]string{
	"serve": `
  greenshield serve
  greenshield serve --workspace /srv/greenshield --address 127.0.0.1:9000
  GREENSHIELD_ADDRESS=127.0.0.1:9000 greenshield serve`,
	"demo": `
  greenshield demo
  greenshield demo --workspace /tmp/city --scale 4
  greenshield demo --files-only /tmp/files`,
	"import": `
  greenshield import --layer region --theme region --vintage 2023 counties.geojson
  greenshield import --layer redline --theme redline --vintage 2023 --coverage region@2023.1 redline.zip
  greenshield import --layer protected --theme protected --vintage 2023 --crs EPSG:4525 --rejects bad.csv areas.shp
  greenshield import --layer protected --theme protected --vintage 2024 --treat-as EPSG:4490 cnuc.shp`,
	"check": `
  greenshield check parcel.txt
  greenshield check --activity mining --date 2025-06-30 --report result.xlsx --overlaps overlaps.geojson parcels.zip
  greenshield check --json parcel.geojson

  exit code 0 clear, 10 conditional, 11 approval required, 12 prohibited, 13 incomplete`,
	"change": `
  greenshield change redline@2024.1 redline@2025.1
  greenshield change --regions region@2024.1 --report change.xlsx --patches patches.geojson landuse@2024.1 landuse@2025.1`,
	"shoreline": `
  greenshield shoreline shoreline-lines@2024.1
  greenshield shoreline --line bankline@2024.1 --regions region@2024.1 --report rate.xlsx shoreline@2024.1`,
}
