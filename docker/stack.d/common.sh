# What the commands of the stack share. Sourced.
# shellcheck shell=bash

stack_d=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
docker_d=$(dirname "$stack_d")
root=$(dirname "$docker_d")
state=${PORTCULLIS_STACK:-$root/.portcullis/stack}
[[ $state == /* ]] || state=$PWD/$state
readonly stack_d docker_d root state

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "portcullis stack: $*"
  exit 1
}

wrong() {
  say "portcullis stack: $*"
  exit 2
}

missing() {
  say "portcullis stack: $*"
  exit 3
}

help() { # what stands at the head of the command's own file
  sed -n -e '2,/^[^#]/s/^# \{0,1\}//p' "$0"
}

need_engine() {
  command -v docker >/dev/null || missing "docker is missing. On Debian: apt-get install docker.io iptables"
  docker compose version >/dev/null 2>&1 ||
    missing "Docker Compose 2 is missing. On Debian 13: apt-get install docker-compose docker-buildx"
  docker info >/dev/null 2>&1 || missing "the Docker engine does not answer: $(docker info 2>&1 | tail -n 1)"
}

need_init() {
  [[ -f $state/env ]] || missing "nothing is initialised in $state. Run: ./portcullis stack init"
  set -a
  # shellcheck disable=SC1091 # made by init
  source "$state/env"
  set +a
  export STACK_STATE=$state
}

# Commands that change the state or its containers take turns. What one of them calls has its turn already: it
# has inherited the descriptor. Who waits is told at once, and gives up after a while.
take_turn() {
  local lock=$state/.lock limit=${STACK_LOCK_SECONDS:-600} busy
  [[ ! /proc/$$/fd/9 -ef $lock ]] || return 0
  exec 9>>"$lock"
  if ! flock --nonblock 9; then
    busy="another command of the stack is at work in $state ($(tail -n 1 "$lock"))"
    say "portcullis stack: $busy; waiting for up to $limit s"
    flock --timeout "$limit" 9 || fail "$busy"
  fi
  printf '%s, process %d\n' "${0##*/}" "$$" 2>/dev/null >"$lock" || true # on a full disk as well
}

compose() {
  local files=(-f "$docker_d/compose.yaml" -f "$docker_d/compose.backup.yaml" -f "$docker_d/compose.monitor.yaml") extra
  for extra in ${STACK_COMPOSE_FILES:-}; do
    [[ $extra == /* ]] || extra=$root/$extra
    files+=(-f "$extra")
  done
  if [[ ${STACK_LOGS:-no} == yes ]]; then
    files+=(-f "$docker_d/compose.logs.yaml" -f "$docker_d/logging.yaml" --profile logs)
  fi
  docker compose --env-file "$state/env" "${files[@]}" "$@"
}

# Rows of a list file without comments.
rows() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$stack_d/$1.list"; }

user_of() { # FOLDER
  local uid
  uid=$(rows users | awk -v folder="$1" '$1 == folder { print $2 }')
  [[ $uid ]] || fail "users.list does not say whose the folder $1 is"
  printf '%s' "$uid"
}

# What belongs to the users of containers can be changed by a container alone: this machine's user may
# be anybody. No network, no right but those over files.
as_root() { # ARGUMENTS of bash
  docker run --rm --interactive --network none --read-only --tmpfs /tmp --cap-drop ALL --cap-add CHOWN \
    --cap-add DAC_OVERRIDE --cap-add FOWNER --security-opt no-new-privileges --volume "$state:/state" \
    --volume "$stack_d:/stack.d:ro" debian:trixie-slim bash "$@"
}

# Gateways have no login that may change schemas; a command brings them to the version of its image.
migrate() {
  compose --profile tools run --rm --no-deps -T cli tenant migrate >"$state/migrate.log" 2>&1 || {
    tail -n 5 "$state/migrate.log" >&2
    fail "the database could not be brought to this version"
  }
}

image() { printf 'portcullis/%s:%s' "$1" "${STACK_VERSION:-0.1.0}"; }

has_image() { docker image inspect "$1" >/dev/null 2>&1; }

need_base() {
  has_image debian:trixie-slim || timeout 120 docker pull --quiet debian:trixie-slim >/dev/null 2>&1 ||
    "$docker_d/base"
}

# One image by its folder. What a company's network needs for packages is taken from this machine and
# reaches the build alone: ~/.m2/settings.xml, and the authorities that this machine trusts.
build_image() { # FOLDER
  local folder=$1 arguments=() log=$state/build-$1.log ca
  need_base
  [[ ! -f ${HOME:-}/.m2/settings.xml ]] || arguments+=(--secret "id=maven_settings,src=$HOME/.m2/settings.xml")
  for ca in "${SSL_CERT_FILE:-}" /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt; do
    if [[ -f $ca ]]; then
      arguments+=(--secret "id=ca,src=$ca")
      break
    fi
  done
  case $folder in
    gateway) arguments+=(--build-arg "JAR=${STACK_JAR:-maven}") ;;
    keycloak) arguments+=(--build-arg "KEYCLOAK=${STACK_KEYCLOAK:-maven}") ;;
  esac
  say "portcullis stack: building $(image "$folder")"
  mkdir -p "$state"
  if ! DOCKER_BUILDKIT=1 docker build --progress=plain "${arguments[@]}" --file "$docker_d/$folder/Dockerfile" \
    --tag "$(image "$folder")" "$root" >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    fail "the image of $folder could not be built; the whole log is $log"
  fi
}

# The folders of the images that the services of this system use.
image_folders() {
  compose config --images | sed -n 's#^portcullis/\([a-z0-9-]*\):.*#\1#p' | sort -u
}
