# Those who watch. Where a Prometheus is to be broken, it is the drill's own, or one more of the same image.
# shellcheck shell=bash disable=SC2154 # sourced by verify.d/monitoring, which has the rest

change_drill() { # SCRIPT ; in its /etc/prometheus
  docker run --rm --user 0:0 --network none --read-only --cap-drop ALL --security-opt no-new-privileges \
    --volume "$drill:/etc/prometheus" --entrypoint bash "$(image prometheus)" -c "cd /etc/prometheus && $1" &&
    docker kill --signal HUP "$drill" >/dev/null
}

watchers_configuration_spoilt() { change_drill 'cp prometheus.yml kept && echo "- no setting" >>prometheus.yml'; }
watchers_configuration_mended() { change_drill 'mv kept prometheus.yml'; }

# Two nodes and one name: what is on both sides of the division cannot be told apart.
watchers_rule_wrong() {
  change_drill 'printf "%s\n" "groups:" "  - name: wrong" "    rules:" "      - record: wrong:ratio" \
    "        expr: up{job=\"gateway\"} / on (job) up{job=\"gateway\"}" >rules/recording/wrong.yml'
}
watchers_rule_mended() { change_drill 'rm rules/recording/wrong.yml' && second_reloads; }

# The second Prometheus below reads the same files, and may have begun with the wrong rule.
second_reloads() { docker kill --signal HUP "$drill-prometheus" >/dev/null 2>&1 || true; }

# A second Prometheus, whose disk is full.
watchers_disk_full() {
  beside prometheus --network "${project}_monitoring" --user 10106:10106 --read-only --cap-drop ALL --memory 256m \
    --tmpfs /var/lib/prometheus:mode=0700,uid=10106,gid=10106,size=4m --tmpfs /tmp:mode=1777,size=16m \
    --tmpfs /run/prometheus:mode=0700,uid=10106,gid=10106,size=4m \
    --volume "$drill:/etc/prometheus:ro" "$(image prometheus)" --storage.tsdb.retention.time=1d || return 1
  docker network connect "${project}_alerting" "$drill-prometheus" || return 1 # or its alerts would not arrive
  extra_target monitoring "$drill-prometheus:9090" service=second instance=second
  sleep 12
  docker exec "$drill-prometheus" bash -c 'head -c 8000000 /dev/zero >/var/lib/prometheus/full; exit 0'
}
watchers_disk_freed() { docker exec "$drill-prometheus" rm /var/lib/prometheus/full && second_reloads; }

# A node exporter whose label grows; listed as a node of the gateway, which may have ten thousand series.
watchers_label_grows() {
  beside series --network "${project}_monitoring" --user 10108:10108 --read-only --cap-drop ALL \
    --tmpfs /metrics:mode=0755,uid=10108,gid=10108,size=4m --entrypoint prometheus-node-exporter "$(image exporters)" \
    --web.listen-address=0.0.0.0:9100 --collector.disable-defaults --collector.textfile --collector.textfile.directory=/metrics || return 1
  docker exec "$drill-series" bash -c \
    'for ((i = 0; i < 10500; i++)); do echo "drill_requests_total{path=\"/$i\"} 1"; done >/metrics/x.tmp && mv /metrics/x.tmp /metrics/x.prom' ||
    return 1
  extra_target gateway "$drill-series:9100"
}
watchers_label_mended() { docker exec "$drill-series" rm /metrics/x.prom; }

# A way to the exporter of PostgreSQL that takes six seconds; the target is asked each ten.
watchers_way_slow() {
  # shellcheck disable=SC2016 # Perl's
  beside way --network "${project}_monitoring" --read-only --cap-drop ALL debian:trixie-slim perl -MSocket -e '
    socket(my $listener, PF_INET, SOCK_STREAM, 0) or die $!;
    setsockopt($listener, SOL_SOCKET, SO_REUSEADDR, 1);
    bind($listener, sockaddr_in(9187, INADDR_ANY)) or die $!;
    listen($listener, 10);
    $SIG{CHLD} = "IGNORE";
    while (accept(my $caller, $listener)) {
      next if fork;
      socket(my $behind, PF_INET, SOCK_STREAM, 0) or die $!;
      connect($behind, sockaddr_in(9187, inet_aton("postgres-exporter.monitoring"))) or die $!;
      if (my $child = fork) {
        while (sysread $behind, my $piece, 65536) { syswrite $caller, $piece }
        kill TERM => $child;
      } else {
        while (sysread $caller, my $piece, 65536) { sleep 6; syswrite $behind, $piece }
      }
      exit;
    }' || return 1
  extra_target postgres "$drill-way:9187" service=far instance=far __scrape_interval__=10s __scrape_timeout__=10s
}
watchers_way_mended() { no_extra_targets postgres; }

watchers_routes_spoilt() {
  inside alertmanager bash -c 'cd /run/alertmanager && cp alertmanager.yml kept && echo "- no setting" >>alertmanager.yml' &&
    docker kill --signal HUP "$(container alertmanager)"
}
watchers_routes_mended() {
  inside alertmanager bash -c 'cd /run/alertmanager && mv kept alertmanager.yml' && docker kill --signal HUP "$(container alertmanager)"
}

alertmanager_away() { stop alertmanager; }
alertmanager_back() { start alertmanager; }

batch watchers
fault "a rule that cannot be evaluated" watchers_rule_wrong watchers_rule_mended 60 PrometheusRulesFailing
fault "a Prometheus whose disk is full" watchers_disk_full watchers_disk_freed 120 PrometheusStorageFailing
fault "a label that grows" watchers_label_grows watchers_label_mended 60 SamplesRefused
fault "a slow way to an exporter" watchers_way_slow watchers_way_mended 90 ScrapesSlow
fault "routes that are none" watchers_routes_spoilt watchers_routes_mended 60 AlertmanagerConfigurationRefused
batch -
fault "a configuration that is none" watchers_configuration_spoilt watchers_configuration_mended 60 PrometheusConfigurationRefused
fault "Alertmanager stopped" alertmanager_away alertmanager_back 60 AlertsNotSent
