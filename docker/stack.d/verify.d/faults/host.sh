# The machine: its disk, memory, processors and clock.
# shellcheck shell=bash disable=SC2154 # sourced by verify.d/monitoring, which has the rest

# --- a disk: of a second node exporter, 16 MB small, with few inodes -----------------------------

host_disk_fills() {
  docker volume create --driver local --opt type=tmpfs --opt device=tmpfs \
    --opt o=size=16m,nr_inodes=300,uid=10108,gid=10108,mode=0755 "$drill-disk" >/dev/null
  beside disk --network "${project}_monitoring" --user 10108:10108 --read-only --cap-drop ALL \
    --volume "$drill-disk:/disk" --entrypoint prometheus-node-exporter "$(image exporters)" --web.listen-address=0.0.0.0:9100 \
    --collector.disable-defaults --collector.filesystem \
    '--collector.filesystem.mount-points-exclude=^/(dev|proc|sys|run|etc|tmp|usr)($|/)' || return 1
  extra_target node "$drill-disk:9100" service=disk instance=disk
  # It fills more and more, as a disk does; then it is full.
  # shellcheck disable=SC2016 # the container's own
  docker exec --detach "$drill-disk" bash -c '
    cd /disk || exit 1
    head -c 10500000 /dev/zero >data
    for ((i = 0; i < 35; i++)); do sleep 3; head -c 50000 /dev/zero >>data; done
    for ((i = 0; i < 290; i++)); do : >"inode.$i"; done
    head -c 20000000 /dev/zero >>data
    sleep 300'
}
host_disk_freed() { docker exec "$drill-disk" bash -c 'rm -f /disk/*'; }
host_disk_gone() { docker volume rm --force "$drill-disk"; }
last host_disk_gone

# --- memory --------------------------------------------------------------------------------------

host_memory_used() {
  local share total
  share=$(drill_query 'node_memory_MemAvailable_bytes{service="host"} / node_memory_MemTotal_bytes{service="host"}')
  total=$(drill_query 'node_memory_MemTotal_bytes{service="host"}')
  limits_are "memory_low=< $(awk -v share="$share" -v total="$total" 'BEGIN { printf "%.4f", share - 1.0e9 / total }')" || return 1
  # shellcheck disable=SC2016 # Perl's
  beside memory --network none --read-only --cap-drop ALL --memory 2g debian:trixie-slim \
    perl -e 'my $x = ""; vec($x, 1_600_000_000, 8) = 1; sleep 300'
}
host_memory_freed() { gone memory; }

# --- a container over its memory: the kernel ends the process ------------------------------------

host_container_too_large() {
  # shellcheck disable=SC2016 # Perl's
  docker run --rm --network none --memory 24m --memory-swap 24m --pids-limit 20 debian:trixie-slim \
    perl -e 'my @x; push @x, "x" x 1e6 while 1' >/dev/null 2>&1
  (($? == 137))
}

# --- the clock: what the kernel is told of how well it is kept -----------------------------------

# adjtimex: the status and the largest error. The time itself is not touched.
kernel_clock() { # STATUS MICROSECONDS, or nothing: prints both
  # shellcheck disable=SC2016 # Perl's
  docker run --rm --network none --read-only --cap-drop ALL --cap-add SYS_TIME --security-opt no-new-privileges \
    debian:trixie-slim perl -e '
      my ($status, $error) = @ARGV;
      my $call = (`uname -m` =~ /x86_64/) ? 159 : 171;
      my $timex = pack("L x4 q q q q l x4 x160", defined $status ? 0x14 : 0, 0, 0, $error // 0, 0, $status // 0);
      my $state = syscall($call, $timex);
      $state >= 0 or die "adjtimex: $!\n";
      my @now = unpack("L x4 q q q q l", $timex);
      print "$now[5] $now[3]\n";' "$@"
}

clock_as_found=''
# Where nobody keeps the clock, the alert is right before any fault: there the kernel is told that it is kept.
host_clock_kept() {
  clock_as_found=$(kernel_clock) || return 0
  local status=${clock_as_found% *}
  ((status & 0x40)) || return 0
  note "this machine's clock is not kept (adjtimex: status and error $clock_as_found), so ClockWrong would fire; during the drill it counts as kept"
  kernel_clock $((status & ~0x40)) 0 >/dev/null
}
host_clock_unkept() { kernel_clock 64 16000000; }
host_clock_mended() { kernel_clock 0 0; }
host_clock_as_found() {
  [[ ! $clock_as_found ]] || kernel_clock "${clock_as_found% *}" "${clock_as_found#* }"
}
first host_clock_kept
last host_clock_as_found

# --- the rest ------------------------------------------------------------------------------------

host_textfile_spoilt() { inside backup bash -c 'echo "no metric {" >/var/lib/portcullis/textfile/broken.prom'; }
host_textfile_mended() { inside backup rm -f /var/lib/portcullis/textfile/broken.prom; }

host_processors_busy() {
  # shellcheck disable=SC2016 # the container's own
  beside processors --network none --read-only --cap-drop ALL --cpu-shares 256 debian:trixie-slim bash -c '
    for ((i = 0; i < 2 * $(nproc); i++)); do timeout 150 bash -c "while :; do :; done" & done
    wait'
}
host_processors_idle() { gone processors; }

batch machine
fault "a disk that fills and is full" host_disk_fills host_disk_freed 240 DiskFullWithinADay DiskSpaceLow DiskSpaceGone InodesLow
fault "memory taken" host_memory_used host_memory_freed 90 HostMemoryLow
fault "a container over its memory" host_container_too_large nothing_to_mend 60 OutOfMemoryKill
fault "a clock that nobody keeps" host_clock_unkept host_clock_mended 60 ClockWrong
fault "a file of metrics that is none" host_textfile_spoilt host_textfile_mended 60 TextfileUnreadable
batch -
fault "every processor busy" host_processors_busy host_processors_idle 120 HostProcessorSaturated
