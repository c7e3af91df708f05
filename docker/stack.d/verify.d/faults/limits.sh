# Limits, and their Redis as the nodes see it.
# shellcheck shell=bash disable=SC2154

# A node that is to be closed without Redis.
closed_node() {
  has_node closed || node closed --env PORTCULLIS_LIMITS_PER_TENANT_ON_OUTAGE=closed --env PORTCULLIS_LIMITS_PER_USER_ON_OUTAGE=closed
}

# The Redis of the limits holds its connections and answers nothing, while people ask.
limits_hang() {
  closed_node && client_at asking backend && session asking alice acme || return 1
  pause redis-limits
  meanwhile 100 through_nginx asking 90 10 --header "$(cookie_of asking)" "$edge_address/api/v1/me?[1-2000]"
  meanwhile 100 client asking timeout 90 curl --silent --output /dev/null --rate 5/s --header "$(cookie_of asking)" \
    "http://$drill-closed:8080/api/v1/me?[1-2000]"
}
limits_answer() {
  unpause redis-limits
  node_gone closed
  gone asking
}

# It answers, but now and then not for a tenth of a second: too seldom for a node to leave it alone.
limits_stutter() {
  plain_node && client_at asking backend && session asking alice acme || return 1
  meanwhile 90 client asking timeout 80 curl --silent --output /dev/null --rate 30/s --header "$(cookie_of asking)" \
    "http://$drill-plain:8080/api/v1/me?[1-4000]"
  meanwhile 80 stutter
}
stutter() {
  local name end=$((SECONDS + 70))
  name=$(container redis-limits)
  while ((SECONDS < end)) && [[ ! -e $work/stutter.stop ]]; do
    docker pause "$name"
    sleep 0.1
    docker unpause "$name"
    sleep 0.5
  done
}
limits_steady() {
  touch "$work/stutter.stop"
  sleep 2
  rm "$work/stutter.stop"
  unpause redis-limits
  gone asking
}

# One person asks thirty times a second, through both nodes.
one_insists() {
  client_at insisting backend && session insisting bob globex || return 1
  meanwhile 100 through_nginx insisting 90 30 --header "$(cookie_of insisting)" "$edge_address/api/v1/me?[1-4000]"
}
one_desists() { gone insisting; }

fault "the Redis of the limits hangs" limits_hang limits_answer 90 LimitsClosed RedisLanesDown
fault "the Redis of the limits stutters" limits_stutter limits_steady 80 RedisCallsFailing
fault "one person asks thirty times a second" one_insists one_desists 90 LimitRefusalsSpike
