package io.portcullis.operate;

import io.portcullis.audit.AuditTail.Line;
import io.portcullis.config.LimitConfig;
import io.portcullis.config.LimitConfig.Outage;
import io.portcullis.config.LimitConfig.Policy;
import io.portcullis.config.ManagementConfig;
import io.portcullis.identity.Revocation;
import io.portcullis.identity.RevocationStatus;
import io.portcullis.limit.LocalRateLimiter;
import io.portcullis.model.AuditEvent;
import io.portcullis.model.Caller;
import io.portcullis.model.Credential;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.model.Tenant;
import io.portcullis.model.TenantId;
import io.portcullis.model.TokenBinding;
import io.portcullis.testing.Api;
import io.portcullis.testing.Await;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The operators' interface on a port of its own. Tokens are names of roles, {@code role:level} of
 * people, {@code role:level:binding} of those whose tenant asks for it; everything behind it is in
 * memory and can be away.
 */
final class AdminFixture implements AutoCloseable {
  static final int MOST_FAILURES = 5;

  final List<AuditEvent> events = new CopyOnWriteArrayList<>();
  final List<Revocation> revoked = new CopyOnWriteArrayList<>();
  volatile boolean trailAway;
  volatile boolean storeAway;
  private final Set<String> sessions = new java.util.concurrent.ConcurrentSkipListSet<>();
  private final Vertx vertx = Vertx.vertx();
  private final int port;

  AdminFixture() {
    sessions.add("s-1");
    AdminApi api =
        new AdminApi(
            AdminFixture::authenticate,
            2,
            failures(),
            this::record,
            id -> Future.succeededFuture(history(id)),
            new Store(),
            new Sessions(),
            AdminFixture::tenant,
            name ->
                Optional.of("https://id").filter(a -> name.equals("keycloak") || name.equals(a)),
            Clock.systemUTC());
    ManagementVerticle listener =
        new ManagementVerticle(
            new ManagementConfig("127.0.0.1", 0, 2),
            new Readiness(vertx, List.of()),
            Metrics.registry(),
            api);
    Await.value(vertx.deployVerticle(listener));
    port = listener.port();
  }

  int port() {
    return port;
  }

  /** A request with a token of that role; empty for none. */
  Api.Answer call(String method, String path, String role, String body, String... headers) {
    Optional<String> token = role.isEmpty() ? Optional.empty() : Optional.of(role);
    Api api = new Api(URI.create("http://127.0.0.1:" + port), token);
    return api.send(
        method, path, method.equals("POST") ? Optional.of(body) : Optional.empty(), headers);
  }

  @Override
  public void close() {
    Await.value(vertx.close());
  }

  private static Future<Caller> authenticate(List<String> headers) {
    if (headers.isEmpty()) {
      return Future.failedFuture(
          Rejection.of(Problem.UNAUTHENTICATED, "token-missing", "An access token is required."));
    }
    String[] token = headers.getFirst().substring("Bearer ".length()).split(":", -1);
    return Future.succeededFuture(
        new Caller(
            "https://id",
            "oscar",
            "oscar",
            "cli",
            List.of(),
            token.length < 3
                ? Optional.empty()
                : TokenBinding.labelled(token[2]).map(AdminFixture::asking),
            Set.of(token[0]),
            Set.of(),
            credential(token.length == 1 ? "" : "sid", token.length == 1 ? "" : token[1])));
  }

  private static Tenant asking(TokenBinding binding) {
    return new Tenant(new TenantId("acme000000000"), "acme", "org-1", Tenant.State.ACTIVE, binding);
  }

  private static Credential credential(String session, String level) {
    return new Credential(
        "", session, Instant.EPOCH, Instant.MAX, Optional.empty(), level, Optional.empty());
  }

  private static LocalRateLimiter failures() {
    Policy policy = new Policy(MOST_FAILURES, Duration.ofMinutes(1), Outage.LOCAL);
    return LocalRateLimiter.ofFailedAuthentications(
        new LimitConfig(
            policy,
            policy,
            policy,
            policy,
            Duration.ofMillis(25),
            5,
            Duration.ofSeconds(1),
            1,
            1_000));
  }

  private Future<Void> record(AuditEvent event) {
    if (trailAway) {
      return Future.failedFuture(Rejection.unavailable("audit"));
    }
    events.add(event);
    return Future.succeededFuture();
  }

  private static List<Line> history(String requestId) {
    return requestId.equals("request-1")
        ? List.of(
            new Line(
                "acme000000000",
                7,
                new JsonObject()
                    .put("type", "authorization.refused")
                    .put("reason", "role-missing")
                    .encode(),
                "00"))
        : List.of();
  }

  private static Optional<Tenant> tenant(String name) {
    return name.equals("acme")
        ? Optional.of(
            new Tenant(new TenantId("acme000000000"), "acme", "org-1", Tenant.State.ACTIVE))
        : Optional.empty();
  }

  private final class Store implements RevocationAdmin {
    @Override
    public Future<Void> revoke(Revocation revocation) {
      if (storeAway) {
        return Future.failedFuture(Rejection.unavailable("state"));
      }
      revoked.add(revocation);
      return Future.succeededFuture();
    }

    @Override
    public List<Revocation> newest(int most) {
      return new ArrayList<>(revoked).reversed();
    }

    @Override
    public RevocationStatus status() {
      return new RevocationStatus(
          RevocationStatus.Mode.FRESH, revoked.size(), Optional.of(Duration.ZERO));
    }
  }

  private final class Sessions implements SessionAdmin {
    @Override
    public Future<List<Facts>> list(String subject) {
      return Future.succeededFuture(
          sessions.stream()
              .map(
                  id ->
                      new Facts(
                          id,
                          "https://id",
                          subject,
                          "bob",
                          "acme",
                          "4c8e",
                          Instant.EPOCH,
                          Instant.EPOCH.plusSeconds(60)))
              .toList());
    }

    @Override
    public Future<Boolean> end(String id) {
      return Future.succeededFuture(sessions.remove(id));
    }
  }
}
