package io.portcullis.identity;

import io.portcullis.config.IdentityConfig.Issuer;
import io.portcullis.model.Caller;
import io.portcullis.model.Credential;
import io.portcullis.model.Credential.Binding;
import io.portcullis.model.Credential.Binding.Kind;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The claims of a token whose signature holds, checked for this platform (RFC 7519, RFC 9068) and
 * turned into a {@link Caller}. The tenant is not looked up here.
 *
 * <p>Purpose: a token is an access token because its header says {@code at+jwt} or because its
 * {@code typ} claim says {@code Bearer}, as Keycloak's do, or {@code DPoP}, as Keycloak's do that
 * are bound to a key. Keycloak signs ID, refresh, offline and logout tokens of the same client with
 * the same key, and only this tells them apart. Whether the holder proved the key that a token is
 * bound to ({@code cnf}, RFC 7800) is asked elsewhere.
 */
final class AccessClaims {
  private static final String KEYCLOAK_ACCESS_TOKEN = "Bearer";
  private static final String KEYCLOAK_BOUND_TOKEN = "DPoP";
  private static final int MAX_ORGANIZATION_ID_LENGTH = 64;

  private final Issuer issuer;
  private final long leewayMillis;

  AccessClaims(Issuer issuer, Duration leeway) {
    this.issuer = issuer;
    this.leewayMillis = leeway.toMillis();
  }

  /**
   * The caller that the claims name.
   *
   * @throws io.portcullis.model.Rejection when a claim does not hold
   */
  Caller caller(JsonObject claims, boolean accessTokenType, long nowMillis) {
    ClaimReader reader = new ClaimReader(claims);
    checkPurpose(claims, accessTokenType);
    long expiresAt = checkTimes(reader, nowMillis);
    if (Collections.disjoint(reader.textOrTexts("aud"), issuer.audiences())) {
      throw Refusal.AUDIENCE_WRONG.rejection();
    }
    String client = reader.text("azp");
    if (!issuer.clients().isEmpty() && !issuer.clients().contains(client)) {
      throw Refusal.CLIENT_WRONG.rejection();
    }
    String subject = reader.text("sub");
    return new Caller(
        issuer.issuer(),
        subject,
        reader.optionalText("preferred_username").orElse(subject),
        client,
        organizations(claims.getValue("organization")),
        Optional.empty(),
        roles(reader),
        reader.words("scope"),
        credential(reader, expiresAt));
  }

  private static void checkPurpose(JsonObject claims, boolean accessTokenType) {
    boolean access =
        claims.containsKey("typ")
            ? KEYCLOAK_ACCESS_TOKEN.equals(claims.getValue("typ")) || isKeycloaksBound(claims)
            : accessTokenType;
    if (!access) {
      throw Refusal.NOT_AN_ACCESS_TOKEN.rejection();
    }
  }

  private static boolean isKeycloaksBound(JsonObject claims) {
    return KEYCLOAK_BOUND_TOKEN.equals(claims.getValue("typ"))
        && claims.getValue("cnf") instanceof JsonObject confirmation
        && confirmation.containsKey("jkt");
  }

  private long checkTimes(ClaimReader reader, long nowMillis) {
    long expiresAt = reader.time("exp");
    if (nowMillis >= expiresAt + leewayMillis) {
      throw Refusal.TOKEN_EXPIRED.rejection();
    }
    long notBefore =
        Math.max(reader.optionalTime("nbf").orElse(0), reader.optionalTime("iat").orElse(0));
    if (notBefore > nowMillis + leewayMillis) {
      throw Refusal.TOKEN_NOT_YET_VALID.rejection();
    }
    return expiresAt;
  }

  private static Credential credential(ClaimReader reader, long expiresAtMillis) {
    OptionalLong authenticated = reader.optionalTime("auth_time");
    return new Credential(
        reader.optionalText("jti").orElse(""),
        reader.optionalText("sid").orElse(""),
        Instant.ofEpochMilli(reader.optionalTime("iat").orElse(0)),
        Instant.ofEpochMilli(expiresAtMillis),
        authenticated.isPresent()
            ? Optional.of(Instant.ofEpochMilli(authenticated.getAsLong()))
            : Optional.empty(),
        reader.optionalText("acr").orElse(""),
        reader.object("cnf").map(AccessClaims::binding));
  }

  /** Exactly one method of confirmation, and one that we know; all else cannot be proved. */
  private static Binding binding(ClaimReader confirmation) {
    Optional<String> key = confirmation.optionalText("jkt");
    Optional<String> certificate = confirmation.optionalText("x5t#S256");
    if (key.isPresent() == certificate.isPresent()) {
      throw Refusal.CLAIM_MALFORMED.of("cnf");
    }
    return key.map(jkt -> new Binding(Kind.KEY, jkt))
        .orElseGet(() -> new Binding(Kind.CERTIFICATE, certificate.orElseThrow()));
  }

  private Set<String> roles(ClaimReader reader) {
    Set<String> roles = new LinkedHashSet<>();
    reader.object("realm_access").ifPresent(realm -> roles.addAll(realm.texts("roles")));
    if (!issuer.rolesClient().isEmpty()) {
      reader
          .object("resource_access")
          .flatMap(clients -> clients.object(issuer.rolesClient()))
          .ifPresent(client -> roles.addAll(client.texts("roles")));
    }
    return roles;
  }

  /**
   * Ids of Keycloak's {@code organization} claim, {@code {"alias": {"id": "…"}}}. Aliases can be
   * renamed and reused, so they never stand for a tenant: when any organization comes without its
   * id (the other forms of the claim have none), there are no ids at all, lest a second
   * organization go unnoticed.
   */
  private static List<String> organizations(@Nullable Object claim) {
    if (!(claim instanceof JsonObject organizations)) {
      return List.of();
    }
    List<String> ids = new ArrayList<>();
    for (Map.Entry<String, Object> organization : organizations) {
      if (organization.getValue() instanceof JsonObject facts
          && facts.getValue("id") instanceof String id
          && !id.isBlank()
          && id.length() <= MAX_ORGANIZATION_ID_LENGTH) {
        ids.add(id);
      } else {
        return List.of();
      }
    }
    return ids;
  }
}
