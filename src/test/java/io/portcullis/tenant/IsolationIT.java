package io.portcullis.tenant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.testing.PostgresServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The database's side of isolation: what {@code pc_app} and a tenant's role can do with statement
 * texts of an attacker's choice, sent as prepared statements past every check of ours.
 */
class IsolationIT {
  private static final String SECRET = "globex-secret";
  private static final UUID ROW = UUID.fromString("019a0000-0000-7000-8000-000000000001");

  private final PostgresServer server = PostgresServer.shared();
  private final Tenants tenants = Tenants.in(server);
  private final String acme = tenants.acme().role();
  private final String globex = tenants.globex().role();
  private final Vertx vertx = Vertx.vertx();
  private PgConnection connection;

  @BeforeEach
  void connect() {
    server.execute(
        "INSERT INTO "
            + globex
            + ".conversation (id, owner, title, created_at, updated_at) VALUES ('"
            + ROW
            + "', 'bob', '"
            + SECRET
            + "', now(), now()) ON CONFLICT DO NOTHING");
    connection =
        Await.result(
            PgConnection.connect(
                vertx, PgArguments.options(server.config(), server.config().app(), "red-team")));
    connection.noticeHandler(notice -> {});
  }

  @AfterEach
  void close() {
    Await.result(vertx.close());
  }

  @Test
  void pcApp_withoutARole_readsNothingAnywhere() {
    for (String table :
        List.of(
            acme + ".conversation",
            acme + ".message",
            acme + ".idempotency",
            globex + ".conversation",
            globex + ".flyway_schema_history",
            "platform.tenant",
            "platform.flyway_schema_history",
            "audit.entry",
            "audit.head")) {
      assertEquals("42501", refused("SELECT * FROM " + table), table);
      assertEquals("42501", refused("DELETE FROM " + table), table);
    }
    assertEquals("42P01", refused("SELECT * FROM conversation"));
    assertEquals("42501", refused("CREATE TABLE public.mine (a int)"));
    assertEquals("42501", refused("CREATE TEMP TABLE mine (a int)"));
    assertEquals("42501", refused("CREATE SCHEMA mine"));
  }

  @Test
  void pcApp_everyTableOfTheDatabase_isClosed() {
    Await.result(connection.query("RESET ROLE").execute());
    RowSet<Row> readable =
        Await.result(
            connection
                .query(
                    "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n"
                        + " ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S')"
                        + " AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
                        + " AND n.nspname !~ '^pg_toast'"
                        + " AND (has_schema_privilege(n.oid, 'USAGE')"
                        + " OR has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE'))")
                .execute());
    assertEquals(0, readable.size());
  }

