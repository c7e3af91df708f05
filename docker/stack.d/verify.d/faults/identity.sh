# Who people are, and what was taken back from them.
# shellcheck shell=bash disable=SC2154

# A secret of a service account, which the command line has and nobody else: on standard output.
secret_of_service() { as_root -c "cat /state/secrets/cli/$1"; } # ops_client

# Twelve worthless tokens a second.
tokens_tried() {
  client_at trying backend || return 1
  meanwhile 80 through_nginx trying 70 12 --header 'Authorization: Bearer worthless' "$edge_address/api/v1/me?[1-900]"
}
tokens_not_tried() { gone trying; }

# Somebody writes into a session's record, with the rights of a node; then its owner comes.
record_changed() {
  local before after key
  records() { state_redis operator redis_operator --scan --pattern 'pc:s:*' | sort; }
  before=$(records)
  session changed alice acme || return 1
  after=$(records)
  key=$(comm -13 <(printf '%s\n' "$before") <(printf '%s\n' "$after") | head -n 1)
  [[ $key ]] || { echo "no record of the new session among $(wc -l <<<"$after")" && return 1; }
  state_redis portcullis redis_state set "$key" "written by somebody else" px 600000 || return 1
  sleep 3 # what a node remembers is two seconds old at most
  for _ in 1 2 3 4; do call changed GET /api/v1/me; done
}
record_forgotten() { rm -f "$work/changed.jar"; }

# redis-cli at the primary of the state: as USER with SECRET of its containers.
state_redis() { # USER SECRET WORD...
  local server
  for server in redis-state-1 redis-state-2; do
    # shellcheck disable=SC2016 # the container's own
    if inside "$server" bash -c 'source /opt/redis/common.sh; as exporter redis_exporter localhost 6379 role' | grep -qx master; then
      # shellcheck disable=SC2016
      inside "$server" bash -c 'source /opt/redis/common.sh; user=$0 secret=$1; shift; as "$user" "$secret" localhost 6379 "$@"' "$@"
      return
    fi
  done
  echo "no server of the state is the primary" && return 1
}

# Somebody on the network knocks at a node without a certificate.
knocked() {
  client_at knocking backend || return 1
  knock() { client knocking curl --silent --insecure --max-time 5 --output /dev/null https://gateway-1.backend:8080/ || true; }
  knock # the series begins with the first one
  sleep 4
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do knock; done
}
knocked_off() { gone knocking; }

batch strangers
fault "worthless tokens, twelve a second" tokens_tried tokens_not_tried 80 AuthenticationRefusalsSpike
fault "a session's record is changed in Redis" record_changed record_forgotten 45 SessionRecordsDamaged
fault "a neighbour without a certificate" knocked knocked_off 45 PeersRefused

# Both servers of the state are gone, while somebody goes on with a token that is bound to a key.
state_gone() {
  local secret
  secret=$(secret_of_service ops_client) || return 1
  (timeout 90 docker exec --interactive "$PROBE" /inside/dpop portcullis-ops 100 /api/v1/me 0.5 <<<"$secret") >"$work/dpop.log" 2>&1 &
  workers+=($!)
  within 20 has_lines "$work/dpop.log" 3 >/dev/null || { cat "$work/dpop.log" && return 1; }
  stop redis-state-1 redis-state-2
}
state_there() { start redis-state-1 redis-state-2; }
has_lines() { (($(grep -c '' "$1") >= $2)); }

batch -
fault "both servers of the state gone" state_gone state_there 90 RevocationsStale BroadcastDisconnected ReplayGuardLocal

# A node with room for a hundred revocations, in a Redis of its own, where ninety-five are; then the issuer tells it of
# a logout. Whom it tells is what the realm says of the client.
list_full() {
  local password i now person page=()
  password=$(head -c 24 /dev/urandom | base64 -w 0 | tr -dc 'A-Za-z0-9')
  beside list --network "${project}_state" --user 10105:10105 --read-only --cap-drop ALL --pids-limit 64 --memory 128m \
    --tmpfs /tmp:mode=1777,size=16m --entrypoint redis-server "$(image redis)" --port 6379 --requirepass "$password" \
    --save '' --appendonly no --dir /tmp || return 1
  now=${EPOCHREALTIME/[.,]/}
  for ((i = 0; i < 95; i++)); do
    page+=("$((now + i))" "{\"k\":\"user\",\"i\":\"\",\"n\":\"nobody-$i\",\"b\":$EPOCHSECONDS,\"r\":\"drill\"}")
  done
  docker exec --env "REDISCLI_AUTH=$password" "$drill-list" redis-cli -e zadd pc:revoked "${page[@]}" || return 1
  node full --env PORTCULLIS_REVOCATION_MAX_ENTRIES=100 --env PORTCULLIS_STATE_SENTINELS= --env PORTCULLIS_STATE_PRIMARY_NAME= \
    --env PORTCULLIS_STATE_SENTINEL_USERNAME= --env PORTCULLIS_STATE_SENTINEL_PASSWORD= --env PORTCULLIS_STATE_TLS=off \
    --env PORTCULLIS_STATE_TRUST= --env "PORTCULLIS_STATE_HOST=$drill-list" --env PORTCULLIS_STATE_USERNAME= \
    --env "PORTCULLIS_STATE_PASSWORD=$password" || return 1
  session leaving bob globex || return 1
  tell_logouts "http://$drill-full:8080" || return 1
  person=$(realm_admin 'users?username=bob&exact=true' | with_jq --raw-output '.[0].id')
  realm_admin "users/$person/logout" --request POST
}
# The realm's administration, by the service that exports it.
realm_admin() { # PATH ARGUMENT OF curl...
  # shellcheck disable=SC2016 # the container's own
  inside backup bash -c 'set -eo pipefail
    ask() { curl --silent --fail --max-time 20 --cacert /run/certs/trust.pem "$@"; }
    token=$(ask --data grant_type=client_credentials --data client_id=portcullis-bootstrap \
      --data-urlencode client_secret@/run/secrets/keycloak_bootstrap \
      https://keycloak.backend:8443/realms/master/protocol/openid-connect/token | sed "s/.*\"access_token\":\"\([^\"]*\).*/\1/")
    path=$0
    ask --header "Authorization: Bearer $token" "$@" "https://keycloak.backend:8443/admin/realms/portcullis/$path"' "$@"
}
tell_logouts() { # ADDRESS ; of the gateway, as the issuer reaches it
  local client
  client=$(realm_admin 'clients?clientId=portcullis-gateway') || return 1
  # shellcheck disable=SC2016 # jq's own
  client=$(with_jq --compact-output --arg address "$1/auth/backchannel-logout" \
    '.[0] | .attributes["backchannel.logout.url"] = $address' <<<"$client")
  realm_admin "clients/$(with_jq --raw-output .id <<<"$client")" --request PUT --header 'Content-Type: application/json' --data "$client"
}
list_empty() {
  tell_logouts https://edge.portcullis.internal:8443 || return 1
  node_gone full
  gone list
}
fault "the list of revocations is nearly full" list_full list_empty 120 LogoutsNotRevoked
