# Nodes and clients beside the stack, for what neither the running nodes nor the client of the proofs may suffer. No
# faults here: the other files use it.
# shellcheck shell=bash disable=SC2154

# A node of the same image and configuration, with the stack's secrets, certificates, databases and issuer; Nginx does
# not know it. It speaks plain HTTP, as a load needs no certificate then, and its limits do not end the load.
#   node NAME ARGUMENT OF docker run...
node() {
  local name=$1 secret arguments=()
  shift
  for secret in postgres_app postgres_platform postgres_admin redis_limits redis_state sentinel_client session_keys dpop_nonce \
    gateway_client keycloak_admin; do
    arguments+=(--volume "$state/secrets/gateway/$secret:/run/secrets/$secret:ro")
  done
  beside "$name" --network "${project}_data" --user 10102:10102 --read-only --cap-drop ALL --pids-limit 512 --memory 1g \
    --cpus 2 --tmpfs /tmp:mode=1777,size=64m --tmpfs /run/certs:mode=0700,uid=10102,gid=10102,size=1m \
    --volume /var/lib/portcullis "${arguments[@]}" \
    --env PORTCULLIS_NODE_NAME="drill-$name" --env PORTCULLIS_HTTP_HOST=0.0.0.0 --env PORTCULLIS_HTTP_TLS=off \
    --env PORTCULLIS_INTERNAL_HOST=0.0.0.0 --env PORTCULLIS_MANAGEMENT_HOST=0.0.0.0 \
    --env PORTCULLIS_HTTP_PUBLIC_URL="https://$STACK_API_HOST$STACK_PORT_SUFFIX" \
    --env PORTCULLIS_IDENTITY_ISSUERS_KEYCLOAK_ISSUER="$(realm_address)" \
    --env PORTCULLIS_LOGIN_AUTHORIZATION_ENDPOINT="$(realm_address)/protocol/openid-connect/auth" \
    --env PORTCULLIS_LOGIN_END_SESSION_ENDPOINT="$(realm_address)/protocol/openid-connect/logout" \
    --env PORTCULLIS_LIMITS_PER_IP_MAX=1000000 --env PORTCULLIS_LIMITS_PER_USER_MAX=1000000 \
    --env PORTCULLIS_LIMITS_PER_TENANT_MAX=1000000 --env PORTCULLIS_LIMITS_FAILED_AUTHENTICATION_MAX=1000000 \
    --entrypoint bash "$@" "$(image gateway)" \
    -c 'until [[ -e /run/certs/denied.json ]]; do sleep 0.2; done; exec portcullis serve' || return 1
  local network
  for network in limits state backend monitoring; do
    docker network connect "${project}_$network" "$drill-$name" || return 1
  done
  node_certificates "$name" && within 120 node_ready "$name" && extra_target gateway "$drill-$name:8081"
}

# The API as clients on the network backend ask for it.
# shellcheck disable=SC2034 # the other files use it
edge_address=https://$STACK_API_HOST:$STACK_HTTPS_PORT

realm_address() { printf 'https://%s%s/realms/portcullis' "$STACK_LOGIN_HOST" "$STACK_PORT_SUFFIX"; }

# Those of the stack's nodes, as copies: a fault may spoil them. The list of revoked ones comes last.
node_certificates() { # NAME
  as_root -c 'tar --create --directory /state/certs/gateway tls.key trust.pem tls.crt denied.json' |
    docker exec --interactive "$drill-$1" tar --extract --no-same-owner --directory /run/certs
}

node_gone() { # NAME
  docker exec "$drill" sed -i "/\"$drill-$1:8081\"/d" /run/prometheus/targets/drill-gateway.yml 2>/dev/null || true
  gone "$1"
}

node_ready() { docker exec "$drill-$1" health 127.0.0.1 8081 /health/ready >/dev/null 2>&1; }

# One that several faults use; it stays until the end of the drill, or until a fault wants no node at all.
plain_node() { has_node plain || node plain; }

has_node() { [[ $(docker inspect --format '{{.State.Running}}' "$drill-$1" 2>/dev/null) == true ]]; }

# What a node tells: the sum of the series of this name, as a whole number.
node_tells() { # NAME METRIC
  # shellcheck disable=SC2016 # the container's own
  docker exec "$drill-$1" bash -c 'exec 3<>/dev/tcp/127.0.0.1/8081
    printf "GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n" >&3
    cat <&3' | awk -v name="$2" '$1 == name || index($1, name "{") == 1 { sum += $2 } END { printf "%d\n", sum }'
}

# A client on a network of the stack, with an address and limits of its own.
client_at() { # NAME NETWORK
  beside "$1" --network "${project}_$2" --user "$(id -u):$(id -g)" --read-only --tmpfs /tmp --cap-drop ALL --pids-limit 100 \
    --memory 512m --ulimit nofile=16384:16384 --volume "$stack_d/verify.d/inside:/inside:ro" --volume "$work:/work" \
    --volume "$state/authority/ca.d/trust.pem:/trust.pem:ro" "$(image proof)" sleep 3600
}

client() { # NAME COMMAND...
  local name=$1
  shift
  docker exec --interactive "$drill-$name" "$@" </dev/null
}

# One curl through Nginx from a client on the network backend: many addresses by curl's [1-9], one connection.
through_nginx() { # CLIENT SECONDS RATE-A-SECOND ARGUMENT OF curl...
  local client=$1 seconds=$2 rate=$3
  shift 3
  client "$client" timeout "$seconds" curl --silent --output /dev/null --cacert /trust.pem --rate "$rate/s" \
    --connect-to "$STACK_API_HOST:$STACK_HTTPS_PORT:edge.portcullis.internal:8443" "$@" || true
}

# The cookie of somebody who has logged in, as a header.
cookie_of() { # USER
  awk '$6 == "__Host-Http-pc" { print "Cookie: __Host-Http-pc=" $7 }' "$work/$1.jar"
}

# A session of its own for a fault: of USER under another name. What the fault before has broken may still be waking up.
session() { # NAME USER TENANT
  within 45 probe /inside/login "$2" "$3" "/work/$1.jar"
}
