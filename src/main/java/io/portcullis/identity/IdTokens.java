package io.portcullis.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.portcullis.config.IdentityConfig;
import io.portcullis.model.IdToken;
import io.portcullis.model.Level;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.vertx.core.Future;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Proves ID tokens of one issuer for one client (OpenID Connect Core 1.0, section 3.1.3.7), with
 * the keys and the strictness that access tokens meet. Stricter where the text leaves a choice: the
 * client is the only audience, and a token that says what it is must say that it is an ID token,
 * because Keycloak signs every kind with the same key.
 *
 * <p>Every failure is a {@link Rejection}: {@link Problem#UNAUTHENTICATED} with its reason when the
 * token does not hold, {@link Problem#DEPENDENCY_UNAVAILABLE} when there are no keys to tell. Safe
 * on every thread.
 */
public final class IdTokens {
  private static final String KEYCLOAK_ID_TOKEN = "ID";

  private final String issuer;
  private final String client;
  private final long leewayMillis;
  private final int maxLength;
  private final SignedTokens signed;
  private final InstantSource clock;

  /**
   * A verifier.
   *
   * @param issuer the exact {@code iss}
   * @param client the client that the tokens are for
   */
  public IdTokens(
      IdentityConfig config, String issuer, String client, SigningKeys keys, InstantSource clock) {
    this.issuer = issuer;
    this.client = client;
    this.leewayMillis = config.leeway().toMillis();
    this.maxLength = config.maxTokenBytes();
    this.signed = new SignedTokens(keys, clock);
    this.clock = clock;
  }

  /** Proves a token that came from the token endpoint, and that it answers what was asked. */
  public Future<IdToken> verify(String token, IdToken.Asked asked) {
    try {
      if (token.length() > maxLength) {
        throw Refusal.TOKEN_TOO_LONG.rejection();
      }
      CompactToken parsed = CompactToken.parse(token);
      if (!parsed.header().isPlain()) {
        throw Refusal.NOT_AN_ID_TOKEN.rejection();
      }
      return signed.prove(parsed).map(proof -> read(proof.token(), asked));
    } catch (Rejection refused) {
      return Future.failedFuture(refused);
    }
  }

  private IdToken read(CompactToken token, IdToken.Asked asked) {
    ClaimReader claims = new ClaimReader(token.claims());
    if (!claims.text("iss").equals(issuer)) {
      throw Refusal.ISSUER_UNKNOWN.rejection();
    }
    if (token.claims().containsKey("typ")
        && !KEYCLOAK_ID_TOKEN.equals(token.claims().getValue("typ"))) {
      throw Refusal.NOT_AN_ID_TOKEN.rejection();
    }
    checkAudience(claims);
    long issuedAt = claims.time("iat");
    long expiresAt = claims.time("exp");
    checkTimes(claims, issuedAt, expiresAt);
    checkNonce(claims.text("nonce"), asked.nonce());
    Optional<Instant> authenticatedAt = instant(claims.optionalTime("auth_time"));
    String level = claims.optionalText("acr").orElse("");
    checkAuthentication(authenticatedAt, level, asked);
    return new IdToken(
        issuer,
        claims.text("sub"),
        claims.optionalText("sid").orElse(""),
        Instant.ofEpochMilli(issuedAt),
        Instant.ofEpochMilli(expiresAt),
        authenticatedAt,
        level);
  }

  private void checkAudience(ClaimReader claims) {
    if (!claims.textOrTexts("aud").equals(Set.of(client))) {
      throw Refusal.AUDIENCE_WRONG.rejection();
    }
    Optional<String> party = claims.optionalText("azp");
    if (party.isPresent() && !party.get().equals(client)) {
      throw Refusal.CLIENT_WRONG.rejection();
    }
  }

  private void checkTimes(ClaimReader claims, long issuedAt, long expiresAt) {
    long now = clock.millis();
    if (now >= expiresAt + leewayMillis) {
      throw Refusal.TOKEN_EXPIRED.rejection();
    }
    if (Math.max(issuedAt, claims.optionalTime("nbf").orElse(0)) > now + leewayMillis) {
      throw Refusal.TOKEN_NOT_YET_VALID.rejection();
    }
  }

  /** The nonce is a secret of this login: how far a guess agrees must not show. */
  private static void checkNonce(String nonce, String expected) {
    if (expected.isEmpty()
        || !MessageDigest.isEqual(nonce.getBytes(UTF_8), expected.getBytes(UTF_8))) {
      throw Refusal.NONCE_WRONG.rejection();
    }
  }

  private void checkAuthentication(Optional<Instant> at, String level, IdToken.Asked asked) {
    if (asked.authenticatedSince().isPresent()) {
      Instant since = asked.authenticatedSince().get().minus(Duration.ofMillis(leewayMillis));
      if (at.orElseThrow(() -> Refusal.CLAIM_MISSING.of("auth_time")).isBefore(since)) {
        throw Refusal.AUTHENTICATION_OLD.rejection();
      }
    }
    if (!Level.reaches(level, asked.level())) {
      throw Refusal.LEVEL_NOT_REACHED.rejection();
    }
  }

  private static Optional<Instant> instant(OptionalLong millis) {
    return millis.isPresent()
        ? Optional.of(Instant.ofEpochMilli(millis.getAsLong()))
        : Optional.empty();
  }
}
