package io.portcullis.tenant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.portcullis.model.TenantId;
import io.vertx.pgclient.PgException;
import java.io.File;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be sent, what comes of refusals, and the names that are held against files. */
class StatementTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ";",
        "SET ROLE x",
        "RESET ROLE",
        "COMMIT",
        "/* */ SELECT 1",
        "-- x\nSELECT 1",
        "EXPLAIN SELECT 1",
        "selectx",
        "DO $$ $$",
        "COPY x TO STDOUT",
        "CALL f()",
        "\0SELECT 1",
        "LISTEN x",
        "GRANT x TO y",
        "ALTER ROLE x",
        "(SELECT 1)",
        "withdraw",
        "\u0131nsert into x"
      })
  void of_anythingButData_isRefused(String sql) {
    assertThrows(IllegalArgumentException.class, () -> Statement.of(sql));
  }

  @Test
  void of_data_keepsItsArguments() {
    assertEquals(List.of(1, "a"), Statement.of("\n  select $1, $2", 1, "a").args());
    assertEquals(List.of(), Statement.of("WITH x AS (SELECT 1) SELECT * FROM x").args());
    assertEquals(
        Arrays.asList((Object) null), Statement.of("UPDATE x SET a = $1", (Object) null).args());
  }

  @Test
  void next_manyTimes_isAlwaysAnIdAndNeverTheSame() {
    Random random = new Random(42);
    Set<TenantId> ids = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      assertTrue(ids.add(TenantIds.next(random)));
    }
  }

  @Test
  void versions_areThoseOfTheScripts() {
    assertEquals(newest("platform"), Migrations.PLATFORM_VERSION);
    assertEquals(newest("tenant"), Migrations.TENANT_VERSION);
  }

  private static int newest(String folder) {
    String[] scripts = Objects.requireNonNull(new File("src/main/resources/db/" + folder).list());
    return Arrays.stream(scripts)
        .mapToInt(script -> Integer.parseInt(script.substring(1, script.indexOf("__"))))
        .max()
        .orElseThrow();
  }

  @Test
  void failure_ofEachKind_isWhatCallersArePromised() {
    assertEquals("postgresql-timeout", reason("57014"));
    assertEquals("postgresql-unavailable", reason("57P01"));
    assertEquals("postgresql-unavailable", reason("53300"));
    assertEquals("postgresql-unavailable", reason("08006"));
    assertEquals("23505", reason("23505"));
    assertEquals("42501", reason("42501"));
  }

  private static String reason(String state) {
    RuntimeException failure = SqlFailure.of(new PgException("message", "ERROR", state, ""));
    return failure instanceof io.portcullis.model.Rejection rejection
        ? rejection.reason()
        : ((TenantSessionException) failure).sqlState();
  }

  @Test
  void metrics_inPrometheus_haveTheContractsNames() {
    io.vertx.core.Vertx vertx = io.vertx.core.Vertx.vertx();
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    io.portcullis.config.Secret none = new io.portcullis.config.Secret("");
    var login = new io.portcullis.config.PostgresConfig.Login("x", none);
    var second = java.time.Duration.ofSeconds(1);
    new TenantSession(
        vertx,
        new io.portcullis.config.PostgresConfig(
            "127.0.0.1", 1, "x", login, login, login, 1, 1, second, second, second, second),
        registry);
    String scrape = registry.scrape();
    assertTrue(scrape.contains("portcullis_tenant_session_seconds_count"), scrape);
    assertTrue(scrape.contains("portcullis_tenant_isolation_violation_total 0.0"), scrape);
    Await.result(vertx.close());
  }
}
