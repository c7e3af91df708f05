# What the proofs share. Sourced; `verify` has set PORTCULLIS_STACK, REPORT, PROOF_WORK, PROBE.
# shellcheck shell=bash

# shellcheck source=docker/stack.d/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
if [[ -f $state/env ]]; then
  need_init
fi

project=${COMPOSE_PROJECT_NAME:-portcullis}
work=${PROOF_WORK:-}
readonly project
# shellcheck disable=SC2034 # the proofs use it
readonly work

record() { # RESULT TEXT
  printf '%-8s %.900s\n' "$1" "$2" | tee -a "$REPORT"
  printf '%s\n' "$1" >>"$REPORT_LINES"
}
ok() { record ok "$*"; }
failed() { record FAILED "$*"; }
skipped() { record SKIPPED "$*"; }
note() { printf '         %.900s\n' "$*" | tee -a "$REPORT"; }

check() { # TEXT COMMAND... ; what the command prints is why it failed
  local text=$1 why
  shift
  if why=$("$@" 2>&1); then
    ok "$text"
  else
    failed "$text: ${why:-${*}}"
    return 1
  fi
}

equals() { # TEXT WANTED GOT
  if [[ $3 == "$2" ]]; then
    ok "$1: $2"
  else
    failed "$1: $3 instead of $2"
  fi
}

# --- containers ----------------------------------------------------------------------------------

containers() { # names of those that run, without one-off ones
  docker ps --filter "label=com.docker.compose.project=$project" --filter label=com.docker.compose.oneoff=False \
    --format '{{.Names}}' | sort
}

services() { # names of services that run
  docker ps --filter "label=com.docker.compose.project=$project" --filter label=com.docker.compose.oneoff=False \
    --format '{{.Label "com.docker.compose.service"}}' | sort
}

has_service() { services | grep -qx -- "$1"; }

container() { # SERVICE
  docker ps --all --filter "label=com.docker.compose.project=$project" --filter label=com.docker.compose.oneoff=False \
    --filter "label=com.docker.compose.service=$1" --format '{{.Names}}' | head -n 1
}

inside() { # SERVICE COMMAND...
  local name
  name=$(container "$1")
  shift
  docker exec --interactive "$name" "$@" </dev/null
}

health() { # SERVICE ; one word
  docker inspect --format '{{if .State.Running}}{{if .State.Health}}{{.State.Health.Status}}{{else}}running{{end}}{{else}}{{.State.Status}}{{end}}' \
    "$(container "$1")"
}

serves() { [[ $(health "$1") == healthy || $(health "$1") == running ]]; }

all_serve() {
  local states
  states=$(docker ps --all --filter "label=com.docker.compose.project=$project" \
    --filter label=com.docker.compose.oneoff=False --format '{{.State}} {{.Status}}' | grep -v '^exited Exited (0)')
  [[ $states ]] && ! grep -qv '^running .*(healthy)$' <(grep -v '^running Up [^(]*$' <<<"$states")
}

within() { # SECONDS COMMAND... ; tries once a second, and prints what the last try said; says in $took how long it was
  local limit=$1 since=$SECONDS last
  shift
  until last=$("$@" 2>&1); do
    took=$((SECONDS - since))
    ((took < limit)) || { printf "%s" "$last" && return 1; }
    sleep 1
  done
  took=$((SECONDS - since))
}

now_ms() { printf '%d' $((${EPOCHREALTIME/[.,]/} / 1000)); }

seconds() { # MILLISECONDS ; with one decimal
  printf '%d.%d' $(($1 / 1000)) $(($1 % 1000 / 100))
}

# --- the client ----------------------------------------------------------------------------------

probe() { docker exec --interactive "$PROBE" "$@" </dev/null; } # COMMAND... in the client's container

login() { probe /inside/login "$1" "$2" "/work/$1.jar"; } # USER TENANT ; the cookies are then in USER.jar

call() { # USER METHOD PATH [JSON] ; prints the status; body and headers in $work/USER.{body,head}
  probe /inside/call "$@"
}

with_jq() { docker exec --interactive "$PROBE" jq "$@"; } # standard input

# --- Prometheus ----------------------------------------------------------------------------------

get_inside() { # SERVICE PORT PATH ; the body of a 200, asked for by the container itself
  # shellcheck disable=SC2016 # the container's own
  inside "$1" bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$0" || exit 1
    printf "GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n" "$1" >&3
    { read -r _ status _; while IFS= read -r line && [[ $line != $'"'\\r'"' ]]; do :; done
      cat; [[ $status == 200 ]]; } <&3' "$2" "$3"
}

prometheus() { # QUERY ; the result, a JSON list
  local query
  # shellcheck disable=SC2016 # jq's own
  query=$(with_jq --null-input --raw-output --arg query "$1" '$query | @uri' </dev/null)
  get_inside prometheus 9090 "/api/v1/query?query=$query" | with_jq --compact-output '.data.result // error("no data")'
}

# --- the database --------------------------------------------------------------------------------

sql() { # STATEMENT
  inside postgres psql --no-psqlrc --quiet --no-align --tuples-only --username postgres --host /run/postgresql \
    --dbname portcullis --command "$1"
}

tenant_schema() { # NAME
  sql "SELECT 't_' || id FROM platform.tenant WHERE name = '$1'"
}
