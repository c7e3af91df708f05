# What the entry point and the health check share. Sourced.
# shellcheck shell=bash

# shellcheck disable=SC2034
readonly certs=/run/certs secrets=/run/secrets run=/run/redis data=/var/lib/redis opt=/opt/redis

say() { printf 'redis: %s\n' "$*" >&2; }

# redis-cli by TLS as a user: as USER SECRET HOST PORT WORD...
as() {
  local user=$1 secret=$2 host=$3 port=$4
  shift 4
  REDISCLI_AUTH=$(<"$secrets/$secret") timeout 3 redis-cli --tls --cacert "$certs/trust.pem" --sni "$host" \
    -h "$host" -p "$port" --user "$user" --no-auth-warning -e "$@"
}
