package io.portcullis.operate;

import io.portcullis.identity.Revocation;
import io.portcullis.identity.Revocation.Kind;
import io.portcullis.identity.RevocationStatus;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.model.Tenant;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code /admin/v1/revocations}: what was taken back, and taking something back. */
final class AdminRevocations {
  private static final int MOST = 1_000;
  private static final Set<String> MEMBERS =
      Set.of("session", "user", "tenant", "all", "issuer", "issued_before", "reason");

  private final AdminGate gate;
  private final RevocationAdmin revocations;
  private final Function<String, Optional<Tenant>> tenants;
  private final Function<String, Optional<String>> issuers;
  private final InstantSource clock;

  /**
   * @param tenants the tenant of this name or id
   * @param issuers the address of the issuer of this name or address
   */
  AdminRevocations(
      AdminGate gate,
      RevocationAdmin revocations,
      Function<String, Optional<Tenant>> tenants,
      Function<String, Optional<String>> issuers,
      InstantSource clock) {
    this.gate = gate;
    this.revocations = revocations;
    this.tenants = tenants;
    this.issuers = issuers;
    this.clock = clock;
  }

  Future<AdminAnswer> list(Operation operation) {
    JsonArray all = new JsonArray();
    revocations.newest(MOST).forEach(revocation -> all.add(json(revocation)));
    RevocationStatus status = revocations.status();
    return Future.succeededFuture(
        AdminAnswer.ok(
            new JsonObject()
                .put("revocations", all)
                .put("known", status.entries())
                .put("mode", status.mode().name().toLowerCase(Locale.ROOT))));
  }

  Future<AdminAnswer> revoke(Operation operation) {
    Revocation revocation = read(operation.body(MEMBERS));
    return gate.recorded(
            operation,
            "access.revoked",
            revocation.facts(),
            () -> revocations.revoke(revocation).map(true))
        .map(done -> AdminAnswer.created(json(revocation)));
  }

  private Revocation read(JsonObject body) {
    List<Kind> named = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      if (body.containsKey(kind.name().toLowerCase(Locale.ROOT))) {
        named.add(kind);
      }
    }
    if (named.size() != 1) {
      throw Operation.invalid("Say one of \"session\", \"user\", \"tenant\" and \"all\".");
    }
    Kind kind = named.getFirst();
    String name = "";
    if (kind != Kind.ALL) {
      name = text(body, kind.name().toLowerCase(Locale.ROOT), 256);
    } else if (!Boolean.TRUE.equals(body.getValue("all"))) {
      throw Operation.invalid("\"all\" is true, or absent.");
    }
    if (kind == Kind.TENANT) {
      name = organization(name);
    }
    if (kind == Kind.SESSION && body.containsKey("issued_before")) {
      throw Operation.invalid("A session is taken back as a whole.");
    }
    return new Revocation(
        kind,
        body.containsKey("issuer") ? issuer(text(body, "issuer", 512)) : "",
        name,
        before(body.getValue("issued_before")),
        text(body, "reason", 200));
  }

  private String organization(String tenant) {
    return tenants
        .apply(tenant)
        .map(Tenant::organization)
        .orElseThrow(
            () -> Rejection.of(Problem.NOT_FOUND, "tenant-unknown", "There is no such tenant."));
  }

  /** A misspelled issuer would take back nothing, and nobody would notice. */
  private String issuer(String named) {
    return issuers
        .apply(named)
        .orElseThrow(() -> Operation.invalid("\"issuer\" is none of those that are believed."));
  }

  private Instant before(@Nullable Object given) {
    if (given == null) {
      return clock.instant();
    }
    try {
      Instant before = OffsetDateTime.parse(String.valueOf(given)).toInstant();
      if (!before.isBefore(Instant.EPOCH) && !before.isAfter(clock.instant())) {
        return before;
      }
    } catch (DateTimeException e) {
      throw Operation.invalid("\"issued_before\" is a time such as 2026-01-31T12:00:00Z.");
    }
    throw Operation.invalid("\"issued_before\" is a time until now.");
  }

  private static String text(JsonObject body, String name, int most) {
    if (body.getValue(name) instanceof String text
        && !text.isBlank()
        && text.length() <= most
        && text.codePoints().noneMatch(Character::isISOControl)) {
      return text;
    }
    throw Operation.invalid("\"" + name + "\" is a text of 1 to " + most + " characters.");
  }

  private static JsonObject json(Revocation revocation) {
    JsonObject json = new JsonObject().put("kind", revocation.label());
    if (revocation.kind() != Kind.ALL) {
      json.put("name", revocation.name());
    }
    if (!revocation.issuer().isEmpty()) {
      json.put("issuer", revocation.issuer());
    }
    return json.put("issued_before", revocation.before().toString())
        .put("reason", revocation.reason());
  }
}
