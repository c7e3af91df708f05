# Redis and its sentinels.
# shellcheck shell=bash disable=SC2154 # sourced by verify.d/monitoring, which has the rest

# --- servers beside the stack's: the same image, little room -------------------------------------

# A server and an exporter for it alone, as a target of the drill. It knows no sentinel, so it is the primary.
redis_beside() { # NAME USE MEMORY SIZE-OF-ITS-DISK
  local name=redis-$1 use=$2 folder=redis-$2 file secrets=()
  for file in "$state/secrets/$folder"/*; do secrets+=(--volume "$file:/run/secrets/${file##*/}:ro"); done
  beside "$name" --network "${project}_monitoring" --user 10105:10105 --read-only --cap-drop ALL --memory 64m \
    --env "REDIS_NAME=$drill-$name" --env "REDIS_STATES=$drill-$name" --env REDIS_SENTINELS=127.0.0.1 --env "REDIS_MAXMEMORY=$3" \
    --tmpfs /run/redis:mode=0700,uid=10105,gid=10105,size=1m --tmpfs /tmp:mode=1777,size=16m \
    --tmpfs "/var/lib/redis:mode=0700,uid=10105,gid=10105,size=$4" \
    --volume "$state/certs/$folder:/run/certs:ro" "${secrets[@]}" "$(image redis)" "$use" || return 1
  beside "$name-exporter" --network "container:$drill-$name" --user 10108:10108 --read-only --cap-drop ALL \
    --env REDIS_TARGETS=localhost:6379 --tmpfs /run/exporter:mode=0700,uid=10108,gid=10108,size=1m --tmpfs /tmp:mode=1777,size=8m \
    --volume "$state/certs/redis-exporter:/run/certs:ro" \
    --volume "$state/secrets/redis-exporter/redis_exporter:/run/secrets/redis_exporter:ro" \
    "$(image exporters)" redis -skip-tls-verification -web.listen-address=0.0.0.0:9121 || return 1
  within 30 docker exec "$drill-$name" /opt/redis/healthcheck
}
redis_target() { # NAME ; it counts as one of the state
  extra_target node "$drill-redis-$1:9121" job=drill redis=state "service=redis-$1" "instance=redis-$1" \
    __metrics_path__=/scrape __param_target=rediss://exporter@localhost:6379
}

# Values of 10 kB that end after a minute, written as a node writes.
redis_fill() { # CONTAINER USE KEY HOW-MANY [PAUSE AFTER EACH HUNDRED]
  # shellcheck disable=SC2016 # the container's own
  docker exec --detach "$1" bash -c '
    source /opt/redis/common.sh
    value=$(head -c 10000 /dev/zero | tr "\0" x)
    for ((i = 0; i < $3; i++)); do
      printf "SET %s %s PX 60000\r\n" "$2$i" "$value"
      ((i % 100)) || sleep "${4:-0}"
    done | REDISCLI_AUTH=$(<"$secrets/redis_$1") timeout 120 redis-cli --tls --cacert "$certs/trust.pem" --sni localhost -h localhost \
      --user portcullis --no-auth-warning' fill "$2" "$3" "$4" "${5:-0}"
}

# All that it may hold is held.
redis_full() {
  redis_beside full state 8mb 64m && redis_target full && sleep 4 && redis_fill "$drill-redis-full" state pc:d: 1500
}

# Its disk is full, so its log cannot be written; it comes back with a disk that is not.
redis_disk_full() {
  redis_beside disk state 64mb 2m && redis_target disk && sleep 4 && redis_fill "$drill-redis-disk" state pc:d: 1000
}
redis_disk_freed() { docker restart --time 5 "$drill-redis-disk" && docker restart --time 5 "$drill-redis-disk-exporter"; }

# A server of the state with the configuration of the other Redis: it evicts, and keeps no log.
redis_misconfigured() {
  redis_beside wrong limits 4mb 1m && redis_target wrong && sleep 4 && redis_fill "$drill-redis-wrong" limits 'pc:{drill}:limit:' 12000 0.5
}
redis_configured() { gone redis-wrong-exporter redis-wrong && redis_beside wrong state 8mb 64m; }

# --- the stack's own -----------------------------------------------------------------------------

# What the exporter may not do.
redis_command_denied() {
  inside redis-limits bash -c 'source /opt/redis/common.sh; as exporter redis_exporter redis-limits 6379 flushall' >/dev/null 2>&1
  return 0
}

# A thousand clients who say nothing.
redis_clients_many() {
  # shellcheck disable=SC2016 # Perl's
  beside clients --network "${project}_limits" --read-only --cap-drop ALL --ulimit nofile=4096:4096 debian:trixie-slim perl -MSocket -e '
    my $to = sockaddr_in(6379, inet_aton("redis-limits"));
    my @open;
    for (1 .. 40) {
      for (1 .. 1100 - @open) {
        socket(my $one, PF_INET, SOCK_STREAM, 0) or last;
        connect($one, $to) or last;
        push @open, $one;
      }
      sleep 2;
      splice @open, 0, 100;
    }'
}
redis_clients_gone() { gone clients; }

# It holds its connections and hears nothing: the primary waits for it, and gives it up.
redis_replica_hangs() {
  hanging=$(state_server slave)
  [[ $hanging ]] && pause "$hanging"
}
redis_replica_goes_on() { unpause "$hanging"; }

state_server() { # master|slave ; the service that says so
  local service
  for service in redis-state-1 redis-state-2; do
    if inside "$service" bash -c 'source /opt/redis/common.sh; as exporter redis_exporter localhost 6379 info replication' 2>/dev/null |
      grep -q "^role:$1"; then
      printf '%s' "$service"
      return
    fi
  done
}

# Two sentinels are away, and then the primary: nobody replaces it. A node that starts now knows nothing of revocations.
redis_nobody_decides() {
  local primary
  primary=$(state_server master)
  [[ $primary ]] || return 1
  stop sentinel-1 sentinel-2
  stop "$primary"
  docker restart --time 5 "$(container gateway-1)"
}
redis_decided() { start sentinel-1 sentinel-2 redis-state-1 redis-state-2; }

batch beside
fault "a Redis of the state that is full" redis_full nothing_to_mend 90 RedisMemoryFull RedisMemoryHigh
fault "a Redis of the state whose disk is full" redis_disk_full redis_disk_freed 90 RedisPersistenceFailing
fault "a Redis of the state with the configuration of the other" redis_misconfigured redis_configured 90 RedisAppendOnlyOff RedisEvictions
fault "a command that Redis denies" redis_command_denied nothing_to_mend 60 RedisCommandsDenied
batch own
fault "more clients than Redis takes" redis_clients_many redis_clients_gone 60 RedisConnectionsRefused
fault "a replica that hangs" redis_replica_hangs redis_replica_goes_on 90 RedisReplicationLag RedisWithoutReplica
batch -
fault "two of three sentinels and the primary stopped, a node started anew" redis_nobody_decides redis_decided 120 \
  SentinelQuorum SentinelDown SentinelSeesPrimaryDown RedisReplicationBroken RedisPrimaries RedisDown HopTlsFailed NodeNotReady \
  RevocationsStale BroadcastDisconnected RedisLanesDown
