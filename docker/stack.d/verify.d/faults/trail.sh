# What must never happen: tenants mixed, audit events lost.
# shellcheck shell=bash disable=SC2154

# Somebody has made the database change the role of whoever reads a tenant's conversations. A node looks at the role of
# every thousandth unit of work.
role_changed() {
  local schema
  plain_node && client_at reading backend && session reading bob globex || return 1
  schema=$(tenant_schema globex)
  call reading POST /api/v1/conversations '{"title":"To be read"}' || return 1
  sql "CREATE FUNCTION $schema.drill() RETURNS boolean LANGUAGE plpgsql AS \$\$BEGIN PERFORM set_config('role', 'none', true); RETURN true; END\$\$;
    GRANT EXECUTE ON FUNCTION $schema.drill() TO PUBLIC;
    ALTER TABLE $schema.conversation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY drill ON $schema.conversation USING ($schema.drill())" || return 1
  meanwhile 70 client reading timeout 60 curl --silent --output /dev/null --parallel --parallel-max 4 --header "$(cookie_of reading)" \
    "http://$drill-plain:8080/api/v1/conversations?[1-3000]"
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
    --header 'Authorization: Bearer worthless' "http://$drill-cut:8080/api/v1/me?[1-20000]"
}

# The same node, stopped; a part of its journal cannot be read any more when it starts again.
trail_joined() {
  gone refused
  docker network connect "${project}_data" "$drill-cut"
}
journal_damaged() {
  has_node cut || { echo "the node of the fault before is gone" && return 1; }
  docker network disconnect "${project}_data" "$drill-cut" 2>/dev/null || true
  return 0
}

fault "the database changes the role of whoever reads" role_changed role_kept 90 TenantIsolationViolation
fault "a node is cut off from the database, and much is refused" trail_cut trail_joined 90 AuditLag AuditLagLong AuditJournalFilling AuditEventsRefused