  /** One statement each; {@code %s} is globex's schema. None may end well and show the secret. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT title FROM %s.conversation",
        "SELECT * FROM %s.flyway_schema_history",
        "SELECT (SELECT title FROM %s.conversation LIMIT 1)",
        "SELECT title FROM conversation UNION ALL SELECT title FROM %s.conversation",
        "WITH x AS (DELETE FROM %s.conversation RETURNING title) SELECT title FROM x",
        "INSERT INTO conversation SELECT * FROM %s.conversation RETURNING title",
        "SELECT set_config('role', '%s', false)",
        "SELECT set_config('role', '%s', true), query_to_xml('SELECT * FROM %s.conversation', true, true, '')",
        "SELECT set_config('search_path', '%s', true)",
        "SELECT set_config('session_authorization', 'postgres', true)",
        "SELECT pg_catalog.set_config('statement_timeout', '0', false)",
        "UPDATE pg_settings SET setting = '%s' WHERE name = 'role'",
        "UPDATE pg_catalog.pg_settings SET setting = '0' WHERE name = 'statement_timeout'",
        "SELECT query_to_xml('SELECT * FROM %s.conversation', true, true, '')",
        "SELECT query_to_xml('RESET ROLE', true, true, '')",
        "SELECT query_to_xml_and_xmlschema('SELECT * FROM %s.conversation', true, true, '')",
        "SELECT query_to_xmlschema('SELECT * FROM %s.conversation', true, true, '')",
        "SELECT cursor_to_xml('c', 10, true, true, '')",
        "SELECT table_to_xml('%s.conversation', true, true, '')",
        "SELECT schema_to_xml('%s', true, true, '')",
        "SELECT database_to_xml(true, true, '')",
        "SELECT * FROM ts_stat('SELECT to_tsvector(title) FROM %s.conversation')",
        "SELECT ts_rewrite('a'::tsquery, 'SELECT ''a''::tsquery, ''b''::tsquery')",
        "SELECT lo_import('/etc/passwd')",
        "SELECT lo_from_bytea(0, 'x')",
        "SELECT lo_creat(-1)",
        "SELECT pg_read_file('PG_VERSION')",
        "SELECT pg_ls_dir('.')",
        "SELECT pg_sleep(30)",
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_advisory_xact_lock(1)",
        "SELECT pg_notify('portcullis_tenants', '')",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity",
        "SELECT pg_cancel_backend(1)",
        "SELECT query FROM pg_stat_activity",
        "SELECT pg_stat_get_backend_activity(1)",
        "SELECT n_live_tup FROM pg_stat_all_tables WHERE schemaname = '%s'",
        "SELECT pg_relation_size('%s.conversation')",
        "SELECT pg_logical_emit_message(false, 'x', 'y')",
        "SELECT pg_export_snapshot()",
        "SELECT pg_switch_wal()",
        "SELECT dblink('dbname=postgres', 'SELECT 1')",
        "SELECT rolpassword FROM pg_authid",
        "SELECT passwd FROM pg_shadow",
        "SELECT * FROM pg_largeobject",
        "SELECT * FROM pg_statistic",
        "SELECT statement FROM pg_prepared_statements",
        "SELECT * FROM pg_hba_file_rules",
        "SELECT 1; RESET ROLE; SELECT title FROM %s.conversation",
        "SELECT 1; SELECT title FROM %s.conversation",
        "DO $$ BEGIN PERFORM 1; END $$",
        "DO LANGUAGE sql 'SELECT 1'",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'",
        "CREATE TEMP TABLE conversation (title text)",
        "CREATE TEMP VIEW v AS SELECT title FROM %s.conversation",
        "CREATE VIEW v AS SELECT title FROM %s.conversation",
        "CREATE TABLE mine (a int)",
        "CREATE SCHEMA mine",
        "CREATE EXTENSION dblink",
        "CREATE ROLE mine",
        "ALTER TABLE conversation ADD COLUMN x int",
        "ALTER ROLE pc_app SET search_path = '%s'",
        "GRANT %s TO CURRENT_USER",
        "DROP TABLE conversation",
        "TRUNCATE conversation",
        "LOCK TABLE %s.conversation",
        "COPY %s.conversation TO PROGRAM 'cat'",
        "COPY conversation TO '/tmp/x'",
        "COPY conversation FROM PROGRAM 'id'",
        "EXPLAIN ANALYZE SELECT * FROM %s.conversation",
        "DECLARE c CURSOR FOR SELECT * FROM %s.conversation",
        "SET SESSION AUTHORIZATION postgres",
        "SET SESSION AUTHORIZATION '%s'",
        "SET ROLE pc_owner",
        "SET ROLE pc_admin",
        "SET ROLE postgres",
        "EXECUTE nothing",
        "ALTER SYSTEM SET log_statement = 'all'",
        "LOAD 'auto_explain'",
        "VACUUM",
        "SELECT * FROM platform.tenant",
        "SELECT * FROM audit.entry",
        "INSERT INTO audit.entry VALUES ('a', 1, gen_random_uuid(), now(), '', '')"
      })
  void attack_asATenant_isRefused(String attack) {
    begin();
    String sql = attack.replace("%s", globex);
    CompletionException failure =
        assertThrows(
            CompletionException.class,
            () -> Await.result(connection.preparedQuery(sql).execute()),
            sql);
    assertFalse(String.valueOf(failure.getMessage()).contains(SECRET), sql);
  }

  /** These are allowed by PostgreSQL as whole statements; they must show nothing and not last. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "RESET ROLE",
        "RESET ALL",
        "SET ROLE %s",
        "SET LOCAL ROLE %s",
        "SET search_path = %s",
        "SET SESSION AUTHORIZATION DEFAULT",
        "SET default_transaction_read_only = off",
        "SET statement_timeout = 0",
        "PREPARE p AS SELECT 1",
        "LISTEN portcullis_tenants",
        "NOTIFY portcullis_tenants",
        "COMMIT",
        "ROLLBACK",
        "SAVEPOINT s",
        "EXPLAIN SELECT * FROM conversation",
        "SHOW search_path",
        "GRANT SELECT ON conversation TO PUBLIC",
        "SELECT current_setting('role')",
        "SELECT nspname FROM pg_namespace",
        "SELECT rolname FROM pg_roles",
        "SELECT * FROM pg_stats WHERE schemaname = '%s'"
      })
  void attack_wholeStatement_showsNothingAndTheNextUnitIsClean(String attack) {
    begin();
    String sql = attack.replace("%s", globex);
    Future<RowSet<Row>> result = connection.preparedQuery(sql).execute();
    if (Await.settled(result).succeeded()) {
      for (Row row : result.result()) {
        assertFalse(row.toJson().encode().contains(SECRET), sql);
      }
    }
    Await.settled(connection.query("COMMIT").execute());
    Await.settled(connection.query("ROLLBACK").execute());
    begin();
    Row clean =
        Await.result(
                connection
                    .preparedQuery(
                        "SELECT current_user::text AS who, current_schema()::text AS place,"
                            + " current_setting('statement_timeout') AS timeout,"
                            + " (SELECT count(*) FROM conversation WHERE id = $1) AS n")
                    .execute(io.vertx.sqlclient.Tuple.of(ROW)))
            .iterator()
            .next();
    assertEquals(acme, clean.getString("who"));
    assertEquals(acme, clean.getString("place"));
    assertEquals("2s", clean.getString("timeout"));
    assertEquals(0, clean.getLong("n"));
    assertEquals("42501", refused("SELECT title FROM " + globex + ".conversation"));
  }

  @Test
  void check_roleChangedWithinAUnit_isCountedAndAnsweredWithNothing() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    TenantSession session = new TenantSession(vertx, server.config(server.port(), 1, 4), meters, 1);
    // Granted for this test alone: without it no statement that is let through can change a role.
    server.execute("GRANT EXECUTE ON FUNCTION set_config(text, text, boolean) TO " + acme);
    try {
      Await.failure(
          io.portcullis.model.Rejection.class,
          session.run(
              tenants.acme(),
              Access.READ,
              Statement.of("SELECT set_config('role', $1, true)", globex)));
    } finally {
      server.execute("REVOKE EXECUTE ON FUNCTION set_config(text, text, boolean) FROM " + acme);
    }
    assertEquals(1, meters.counter("portcullis.tenant.isolation.violation").count());
    Rows next =
        Await.result(
                session.run(
                    tenants.acme(), Access.READ, Statement.of("SELECT count(*) AS n FROM message")))
            .getFirst();
    assertTrue(next.first().isPresent());
    Await.result(session.close());
  }

  private void begin() {
    Await.result(
        connection
            .query(
                "BEGIN; SET LOCAL ROLE "
                    + acme
                    + "; SET LOCAL search_path = "
                    + acme
                    + ", pg_temp; SET LOCAL statement_timeout = 2000")
            .execute());
  }

  private String refused(String sql) {
    return String.valueOf(
        Await.failure(io.vertx.pgclient.PgException.class, connection.preparedQuery(sql).execute())
            .getSqlState());
  }
}
