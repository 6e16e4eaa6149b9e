# Sourced by the scripts of this folder: the program, a demo city and a temporary folder for them.
#
#   GREENSHIELD  a binary to compare; built from this checkout when empty
#   WORKSPACE    a workspace made by `greenshield demo`; made when empty
#
# Sets gs, city and temp. A script that has more to clear up redefines tidy.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
temp=$(mktemp -d)
chmod 755 "$temp" # the database server runs as another user
tidy() { :; }
trap 'tidy; rm -rf "$temp"' EXIT

# ensure TOOL PACKAGE… installs Debian packages when a tool is not there.
ensure() {
  local tool=$1
  shift
  command -v "$tool" >/dev/null 2>&1 || [ -e "$tool" ] || install_packages "$@"
}

install_packages() {
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "compare: please install as root: apt-get install $*" >&2
    exit 1
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

prepare_city() {
  gs=${GREENSHIELD:-}
  if [ -z "$gs" ]; then
    gs=$temp/greenshield
    (cd "$root" && CGO_ENABLED=0 go build -o "$gs" ./cmd/greenshield)
  fi
  city=${WORKSPACE:-}
  if [ -z "$city" ]; then
    city=$temp/city
    "$gs" demo -q --workspace "$city"
  fi
}
