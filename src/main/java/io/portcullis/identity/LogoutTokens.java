package io.portcullis.identity;

import io.portcullis.config.IdentityConfig;
import io.portcullis.model.LogoutToken;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;

/**
 * Proves logout tokens of one issuer for one client (OpenID Connect Back-Channel Logout 1.0,
 * section 2.6), with the keys and the strictness that access tokens meet. That a token counts once
 * is for others to remember: none is taken for longer than {@link #longestLife} after it was
 * issued.
 *
 * <p>Every failure is a {@link Rejection}: {@link Problem#UNAUTHENTICATED} with its reason when the
 * token does not hold, {@link Problem#DEPENDENCY_UNAVAILABLE} when there are no keys to tell. Safe
 * on every thread.
 */
public final class LogoutTokens {
  private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";
  private static final String LOGOUT = "logout+jwt";
  private static final String KEYCLOAK_LOGOUT = "Logout";

  /** The specification recommends two minutes at most; the rest is the way of a slow network. */
  private static final Duration FRESH = Duration.ofMinutes(3);

  private final String issuer;
  private final String client;
  private final Duration leeway;
  private final int maxLength;
  private final SignedTokens signed;
  private final InstantSource clock;

  /**
   * A verifier.
   *
   * @param issuer the exact {@code iss}
   * @param client the client that is told
   */
  public LogoutTokens(
      IdentityConfig config, String issuer, String client, SigningKeys keys, InstantSource clock) {
    this.issuer = issuer;
    this.client = client;
    this.leeway = config.leeway();
    this.maxLength = config.maxTokenBytes();
    this.signed = new SignedTokens(keys, clock);
    this.clock = clock;
  }

  /** How long after the moment it is first shown a token could be taken again. */
  public Duration longestLife() {
    return FRESH.plus(leeway.multipliedBy(2));
  }

  /** Proves a token that was posted to us. */
  public Future<LogoutToken> verify(String token) {
    try {
      if (token.length() > maxLength) {
        throw Refusal.TOKEN_TOO_LONG.rejection();
      }
      CompactToken parsed = CompactToken.parse(token);
      if (!parsed.header().type().equals(LOGOUT)) {
        throw Refusal.NOT_A_LOGOUT_TOKEN.rejection();
      }
      return signed.prove(parsed).map(proof -> read(proof.token()));
    } catch (Rejection refused) {
      return Future.failedFuture(refused);
    }
  }

  private LogoutToken read(CompactToken token) {
    ClaimReader claims = new ClaimReader(token.claims());
    if (!claims.text("iss").equals(issuer)) {
      throw Refusal.ISSUER_UNKNOWN.rejection();
    }
    checkPurpose(token);
    if (!claims.textOrTexts("aud").equals(Set.of(client))) {
      throw Refusal.AUDIENCE_WRONG.rejection();
    }
    checkTimes(claims);
    String subject = claims.optionalText("sub").orElse("");
    String session = claims.optionalText("sid").orElse("");
    if (subject.isEmpty() && session.isEmpty()) {
      throw Refusal.LOGOUT_OF_NOBODY.rejection();
    }
    return new LogoutToken(issuer, claims.text("jti"), subject, session);
  }

  /**
   * Besides its header by its event, by Keycloak's claim where there is one, and never by an ID
   * token's nonce.
   */
  private static void checkPurpose(CompactToken token) {
    JsonObject claims = token.claims();
    if (claims.containsKey("typ") && !KEYCLOAK_LOGOUT.equals(claims.getValue("typ"))) {
      throw Refusal.NOT_A_LOGOUT_TOKEN.rejection();
    }
    if (!(claims.getValue("events") instanceof JsonObject events)
        || !(events.getValue(EVENT) instanceof JsonObject)) {
      throw Refusal.LOGOUT_EVENT_MISSING.rejection();
    }
    if (claims.containsKey("nonce")) {
      throw Refusal.LOGOUT_WITH_NONCE.rejection();
    }
  }

  private void checkTimes(ClaimReader claims) {
    long now = clock.millis();
    long issuedAt = claims.time("iat");
    if (now >= claims.time("exp") + leeway.toMillis()) {
      throw Refusal.TOKEN_EXPIRED.rejection();
    }
    if (issuedAt > now + leeway.toMillis()) {
      throw Refusal.TOKEN_NOT_YET_VALID.rejection();
    }
    if (now - issuedAt > FRESH.plus(leeway).toMillis()) {
      throw Refusal.LOGOUT_OLD.rejection();
    }
  }
}
