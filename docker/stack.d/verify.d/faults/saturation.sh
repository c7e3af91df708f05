# What is nearly full.
# shellcheck shell=bash disable=SC2154

# --- the issuer answers nothing ------------------------------------------------------------------

# Keycloak holds its connections and says nothing: keys grow old, logins and renewals wait and fail. Its faults last
# for as long as nodes go without asking for keys.
issuer_hangs() {
  plain_node && client_at waiting backend && session aging alice acme || return 1
  local attempt state_word
  # A login that has begun: with it a code can be brought, as often as one likes.
  attempt=$(client waiting curl --silent --output /dev/null --dump-header - "http://$drill-plain:8080/auth/login?tenant=acme" | tr -d '\r')
  state_word=$(sed -n 's/^[Ll]ocation:.*[?&]state=\([^&]*\).*/\1/p' <<<"$attempt")
  attempt=$(sed -n 's/^[Ss]et-[Cc]ookie: \(__Host-Http-pc-login=[^;]*\).*/\1/p' <<<"$attempt")
  [[ $state_word && $attempt ]] || { echo "no login can be begun at the node" && return 1; }
  pause keycloak
  meanwhile 420 client waiting timeout 410 curl --silent --output /dev/null --parallel --parallel-immediate --parallel-max 60 \
    --header "Cookie: $attempt" "http://$drill-plain:8080/auth/callback?state=$state_word&iss=$(uri "$(realm_address)")&code=[1-100000]"
  meanwhile 420 client waiting timeout 410 curl --silent --output /dev/null --rate 4/s --header "$(cookie_of aging)" \
    "http://$drill-plain:8080/api/v1/me?[1-100000]"
  meanwhile 420 client waiting timeout 410 curl --silent --output /dev/null --rate 2/s --max-time 10 \
    --header "Authorization: Bearer $(token_of_unknown_key)" "http://$drill-plain:8080/api/v1/me?[1-100000]"
}
issuer_answers() {
  unpause keycloak
  gone waiting
}

# shellcheck disable=SC2016 # jq's own
uri() { with_jq --null-input --raw-output --arg text "$1" '$text | @uri' </dev/null; }

# A token of the issuer whose key nobody knows: whether there is such a key, only the issuer can say.
token_of_unknown_key() {
  encoded() { base64 -w 0 | tr '+/' '-_' | tr -d '='; }
  printf '%s.%s.%s' "$(printf '{"alg":"RS256","typ":"JWT","kid":"drill"}' | encoded)" \
    "$(printf '{"iss":"%s","sub":"drill","aud":"portcullis","exp":%d,"iat":%d}' "$(realm_address)" $((EPOCHSECONDS + 300)) \
      "$EPOCHSECONDS" | encoded)" \
    "$(head -c 256 /dev/zero | encoded)"
}

# --- nodes and Nginx with too much to do ---------------------------------------------------------

# Hundreds of people whose requests do not come to an end.
bodies_hang() {
  plain_node && client_at slow backend && session slow alice acme || return 1
  {
    printf 'POST /api/v1/conversations HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nX-PC-CSRF: 1\r\n' "$STACK_API_HOST$STACK_PORT_SUFFIX" \
      "https://$STACK_API_HOST$STACK_PORT_SUFFIX"
    printf '%s\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{' "$(cookie_of slow)"
  } >"$work/slow.request"
  meanwhile 80 client slow /inside/hold "$drill-plain" 8080 900 70 /work/slow.request
}
bodies_end() { gone slow; }

# Thousands of connections on which nothing is said.
connections_held() {
  client_at crowd backend || return 1
  meanwhile 90 client crowd /inside/hold edge.portcullis.internal 8443 6700 80
}
connections_ended() { gone crowd; }

# Somebody asks for metrics far too often.
metrics_asked() {
  plain_node && client_at asker monitoring || return 1
  meanwhile 80 client asker timeout 70 curl --silent --output /dev/null --parallel --parallel-immediate --parallel-max 100 \
    "http://$drill-plain:8081/metrics?[1-100000]"
}
metrics_not_asked() { gone asker; }

# A table is locked again and again, so that units of work wait for seconds.
table_locked() {
  plain_node && client_at reader backend && session reader alice acme || return 1
  local schema
  schema=$(tenant_schema acme)
  meanwhile 80 lock_often "$schema"
  meanwhile 80 client reader timeout 70 curl --silent --output /dev/null --rate 5/s --max-time 8 --header "$(cookie_of reader)" \
    "http://$drill-plain:8080/api/v1/conversations?limit=[1-50]#[1-20]"
}
lock_often() { # SCHEMA
  for _ in {1..20}; do
    sql "BEGIN; LOCK TABLE $1.conversation IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(3); COMMIT" || true
  done
}
table_free() { gone reader; }

batch busy
fault "requests that do not come to an end" bodies_hang bodies_end 80 RequestsInFlightHigh
fault "thousands of silent connections at Nginx" connections_held connections_ended 90 EdgeConnectionsHigh
fault "metrics asked for a hundred times at once" metrics_asked metrics_not_asked 80 PoolQueueing
fault "a locked table" table_locked table_free 80 TenantUnitsSlow

# --- a small node --------------------------------------------------------------------------------

# With a heap that is just enough, a quarter of a processor and few files, and much to do.
small_node() {
  local load
  client_at busy backend && node small --env "_JAVA_OPTIONS=-Xms19m -Xmx19m -Xmn2m -XX:-ExitOnOutOfMemoryError" \
    --ulimit nofile=285:285 || return 1
  docker update --cpus 0.25 "$drill-small" >/dev/null
  for load in '6 8080/api/v1/me' '1 8081/metrics'; do
    meanwhile 130 client busy timeout 120 curl --silent --output /dev/null --parallel --parallel-immediate --parallel-max "${load% *}" \
      --header 'Authorization: Bearer worthless' "http://$drill-small:${load#* }?[1-100000]"
  done
  # Silent connections are closed after ten seconds: never all of them at once.
  for _ in 1 2 3 4 5; do
    meanwhile 130 client busy /inside/hold "$drill-small" 8080 30 120
    sleep 2
  done
}
small_node_gone() {
  gone busy
  node_gone small
}

batch -
fault "a node with little memory, processor and files" small_node small_node_gone 130 \
  HeapSaturated GarbageCollectionHeavy EventLoopDelayed ProcessorSaturated FileDescriptorsLow

# Something ends as soon as it has started, and is started again.
restarted_often() {
  meanwhile 60 kill_often nginx-exporter
}
kill_often() {
  for _ in 1 2 3 4 5; do
    inside "$1" bash -c 'kill -KILL -1' || true
    sleep 7
  done
}
restarted_no_more() { nothing_meanwhile; }
fault "an exporter ends again and again" restarted_often restarted_no_more 60 ProcessRestarts

# There are no queues yet: what they will tell is told by something else.
letters_told() {
  printf 'portcullis_dead_letters{queue="mail"} 2\n' >"$work/letters"
  beside letters --network "${project}_monitoring" --user "$(id -u):$(id -g)" --read-only --cap-drop ALL --pids-limit 20 --memory 64m \
    --volume "$stack_d/verify.d/inside:/inside:ro" --volume "$work:/work" "$(image proof)" /inside/tell 8081 /work/letters &&
    extra_target gateway "$drill-letters:8081"
}
letters_gone() { node_gone letters; }
played DeadLetters "there are no queues yet; another container tells what they will tell"
fault "messages that could not be delivered (played)" letters_told letters_gone 60 DeadLetters
