# The edge: what it stops, and what watches it.
# shellcheck shell=bash disable=SC2154

# Twenty attacks a second, which the firewall refuses, from an address of their own.
attacked() {
  client_at attacker backend || return 1
  meanwhile 100 through_nginx attacker 90 20 "$edge_address/openapi.json?q=1%27%20UNION%20SELECT%20[1-2000]%20FROM%20users--"
}
unattacked() { gone attacker; }

# More than a client may ask: what Nginx lets pass is a document from its cache.
flooded() {
  client_at flood backend || return 1
  meanwhile 100 through_nginx flood 90 150 "$edge_address/openapi.json?[1-13000]"
}
unflooded() { gone flood; }

# Something else writes into the firewall's log.
log_spoilt() { inside nginx bash -c 'echo "no entry" >>/var/log/waf/waf-raw.json'; }
log_mended() { :; }

batch stopped
fault "twenty attacks a second at the firewall" attacked unattacked 90 FirewallBlocksSpike
fault "a flood from one address" flooded unflooded 90 EdgeRateLimited
fault "a line in the firewall's log that is none" log_spoilt log_mended 45 FirewallLogUnreadable

# Who reads the access log stands still, while people are served.
reader_away() { pause mtail; }
reader_back() { unpause mtail; }

batch -
fault "mtail stands still" reader_away reader_back 90 EdgeLogSilent
