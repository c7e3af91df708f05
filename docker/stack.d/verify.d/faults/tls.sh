# Certificates of nodes.
# shellcheck shell=bash disable=SC2154

# A copy of the authority issues one for an hour, and a node gets it in place of its own; what comes next can nobody read.
short_lived() {
  plain_node || return 1
  docker run --rm --network none --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
    --user "$(id -u):$(id -g)" --volume "$state/authority/ca.d:/ca.d:ro" --volume "$state/authority-passphrases:/passphrases:ro" \
    --env PORTCULLIS_CERTS_PASSPHRASE_FILE=/passphrases/ca --env PORTCULLIS_CERTS_ROOT_PASSPHRASE_FILE=/passphrases/root \
    --entrypoint bash "$(image gateway)" -c '
      set -e
      cp -R /ca.d /tmp/ca.d
      portcullis certs issue gateway --dns gateway --life 1h --dir /tmp/ca.d >&2
      tar --create --dereference --directory /tmp/ca.d/identities/gateway/current tls.key tls.crt' |
    docker exec --interactive "$drill-plain" tar --extract --no-same-owner --directory /run/certs
}
long_lived() { node_certificates plain; }

spoilt() {
  plain_node || return 1
  sleep 8 # the node has taken the other one, if there was one
  docker exec "$drill-plain" bash -c 'cd /run/certs && for file in tls.crt denied.json; do echo broken >.new && mv -f .new "$file"; done'
}
whole() { node_certificates plain; }

# What lasts longer stands in trail.sh, beside the fault that lasts longest.
fault "a certificate and a list of revoked ones that nobody can read" spoilt whole 90 CertificateReloadFailed DenyListRefused
