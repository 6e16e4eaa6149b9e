# Sourced by run after ../compare/city.bash: a PostGIS server of its own, the city in it, and its queries timed.
#
# The server listens on a socket in a temporary folder and on no port. It is set up as a careful administrator would:
# no just-in-time compiler, which only costs here, memory for the whole city, and planner costs of a solid-state disk.

as_server_user() {
  if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

tidy() {
  [ -d "$temp/server/data" ] || return 0
  as_server_user "$bin/pg_ctl" -D "$temp/server/data" -m immediate stop >/dev/null 2>&1 || true
}

find_server() { bin=$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -1) || bin=; }

# Debian would start a server of its own when it installs one; ours is enough.
install_server() {
  local version
  find_server
  if [ -z "$bin" ]; then
    if [ "$(id -u)" -eq 0 ] && [ ! -e /etc/postgresql-common ]; then
      mkdir -p /etc/postgresql-common/createcluster.d
      echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.d/bench.conf
    fi
    install_packages postgresql
    find_server
  fi
  version=$(basename "$(dirname "$bin")")
  compgen -G "/usr/lib/postgresql/$version/lib/postgis-*.so" >/dev/null ||
    install_packages "postgresql-$version-postgis-3"
}

start_server() {
  mkdir "$temp/server"
  [ "$(id -u)" -ne 0 ] || chown postgres "$temp/server"
  as_server_user "$bin/initdb" -D "$temp/server/data" -E UTF8 --locale=C.UTF-8 --auth=trust -U bench >/dev/null
  as_server_user "$bin/pg_ctl" -D "$temp/server/data" -l "$temp/server/log" -w start -o "-c listen_addresses= \
    -k $temp/server -c fsync=off -c jit=off -c shared_buffers=2GB -c work_mem=256MB -c maintenance_work_mem=512MB \
    -c effective_cache_size=8GB -c random_page_cost=1.1" >/dev/null
  export PGHOST=$temp/server PGUSER=bench PGDATABASE=postgres PGOPTIONS='-c client_min_messages=warning'
  sql -c 'create extension postgis'
}

sql() { psql -X -q -v ON_ERROR_STOP=1 "$@"; }

# load LAYER… copies layers of the city into PostGIS; ogr2ogr makes the GiST index.
load() {
  local layer
  for layer in "$@"; do
    say "PostGIS: loading $layer"
    ogr2ogr -f PostgreSQL "PG:dbname=postgres" "GeoJSONSeq:$city/$layer.geojsonl" -nln "$layer" -a_srs EPSG:4490 \
      -lco GEOMETRY_NAME=geom -lco FID=fid -lco UNLOGGED=YES --config PG_USE_COPY YES
    sql -c "vacuum analyze $layer"
  done
}

# timed KEY TIMES FILE [processor] runs a script of ../shared/bench/postgis so often and prints a line of results: the
# key, the least time in seconds, and the total area, which is column 2 of the script's last row; column 3, where there
# is one, is the area that changed. The time is the sum of the statements' times, or the processor time of the one
# process that does them.
timed() {
  local key=$1 times=$2 file=$3 kind=${4:-wall} i
  local spent='\! echo processor $(cut -d" " -f14,15 /proc/$BACKEND/stat) '$(getconf CLK_TCK)
  say "PostGIS: $(basename "$file"), $times times"
  { printf '%s\n' 'select pg_backend_pid() as pid \gset' '\setenv BACKEND :pid' "$spent" '\timing on'
    cat "$file"
    printf '%s\n' '' "$spent"; } >"$temp/timed.sql"
  for ((i = 0; i < times; i++)); do
    sql -At -f "$temp/timed.sql" >"$temp/timed.out"
    awk -v key="$key" -v kind="$kind" -F'|' '
      /^Time: / { split($0, t, " "); wall += t[2] / 1000; next }
      /^processor / { split($0, t, " "); spent = (t[2] + t[3]) / t[4] - spent; next }
      NF >= 2 { total = $2; changed = $3 }
      END { printf "%s\t%.6f\t%.15g\t%s\n", key, kind == "processor" ? spent : wall, total, changed }' "$temp/timed.out"
  done | sort -t"$(printf '\t')" -g -k2 | head -1 | awk -F'\t' '
    { printf "%s\t%s\t%s\n", $1, $2, $3 }
    $4 != "" { printf "%s.changed\t0\t%s\n", $1, $4 }' >>"$results"
}
