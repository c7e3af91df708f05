# What fills the dashboards: people at work, and everything that a wall stops. Sourced by the proof `monitoring`.
# shellcheck shell=bash disable=SC2154

api=https://$STACK_API_HOST$STACK_PORT_SUFFIX

# Requests of the client, whatever their answer is.
ask() { # ARGUMENT OF curl...
  probe curl --config /work/curlrc --max-time 20 --output /dev/null "$@" 2>/dev/null || true
}

people() {
  local user
  for user in alice bob; do
    call "$user" GET /api/v1/me
    call "$user" POST /api/v1/conversations '{"title":"For the dashboards"}'
    call "$user" GET /api/v1/conversations
    call "$user" GET /api/v1/quota
    call "$user" GET /auth/session
  done
  ask "$api/openapi.json"
} >/dev/null

# Each wall once: the firewall, size, host, path, form; then what nodes refuse: no credentials, worthless ones, a
# tenant's data to an operator, another's limit.
walls() {
  local host=$STACK_API_HOST:$STACK_HTTPS_PORT
  ask "$api/openapi.json?q=1%27%20UNION%20SELECT%20password%20FROM%20users--"
  ask "$api/openapi.json?q=%3Cscript%3Ealert(1)%3C/script%3E"
  ask --http1.1 --data-binary @/trust.pem --header 'Content-Length: 9000000' --max-time 5 "$api/api/v1/conversations"
  ask --http1.1 --header 'Host: elsewhere.example' "https://$host/"
  ask "$api/nowhere"
  ask --request-target '/%' "$api/"
  ask "$api/api/v1/me"
  ask --header 'Authorization: Bearer worthless' "$api/api/v1/me"
}

# More than a person may ask within a minute.
insistence() {
  ask --cookie /work/carol.jar "$api/api/v1/me?[1-320]"
}

# A service account with bound tokens, which is asked for its nonce.
bound() {
  local secret
  secret=$(as_root -c 'cat /state/secrets/cli/ops_client') || return 0
  timeout 60 docker exec --interactive "$PROBE" /inside/dpop portcullis-ops 4 /api/v1/me 0.1 <<<"$secret" >/dev/null || true
}

# What a drill of the backups leaves, where there has been none.
drilled() {
  [[ $(prometheus portcullis_backup_drill_rpo_seconds) == '[{'* ]] || "$stack_d/drill" >"$work/drill.log" 2>&1 ||
    note "the drill of the backups: $(tail -n 1 "$work/drill.log")"
}

# A minute and a half of it, so that each counter is read more than once while it moves.
traffic() {
  login alice acme 2>/dev/null && login bob globex 2>/dev/null || return 0
  probe /inside/login bob globex /work/carol.jar 2>/dev/null || true
  drilled
  insistence
  local i
  for i in 1 2 3 4 5; do
    people
    walls
    bound
    ((i != 2)) || { probe /inside/login alice acme /work/dora.jar && call dora POST /auth/logout >/dev/null; } 2>/dev/null || true
    sleep 15
  done
}
