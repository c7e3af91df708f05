package io.portcullis.tenant;

import io.portcullis.model.TenantId;
import io.portcullis.testing.PostgresServer;
import java.util.concurrent.ConcurrentHashMap;

/** Three tenants that tests find in a server. */
record Tenants(TenantId acme, TenantId globex, TenantId initech) {
  private static final ConcurrentHashMap<PostgresServer, Tenants> MADE = new ConcurrentHashMap<>();

  /** Makes them, once per server. */
  static Tenants in(PostgresServer server) {
    return MADE.computeIfAbsent(
        server,
        s -> {
          TenantLifecycle lifecycle = new TenantLifecycle(s.config(), (tenant, request) -> {});
          return new Tenants(
              lifecycle.create("acme", "organization-acme", "test").id(),
              lifecycle.create("globex", "organization-globex", "test").id(),
              lifecycle.create("initech", "organization-initech", "test").id());
        });
  }
}
