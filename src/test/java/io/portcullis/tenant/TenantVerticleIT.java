package io.portcullis.tenant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.config.PostgresConfig;
import io.portcullis.model.Tenant;
import io.portcullis.model.TokenBinding;
import io.portcullis.testing.PostgresServer;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The registry of a node: from an empty database, through changes, through an outage. */
class TenantVerticleIT {
  private static final PostgresServer SERVER = PostgresServer.start();

  private static final String[] EMPTY = {
    "DROP SCHEMA IF EXISTS platform, audit CASCADE",
    "CREATE SCHEMA platform AUTHORIZATION pc_owner",
    "CREATE SCHEMA audit AUTHORIZATION pc_owner"
  };

  private final Vertx vertx = Vertx.vertx();
  private final PostgresConfig config = SERVER.config();
  private final PlatformDatabase database = new PlatformDatabase(vertx, config);
  private final TenantVerticle verticle = new TenantVerticle(config, database, Clock.systemUTC());
  private final TenantRegistry registry = verticle.registry();
  private final TenantLifecycle lifecycle = new TenantLifecycle(config, (tenant, request) -> {});

  private void deploy() {
    Await.result(
        vertx.deployVerticle(
            () -> verticle,
            new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD)));
  }

  private static String unique(String prefix) {
    return prefix + UUID.randomUUID().toString().substring(0, 8);
  }

  @AfterEach
  void close() {
    Await.result(database.close());
    Await.result(vertx.close());
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @Test
  void start_databaseOfAnyAge_isMigratedAndLoaded() {
    SERVER.execute(EMPTY);
    deploy();
    assertTrue(registry.loaded());
    assertEquals(Optional.empty(), registry.byName("nobody"));
    TenantStatus status = verticle.status();
    assertTrue(status.reachable());
    assertEquals(0, status.tenants());
  }

  @Test
  void start_withoutTheLoginForMigrations_waitsForTheCommand() {
    SERVER.execute(EMPTY);
    TenantVerticle serving = new TenantVerticle(SERVER.serving(), database, Clock.systemUTC());
    Await.result(
        vertx.deployVerticle(
            () -> serving,
            new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD)));
    assertFalse(serving.registry().loaded());
    lifecycle.migratePlatform();
    Await.until("loaded", () -> serving.registry().loaded());
  }

  @Test
  void change_ofATenant_arrivesByNotification() {
    deploy();
    Await.until("listening", () -> verticle.status().listening());
    String name = unique("acme-");
    TenantRecord made = lifecycle.create(name, name + "-org", "test");
    Await.until("created", () -> registry.byOrganization(name + "-org").isPresent());
    Tenant tenant = registry.byId(made.id()).orElseThrow();
    assertEquals(tenant, registry.byName(name).orElseThrow());
    assertEquals(Tenant.State.ACTIVE, tenant.state());
    long start = System.nanoTime();
    SERVER.execute("UPDATE platform.tenant SET state = 'suspended' WHERE name = '" + name + "'");
    Await.until(
        "suspended", () -> registry.byName(name).orElseThrow().state() == Tenant.State.SUSPENDED);
    // Far below the interval of asking, unless the machine is very busy.
    assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() < 5_000);
  }

  @Test
  void change_ofTheTokenBinding_arrivesToo() {
    deploy();
    String name = unique("bound-");
    lifecycle.create(name, name + "-org", "test");
    Await.until("created", () -> registry.byName(name).isPresent());
    assertEquals(TokenBinding.NONE, registry.byName(name).orElseThrow().tokenBinding());
    SERVER.execute("UPDATE platform.tenant SET token_binding = 'dpop' WHERE name = '" + name + "'");
    Await.until(
        "bound", () -> registry.byName(name).orElseThrow().tokenBinding() == TokenBinding.DPOP);
  }

  @Test
  void change_ofAnUnfinishedTenant_staysInvisible() {
    lifecycle.migratePlatform();
    String name = unique("half-");
    SERVER.execute(
        "INSERT INTO platform.tenant (id, name, organization, state) VALUES ('"
            + TenantIds.next(new java.security.SecureRandom())
            + "', '"
            + name
            + "', '"
            + name
            + "', 'creating')");
    deploy();
    assertEquals(Optional.empty(), registry.byName(name));
  }

  @Test
  void outage_keepsTheLastSnapshotAndSaysSo() {
    String name = unique("globex-");
    lifecycle.create(name, name, "test");
    deploy();
    assertTrue(registry.byName(name).isPresent());
    SERVER.kill();
    try {
      Await.until("seen", () -> !verticle.status().reachable());
      assertTrue(registry.loaded());
      assertTrue(registry.byName(name).isPresent());
    } finally {
      SERVER.restart();
    }
    Await.until("back", () -> verticle.status().reachable() && verticle.status().listening());
  }

  @Test
  void start_serverAway_succeedsNotLoadedAndLoadsLater() {
    lifecycle.migratePlatform();
    SERVER.kill();
    try {
      long start = System.nanoTime();
      deploy();
      assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 12);
      assertFalse(registry.loaded());
      assertFalse(verticle.status().reachable());
    } finally {
      SERVER.restart();
    }
    Await.until("loaded", registry::loaded);
  }
}
