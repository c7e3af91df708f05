# PostgreSQL.
# shellcheck shell=bash disable=SC2154 # sourced by verify.d/monitoring, which has the rest

in_postgres() { # NAME SCRIPT ; in the background; its sessions are called NAME
  docker exec --detach --env "PGAPPNAME=drill-$1" "$(container postgres)" bash -c "$2"
}
end_sessions() { # NAME
  sql "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'drill-$1'"
}

# 86 % of the connections.
postgres_sessions_many() {
  local now max
  max=$(sql 'SHOW max_connections')
  now=$(sql 'SELECT count(*) FROM pg_stat_activity')
  in_postgres many "for ((i = 0; i < $((max * 86 / 100 - now)); i++)); do psql -Xq -c 'SELECT pg_sleep(150)' & done; wait"
}
postgres_sessions_end() { end_sessions many; }
postgres_session_idle() { in_postgres idle '(echo "BEGIN; SELECT 1;"; sleep 150) | psql -Xq -d portcullis'; }
postgres_session_idle_end() { end_sessions idle; }

# Two transactions that wait for each other.
postgres_deadlock() {
  in_postgres deadlock 'psql -X -d portcullis -c "SELECT pg_advisory_lock(1)" -c "SELECT pg_sleep(3)" -c "SELECT pg_advisory_lock(2)"'
  in_postgres deadlock 'psql -X -d portcullis -c "SELECT pg_advisory_lock(2)" -c "SELECT pg_sleep(3)" -c "SELECT pg_advisory_lock(1)"'
}
# They read a table: the server counts what touches none when the session ends.
postgres_rollbacks() {
  # shellcheck disable=SC2016 # the container's own
  in_postgres rollbacks 'for ((i = 0; i < 150; i++)); do
    printf "BEGIN; SELECT 1 FROM pg_class LIMIT 1; ROLLBACK;\n%.0s" {1..40}; sleep 1
  done | timeout 180 psql -Xq -d portcullis'
}
postgres_rollbacks_end() { end_sessions rollbacks; }

# The key of the archive is gone: what is written stays here, and becomes more.
postgres_archive_away() {
  local size
  size=$(sql 'SELECT sum(size) FROM pg_ls_waldir()')
  limits_are "wal_large=> $((size + 6 * 16777216))" || return 1
  inside postgres mv /run/portcullis/pgbackrest.conf /run/portcullis/pgbackrest.drill || return 1
  # A checkpoint after each segment: so PostgreSQL does not learn to keep more of them at hand.
  # shellcheck disable=SC2016 # the container's own
  in_postgres log 'for ((i = 0; i < 50; i++)); do
    [[ -e /run/portcullis/pgbackrest.drill ]] || exit
    ((i > 24 && i % 2)) || psql -Xq -d postgres -c "SELECT pg_current_xact_id(), pg_switch_wal()" -c CHECKPOINT
    sleep 2
  done'
}
postgres_archive_back() {
  inside postgres mv /run/portcullis/pgbackrest.drill /run/portcullis/pgbackrest.conf || return 1
  within 60 archive_complete || return 1
  for _ in 1 2 3; do sql 'SELECT pg_current_xact_id(), pg_switch_wal()' >/dev/null && sql CHECKPOINT; done
}
archive_complete() { [[ $(sql "SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'") == 0 ]]; }

# The stack has no standby, and no database near the end of its transaction ids: a second PostgreSQL of the same image,
# which has used 1.2 thousand million of them, and its standby, which gets the log from an archive.
# shellcheck disable=SC2016 # the container's own
readonly worn='
  set -e
  cd /tmp
  mkdir archive
  initdb -D p -U postgres -A trust --no-sync --wal-segsize=1 >/dev/null
  pg_resetwal -x 1200000000 -D p >/dev/null
  head -c 262144 /dev/zero >p/pg_xact/0478
  {
    echo "unix_socket_directories = @/tmp@"
    echo "listen_addresses = @*@"
    echo "archive_mode = on"
    echo "archive_command = @cp %p /tmp/archive/%f@"
    echo "restore_command = @cp /tmp/archive/%f %p@"
    echo "autovacuum_freeze_max_age = 2000000000"
    echo "max_wal_size = 32MB"
    echo "min_wal_size = 2MB"
  } | sed "s/@/\x27/g" >>p/postgresql.conf
  echo "host all all all trust" >>p/pg_hba.conf
  pg_ctl -D p -w -l p.log start >/dev/null
  pg_basebackup -h /tmp -U postgres -D s -X fetch -c fast
  touch s/standby.signal
  pg_ctl -D s -w -l s.log -o "-p 5433" start >/dev/null
  while sleep 2; do
    find archive -mmin +2 -delete
    [[ -e /tmp/cut ]] || psql -h /tmp -XqAt -c "SELECT txid_current()" -c "SELECT pg_switch_wal()" >/dev/null
  done'
postgres_worn() {
  beside postgres --network "${project}_monitoring" --user 10104:10104 --read-only --cap-drop ALL --memory 512m --shm-size 128m \
    --tmpfs /tmp:mode=1777,size=384m --entrypoint bash "$(image postgres)" -c "$worn" || return 1
  beside postgres-exporter --network "${project}_monitoring" --user 10108:10108 --read-only --cap-drop ALL \
    --env "DATA_SOURCE_URI=$drill-postgres:5433/postgres?sslmode=disable" --env DATA_SOURCE_USER=postgres --env DATA_SOURCE_PASS=none \
    --entrypoint prometheus-postgres-exporter "$(image exporters)" --web.listen-address=0.0.0.0:9187 \
    --collector.database_wraparound || return 1
  within 60 docker exec "$drill-postgres" psql -h /tmp -p 5433 -U postgres -XqAt -c 'SELECT 1' || return 1
  extra_target postgres "$drill-postgres-exporter:9187" service=standby instance=standby
  sleep 6
  docker exec "$drill-postgres" touch /tmp/cut
}
postgres_worn_mended() {
  docker exec "$drill-postgres" rm -f /tmp/cut
  # The standby hears of the freezing by the log.
  docker exec "$drill-postgres" bash -c 'psql -h /tmp -U postgres -Xqc "UPDATE pg_database SET datallowconn = true" &&
    vacuumdb -h /tmp -U postgres --all --freeze --quiet'
}

batch sessions
fault "86 % of the connections taken" postgres_sessions_many postgres_sessions_end 60 PostgresConnectionsHigh
fault "a transaction that does nothing" postgres_session_idle postgres_session_idle_end 60 PostgresIdleInTransaction
fault "two transactions that wait for each other" postgres_deadlock nothing_to_mend 60 PostgresDeadlocks
batch log
fault "transactions that are rolled back" postgres_rollbacks postgres_rollbacks_end 90 PostgresRollbacksHigh
fault "an archive that takes nothing" postgres_archive_away postgres_archive_back 150 WalArchivingFailing WalArchiveLag WalGrows
fault "a standby that gets no log; transaction ids that run out" postgres_worn postgres_worn_mended 120 \
  PostgresReplicationLag TransactionIdsRunOut
