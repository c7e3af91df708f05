package io.portcullis.identity;

import io.portcullis.config.IdentityConfig.Issuer;
import io.portcullis.model.Caller;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The claims of a token whose signature holds, checked for this platform (RFC 7519, RFC 9068) and
 * turned into a {@link Caller}. The tenant is not looked up here.
 *
 * <p>Purpose: a token is an access token because its header says {@code at+jwt} or because its
 * {@code typ} claim says {@code Bearer}, as Keycloak's do. Keycloak signs ID, refresh, offline and
 * logout tokens of the same client with the same key, and only this tells them apart. A token bound
 * to its holder's key ({@code cnf}, RFC 7800) is refused, because taking it as a bearer token would
 * undo the binding.
 */
final class AccessClaims {
  private static final String KEYCLOAK_ACCESS_TOKEN = "Bearer";
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
        reader.optionalText("jti").orElse(""),
        Instant.ofEpochMilli(expiresAt));
  }

  private static void checkPurpose(JsonObject claims, boolean accessTokenType) {
    boolean bearer =
        claims.containsKey("typ")
            ? KEYCLOAK_ACCESS_TOKEN.equals(claims.getValue("typ"))
            : accessTokenType;
    if (!bearer) {
      throw Refusal.NOT_AN_ACCESS_TOKEN.rejection();
    }
    if (claims.containsKey("cnf")) {
      throw Refusal.TOKEN_BOUND.rejection();
    }
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
