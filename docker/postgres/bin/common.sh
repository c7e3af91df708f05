# shellcheck shell=bash
# What the programs of this image share. Sourced.

readonly stanza=portcullis
# shellcheck disable=SC2034 # used by those that source this
readonly repositories=/backups/pgbackrest run=/run/portcullis

say() { printf '%s\n' "$*" >&2; }

fail() { # MESSAGE...
  say "${0##*/}: $*"
  exit 1
}

need_secrets() { # NAME... ; fails with the names of all that are missing
  local name missing=()
  for name in "$@"; do
    [[ -s /run/secrets/$name && -r /run/secrets/$name ]] || missing+=("$name")
  done
  ((${#missing[@]} == 0)) ||
    fail "missing, empty or unreadable in /run/secrets: ${missing[*]} (\`portcullis stack init\` makes them)"
}

need_files() { # FILE...
  local file
  for file in "$@"; do
    [[ -s $file && -r $file ]] || fail "$file is missing, empty or unreadable"
  done
}

setting() { # NAME DEFAULT PATTERN ; the variable's value, checked
  local value=${!1:-$2}
  [[ $value =~ ^$3$ ]] || fail "$1 must look like $3, not '$value'"
  printf '%s' "$value"
}

sql() { # [DATABASE] STATEMENT ; rows, one a line, fields by |
  local database=postgres
  if (($# > 1)); then
    database=$1
    shift
  fi
  psql --no-psqlrc --quiet --no-align --tuples-only --set ON_ERROR_STOP=1 --dbname "$database" --command "$1"
}

# A repository cannot change its passphrase, so each passphrase has a repository of its own: a new one
# begins when the secret is renewed, and the old one goes when its time is over (`backup`).
repository() {
  local digest
  digest=$(printf 'portcullis repository %s' "$(</run/secrets/backup_cipher)" | sha256sum)
  printf '%s/%s' "$repositories" "${digest:0:12}"
}

# pgBackRest reads its passphrase from a file that lies in memory and is nobody else's.
configure_pgbackrest() {
  local keep processes
  keep=$(setting BACKUP_KEEP_DAYS 14 '[1-9][0-9]{0,3}')
  processes=$(setting BACKUP_PROCESSES 2 '[1-9][0-9]?')
  install -d -m 0700 "$run/lock"
  (
    umask 077
    cat >"$run/pgbackrest.new" <<END
[global]
repo1-path=$(repository)
repo1-cipher-type=aes-256-cbc
repo1-cipher-pass=$(</run/secrets/backup_cipher)
repo1-bundle=y
repo1-block=y
repo1-retention-full-type=time
repo1-retention-full=$keep
compress-type=zst
compress-level=3
process-max=$processes
start-fast=y
archive-timeout=60
checksum-page=y
log-level-console=warn
log-level-stderr=off
log-level-file=off
log-timestamp=n
lock-path=$run/lock
spool-path=/var/spool/pgbackrest

[global:archive-push]
archive-async=y
process-max=2

[$stanza]
pg1-path=$PGDATA
pg1-socket-path=$PGHOST
END
  )
  mv "$run/pgbackrest.new" "$PGBACKREST_CONFIG"
}

has_repository() { # of whichever passphrase
  compgen -G "$repositories/*/backup/$stanza/backup.info" >/dev/null
}

has_backups() { # under the present passphrase
  [[ -n $(pgbackrest --stanza="$stanza" --output=json info | backups newest) ]]
}
