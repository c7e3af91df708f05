# The internal authority of the stack, in $state/authority; no service can read it. Sourced.
# shellcheck shell=bash

authority_passphrases=$state/authority-passphrases

# `portcullis certs` in a container without a network, as whoever runs this.
certs() {
  docker run --rm --pull never --network none --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
    --user "$(id -u):$(id -g)" --volume "$state/authority:/authority" --volume "$authority_passphrases:/passphrases:ro" \
    --env PORTCULLIS_CERTS_PASSPHRASE_FILE=/passphrases/ca \
    --env PORTCULLIS_CERTS_ROOT_PASSPHRASE_FILE=/passphrases/root \
    "$(image gateway)" certs "$@" --dir /authority/ca.d
}

authority_init() {
  local which
  mkdir -p "$authority_passphrases" "$state/authority"
  for which in root ca; do
    if [[ ! -s $authority_passphrases/$which && ! -d $state/authority/ca.d ]]; then
      head -c 256 /dev/urandom | base64 -w 0 | tr -dc 'A-Za-z0-9' | head -c 43 >"$authority_passphrases/$which"
    fi
  done
  if [[ -f $state/authority/ca.d/ca.json ]]; then
    say "kept       the authority in $state/authority"
    return
  fi
  certs init --env production --crl-url "http://$STACK_API_HOST:$STACK_HTTP_PORT/crl.pem" >/dev/null ||
    fail "the authority could not be made in $state/authority"
  say "made       the authority in $state/authority"
}

# Identities that are missing, or whose names are no longer those of the list.
authority_issue() {
  local folder role names name dns made=''
  while read -r folder role names; do
    [[ $role != - ]] || continue
    dns=''
    for name in $names; do
      case $name in
        @api) name=$STACK_API_HOST ;;
        @login) name=$STACK_LOGIN_HOST ;;
      esac
      dns+=${dns:+,}$name
    done
    if [[ -e $state/authority/ca.d/identities/$role/current/tls.crt &&
      $(cat "$state/authority/names/$role" 2>/dev/null) == "$dns" ]]; then
      continue
    fi
    certs issue "$role" ${dns:+--dns "$dns"} --life 90d >/dev/null || fail "no identity for $role ($folder)"
    mkdir -p "$state/authority/names"
    printf '%s\n' "$dns" >"$state/authority/names/$role"
    made+=" $role"
  done < <(rows certs)
  if [[ $made ]]; then
    say "made       identities:$made"
  else
    say "kept       the identities"
  fi
}

# Prints the folders in which something changed.
authority_hand_out() { as_root /stack.d/inside/certs; }
