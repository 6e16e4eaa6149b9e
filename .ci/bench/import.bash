# Sourced by run after ../compare/city.bash: an import beside ogr2ogr, which copies the same file into a GeoPackage with a
# spatial index and does nothing else with it. Both are whole programs, from start to end, on the same two processors.

# import_files makes what is imported, once: the land use of the city as GeoPackage and as shapefile.
import_files() {
  [ -e "$made/landuse2022.gpkg" ] || {
    ogr2ogr -f GPKG "$made/part.gpkg" "GeoJSONSeq:$city/landuse2022.geojsonl" -nln landuse2022
    mv "$made/part.gpkg" "$made/landuse2022.gpkg"
  }
  [ -e "$made/landuse2022.shp" ] ||
    ogr2ogr -f "ESRI Shapefile" "$made/landuse2022.shp" "$made/landuse2022.gpkg" -lco ENCODING=UTF-8
}

# lap KEY COMMAND… runs a command, and appends its time from start to end and the processor time that it took to laps.
# What the command before has left to be put on the disk is put there first, or it would count for this one.
lap() {
  local key=$1 TIMEFORMAT='%R %U %S'
  shift
  sync
  { time "${on_two[@]}" "$@" >/dev/null 2>"$temp/lap.err"; } 2>"$temp/lap" || {
    cat "$temp/lap.err" >&2
    return 1
  }
  awk -v key="$key" '{ printf "%s\t%s\n%s.processor\t%.3f\n", key, $1, key, $2 + $3 }' "$temp/lap" >>"$temp/laps"
}

# least prints a line of results for every key: the least of its laps.
least() {
  awk -F'\t' '!($1 in best) || $2 < best[$1] { best[$1] = $2 } END { for (k in best) printf "%s\t%s\t0\n", k, best[k] }' \
    "$temp/laps"
}

imports() {
  local kind n
  on_two=()
  [ "$(nproc)" -le 2 ] || on_two=(taskset -c 0,1)
  import_files
  (cd "$root" && CGO_ENABLED=0 go build -o "$made/greenshield" ./cmd/greenshield)
  : >"$temp/laps"
  for kind in gpkg shp; do
    for ((n = 0; n < times; n++)); do # in turns, so that other work on the machine meets both
      # Each gets the memory back in which its own files of the time before were kept.
      rm -rf "$temp/out.gpkg"
      lap "ogr2ogr.$kind" ogr2ogr -f GPKG "$temp/out.gpkg" "$made/landuse2022.$kind"
      rm -rf "$temp/import"
      lap "import.$kind" "$made/greenshield" import --workspace "$temp/import" --quiet --layer landuse --theme landuse \
        --vintage 2022 --treat-as EPSG:4490 --sign-off bench "$made/landuse2022.$kind"
    done
  done
  least
}
