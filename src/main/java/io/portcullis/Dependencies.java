package io.portcullis;

import io.portcullis.audit.AuditStatus;
import io.portcullis.audit.AuditVerticle;
import io.portcullis.identity.KeyStatus;
import io.portcullis.identity.RevocationStatus;
import io.portcullis.identity.SigningKeys;
import io.portcullis.limit.LimiterStatus;
import io.portcullis.limit.RateLimitVerticle;
import io.portcullis.model.Decision;
import io.portcullis.operate.Dependency;
import io.portcullis.operate.Dependency.Health;
import io.portcullis.operate.Dependency.State;
import io.portcullis.redis.RedisLanes;
import io.portcullis.redis.RedisStatus;
import io.portcullis.tenant.TenantRegistry;
import io.portcullis.tenant.TenantStatus;
import io.portcullis.tls.Certificates;
import io.portcullis.tls.TlsStatus;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What health says of each part this node leans on: one translation from a room's own status to the
 * report.
 */
final class Dependencies {
  private Dependencies() {}

  static List<Dependency> of(
      SigningKeys keys,
      RedisLanes lanes,
      RateLimitVerticle limits,
      SharedState state,
      TenantRegistry tenants,
      AuditVerticle audit,
      Certificates certificates) {
    List<Dependency> dependencies = new ArrayList<>();
    if (certificates.on()) {
      dependencies.add(
          new Dependency(
              "certificates", () -> certificates(certificates.status(Clock.systemUTC()))));
    }
    dependencies.addAll(of(keys, lanes, limits, tenants, audit));
    dependencies.add(new Dependency("state", () -> state(state)));
    return List.copyOf(dependencies);
  }

  private static List<Dependency> of(
      SigningKeys keys,
      RedisLanes lanes,
      RateLimitVerticle limits,
      TenantRegistry tenants,
      AuditVerticle audit) {
    return List.of(
        new Dependency("identity-provider", () -> identity(keys.status())),
        new Dependency("postgresql", () -> postgresql(tenants.status())),
        new Dependency("redis", () -> redis(lanes.status(), limits.status())),
        new Dependency("audit", () -> audit(audit.status())));
  }

  /** Old keys still prove callers; no keys prove nobody, and then this node is of no use. */
  private static State identity(List<KeyStatus> issuers) {
    boolean all = issuers.stream().allMatch(issuer -> issuer.mode() == KeyStatus.Mode.FRESH);
    boolean none = issuers.stream().allMatch(issuer -> issuer.mode() == KeyStatus.Mode.UNAVAILABLE);
    List<Map<String, Object>> facts = new ArrayList<>();
    for (KeyStatus issuer : issuers) {
      Map<String, Object> fact = new LinkedHashMap<>();
      fact.put("name", issuer.issuer());
      fact.put("mode", lower(issuer.mode()));
      fact.put("keys", issuer.keys());
      issuer.age().ifPresent(age -> fact.put("age_seconds", age.toSeconds()));
      facts.add(fact);
    }
    String mode = all ? "fresh" : none ? "unavailable" : "stale";
    return new State(
        all ? Health.UP : none ? Health.DOWN : Health.DEGRADED, mode, Map.of("issuers", facts));
  }

  /** Without the registry no tenant is known; with it, whatever needs no database goes on. */
  private static State postgresql(TenantStatus tenants) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("tenants", tenants.tenants());
    tenants.age().ifPresent(age -> facts.put("age_seconds", age.toSeconds()));
    if (tenants.reachable() && tenants.loaded()) {
      return new State(Health.UP, tenants.listening() ? "serving" : "polling", facts);
    }
    return new State(tenants.loaded() ? Health.DEGRADED : Health.DOWN, "unavailable", facts);
  }

  private static State redis(RedisStatus redis, LimiterStatus limiter) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("since", redis.since().toString());
    if (!redis.up()) {
      facts.put("reason", redis.lastError());
    }
    boolean exact = redis.up() && limiter.mode() == Decision.Mode.REDIS;
    return new State(exact ? Health.UP : Health.DEGRADED, lower(limiter.mode()), facts);
  }

  /** Who never read what was taken back can believe nobody; with the last list it goes on. */
  private static State state(SharedState state) {
    RedisStatus redis = state.lanes().status();
    RevocationStatus revocations = state.revocations().status();
    boolean pushed = state.broadcast().connected();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("since", redis.since().toString());
    if (!redis.up()) {
      facts.put("reason", redis.lastError());
    }
    facts.put("revocations", revocations.entries());
    revocations.age().ifPresent(age -> facts.put("age_seconds", age.toSeconds()));
    if (revocations.mode() == RevocationStatus.Mode.UNAVAILABLE) {
      return new State(Health.DOWN, "unavailable", facts);
    }
    if (!redis.up() || revocations.mode() == RevocationStatus.Mode.STALE) {
      return new State(Health.DEGRADED, "stale", facts);
    }
    return new State(pushed ? Health.UP : Health.DEGRADED, pushed ? "serving" : "polling", facts);
  }

  private static State audit(AuditStatus audit) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("lag_seconds", audit.lagSeconds());
    facts.put("backlog_bytes", audit.backlogBytes());
    facts.put("lost", audit.lost());
    Health health =
        switch (audit.mode()) {
          case DURABLE -> Health.UP;
          case JOURNAL_ONLY -> Health.DEGRADED;
          case FAILING -> Health.DOWN;
        };
    return new State(health, audit.mode().label(), facts);
  }

  /** With an expired certificate nobody can come in and nobody can be called. */
  private static State certificates(TlsStatus tls) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("role", tls.role());
    facts.put("serial", tls.serial());
    facts.put("not_after", tls.notAfter().toString());
    facts.put("denied", tls.denied());
    tls.lastFailure().ifPresent(failure -> facts.put("last_failure", failure));
    boolean good = tls.mode() == TlsStatus.Mode.VALID && tls.lastFailure().isEmpty();
    boolean gone = tls.mode() == TlsStatus.Mode.EXPIRED;
    return new State(
        good ? Health.UP : gone ? Health.DOWN : Health.DEGRADED, lower(tls.mode()), facts);
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
