# Backups, and the drills that prove them.
# shellcheck shell=bash disable=SC2154 # sourced by verify.d/monitoring, which has the rest

metric() { # SELECTOR ; its value
  drill_query "max($1)" | cut -d . -f 1
}
readonly good=portcullis_backup_last_success_timestamp_seconds

# The copies of Redis find no server; three attempts.
backup_without_redis() {
  for _ in 1 2 3; do
    ! docker exec --env REDIS_STATE_HOSTS=127.0.0.1 "$(container backup)" backup redis || return 1
  done
}

# A drill whose restore takes longer than it may, and one that is good.
backup_drill_fails() { ! STACK_RESTORE_SECONDS=0 "$stack_d/drill"; }
backup_drill_good() { "$stack_d/drill"; }

# The service is stopped: nothing is backed up, and everything grows old.
backup_stopped() {
  local now database full redis drilled
  now=$EPOCHSECONDS
  full=$((now - $(metric "$good{type=\"full\"}")))
  database=$((now - $(metric "$good{type=~\"full|diff\"}")))
  redis=$((now - $(metric "$good{type=\"redis\"}")))
  drilled=$((now - $(metric portcullis_backup_drill_timestamp_seconds)))
  limits_are "backup_old=> $((database + 30))" "full_backup_old=> $((full + 30))" "redis_copy_old=> $((redis + 30))" \
    "drill_old=> $(((drilled < full ? drilled : full) + 30))" || return 1
  stop backup
}
backup_goes_on() {
  local before=$EPOCHSECONDS
  start backup
  within 60 inside backup backup full && inside backup backup redis || return 1
  # Once they are seen as new, the numbers are those of the rules again: days and hours.
  within 60 seen_since "$before" && within 30 nothing_old || return 1
  limits_are "backup_old=> 26 * 3600" "full_backup_old=> 8 * 86400" "redis_copy_old=> 3 * 3600" "drill_old=> 8 * 86400"
}
# DrillOld ends by its number alone: nobody makes a drill here.
nothing_old() { [[ ! $(drill_query 'ALERTS{alertname=~"BackupOld|FullBackupOld|RedisCopyOld",alertstate="firing"}') ]]; }
seen_since() { # UNIX SECONDS
  local type
  for type in full redis; do (($(metric "$good{type=\"$type\"}") >= $1)) || return 1; done
}

# A volume of 16 MB for backups, looked at by the program that looks at the real one.
backup_volume_fills() {
  local name
  for name in backups textfile; do
    docker volume create --driver local --opt type=tmpfs --opt device=tmpfs --opt o=size=16m,uid=10104,gid=10104,mode=0755 \
      "$drill-$name" >/dev/null
  done
  beside backup --network none --user 10104:10104 --read-only --cap-drop ALL --tmpfs /tmp --volume "$drill-backups:/backups" \
    --volume "$drill-textfile:/var/lib/portcullis/textfile" --entrypoint bash "$(image postgres)" \
    -c 'mkdir -p /backups/status; while :; do metrics; sleep 2; done' || return 1
  beside backup-exporter --network "${project}_monitoring" --user 10108:10108 --read-only --cap-drop ALL \
    --volume "$drill-textfile:/var/lib/metrics:ro" --entrypoint prometheus-node-exporter "$(image exporters)" \
    --web.listen-address=0.0.0.0:9100 --collector.disable-defaults --collector.textfile --collector.textfile.directory=/var/lib/metrics ||
    return 1
  extra_target node "$drill-backup-exporter:9100" service=small-backup instance=small-backup
  sleep 8
  docker exec "$drill-backup" bash -c 'head -c 14500000 /dev/zero >/backups/archive'
}
backup_volume_freed() { docker exec "$drill-backup" rm /backups/archive; }
backup_volumes_gone() { docker volume rm --force "$drill-backups" "$drill-textfile"; }
last backup_volumes_gone

batch attempts
fault "copies that find no Redis" backup_without_redis nothing_to_mend 90 BackupsFailing
fault "a drill that does not restore in time" backup_drill_fails backup_drill_good 90 DrillFailed
batch -
fault "the service of the backups stopped" backup_stopped backup_goes_on 180 BackupMetricsOld BackupOld FullBackupOld RedisCopyOld DrillOld
fault "a full volume for backups" backup_volume_fills backup_volume_freed 90 BackupVolumeFull
