# What must never happen: tenants mixed, audit events lost.
# shellcheck shell=bash disable=SC2154

# Somebody has made the database change the role of whoever reads a tenant's conversations. A node looks at the role of
# every thousandth unit of work.
role_changed() {
  local schema
  plain_node && client_at reading backend && session reading bob globex || return 1
  schema=$(tenant_schema globex)
  call reading POST /api/v1/conversations '{"title":"To be read"}' || return 1
  sql "CREATE FUNCTION $schema.drill() RETURNS boolean LANGUAGE plpgsql AS \$\$BEGIN SET LOCAL ROLE NONE; RETURN true; END\$\$;
    GRANT EXECUTE ON FUNCTION $schema.drill() TO PUBLIC;
    ALTER TABLE $schema.conversation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY drill ON $schema.conversation USING ($schema.drill())" || return 1
  meanwhile 70 client reading timeout 60 curl --silent --output /dev/null --parallel --parallel-max 4 --header "$(cookie_of reading)" \
    "http://$drill-plain:8080/api/v1/conversations?limit=[1-50]#[1-60]"
}
role_kept() {
  local schema
  gone reading
  schema=$(tenant_schema globex)
  sql "DROP POLICY drill ON $schema.conversation;
    ALTER TABLE $schema.conversation NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
    DROP FUNCTION $schema.drill()"
}

# A node that cannot reach the database, with a megabyte for its journal, and refusals to record.
trail_cut() {
  client_at refused backend || return 1
  node cut --env PORTCULLIS_AUDIT_MAX_JOURNAL_BYTES=1MiB --env PORTCULLIS_AUDIT_SEGMENT_BYTES=64KiB || return 1
  docker network disconnect "${project}_data" "$drill-cut"
  meanwhile 90 client refused timeout 80 curl --silent --output /dev/null --parallel --parallel-max 10 \
    --header 'Authorization: Bearer worthless' "http://$drill-cut:8080/api/v1/me?[1-6000]"
  # And some more, for as long as it takes.
  meanwhile 300 client refused timeout 290 curl --silent --output /dev/null --rate 3/s --header 'Authorization: Bearer worthless' \
    "http://$drill-cut:8080/api/v1/me?[1-1000]"
}

trail_joined() {
  gone refused
  docker network connect "${project}_data" "$drill-cut"
}

# Another one, with events that are not in the chain yet, is stopped; when it starts again, a part of its journal cannot
# be read any more.
journal_damaged() {
  client_at hurting backend && node hurt || return 1
  docker network disconnect "${project}_data" "$drill-hurt" || return 1
  client hurting timeout 30 curl --silent --output /dev/null --header 'Authorization: Bearer worthless' \
    "http://$drill-hurt:8080/api/v1/me?[1-200]"
  docker stop --time 20 "$drill-hurt" >/dev/null || return 1
  docker run --rm --network none --user 10102:10102 --volumes-from "$drill-hurt" --entrypoint bash "$(image gateway)" -c '
    cd /var/lib/portcullis/node/audit || exit 1
    files=(*.journal)
    printf broken | dd of="${files[0]}" bs=1 seek=3000 conv=notrunc status=none' || return 1
  docker network connect "${project}_data" "$drill-hurt" && docker start "$drill-hurt" >/dev/null &&
    node_certificates hurt && within 120 node_ready hurt
}
journal_whole() {
  gone hurting
  node_gone hurt
}

# Independent of each other, and beside the one that lasts longest.
batch long
fault "a certificate for four minutes" short_lived long_lived 300 CertificateExpiresSoon CertificateExpires
fault "a node is cut off from the database, and much is refused" trail_cut trail_joined 300 \
  AuditLag AuditLagLong AuditJournalFilling AuditEventsRefused
fault "a part of a node's journal cannot be read any more" journal_damaged journal_whole 300 AuditEventsLost
fault "the database changes the role of whoever reads" role_changed role_kept 300 TenantIsolationViolation
fault "Keycloak stands still" issuer_hangs issuer_answers 420 SigningKeysStale SigningKeysRunOut CredentialsUnproven LoginsFailing \
  SessionRefreshFailing IssuerCallsPending EdgeProbeFailed EdgeProbeSlow
