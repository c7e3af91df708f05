# Certificates of nodes, and what Nginx reads.
# shellcheck shell=bash disable=SC2154

# A copy of the authority issues one for four minutes, and a node gets it in place of its own; what comes next can nobody read.
short_lived() {
  plain_node || return 1
  docker run --rm --network none --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
    --user "$(id -u):$(id -g)" --volume "$state/authority/ca.d:/ca.d:ro" --volume "$state/authority-passphrases:/passphrases:ro" \
    --env PORTCULLIS_CERTS_PASSPHRASE_FILE=/passphrases/ca --env PORTCULLIS_CERTS_ROOT_PASSPHRASE_FILE=/passphrases/root \
    --entrypoint bash "$(image gateway)" -c '
      set -e
      cp -R /ca.d /tmp/ca.d
      portcullis certs issue gateway --dns gateway --life 4m --dir /tmp/ca.d >&2
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

# A list of revoked ones as the authority makes it, but for twenty hours: a week's wait. Nginx serves with it.
list_ends() {
  # shellcheck disable=SC2016 # the container's own
  docker run --rm --network none --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
    --user "$(id -u):$(id -g)" --volume "$state/authority/ca.d:/ca.d:ro" --volume "$state/authority-passphrases:/passphrases:ro" \
    --entrypoint bash "$(image nginx)" -c '
      set -e
      cd /tmp
      ca=$(find /ca.d/ca -mindepth 1 -maxdepth 1 | sort -V | tail -n 1)
      : >db
      printf "%s\n" "[ca]" default_ca=d "[d]" database=/tmp/db default_md=sha256 crl_extensions=e "[e]" authorityKeyIdentifier=keyid >conf
      openssl ca -gencrl -config conf -keyfile "$ca/ca.key" -passin file:/passphrases/ca -cert "$ca/ca.crt" -crlhours 20 -out new >&2
      awk "/BEGIN X509 CRL/ { n++ } n { print > (\"list.\" n) }" /ca.d/crl.pem
      for list in list.*; do
        [[ $(openssl crl -noout -issuer -in "$list") == $(openssl crl -noout -issuer -in new) ]] || cat "$list"
      done
      cat new' >"$work/crl.pem" || return 1
  of_nginx crl.pem <"$work/crl.pem"
}

# A key for session tickets that is none: what lies there is not what Nginx serves with.
keys_spoilt() { of_nginx tickets/current.key <<<broken; }

of_nginx() { # FILE ; comes on standard input
  # shellcheck disable=SC2016 # for the shell inside
  as_root -c 'source /stack.d/inside/files.sh; put "/state/certs/nginx/$0" "$(user_of nginx)"' "$1"
}
as_handed_out() { as_root /stack.d/inside/certs >/dev/null; }

# What lasts longer stands in trail.sh, beside the fault that lasts longest.
fault "a certificate and a list of revoked ones that nobody can read" spoilt whole 90 CertificateReloadFailed DenyListRefused
fault "a list of revoked ones that ends tomorrow" list_ends as_handed_out 120 RevocationListOverdue RevocationListExpires
fault "a key that Nginx does not take" keys_spoilt as_handed_out 120 EdgeReloadFailed
