package io.portcullis.identity;

import io.micrometer.core.instrument.MeterRegistry;
import io.portcullis.config.IdentityConfig;
import io.portcullis.model.Caller;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Token in, {@link Caller} out. One instance serves every event loop.
 *
 * <p>A token seen before is answered from the cache by a completed future. A new one is taken
 * apart, its issuer's key found, its signature checked (some tens of microseconds, on the calling
 * thread) and only then its claims. Only an unknown {@code kid} waits, for at most one fetch of
 * keys; the future then completes on the caller's own context.
 *
 * <p>Every failure is a {@link Rejection}: {@link Problem#UNAUTHENTICATED} with its reason when the
 * credential does not hold, {@link Problem#DEPENDENCY_UNAVAILABLE} when there are no keys young
 * enough to tell. What is refused follows RFC 7515, 7518, 7519, 8725 and 9068.
 */
public final class TokenVerifier {
  private static final Logger LOG = LoggerFactory.getLogger(TokenVerifier.class);

  private final int maxTokenLength;
  private final SignedTokens signed;
  private final TokenCache cache;
  private final Predicate<Caller> revoked;
  private final TokenMetrics metrics;
  private final InstantSource clock;

  /**
   * A verifier.
   *
   * @param tenants asked on every call, see {@link TenantDirectory}
   * @param revoked whether what was proved has been taken back; asked on every call, so it must
   *     answer from memory
   */
  public TokenVerifier(
      IdentityConfig config,
      SigningKeys keys,
      TenantDirectory tenants,
      Predicate<Caller> revoked,
      MeterRegistry registry,
      InstantSource clock) {
    this.maxTokenLength = config.maxTokenBytes();
    this.signed = new SignedTokens(keys, clock);
    this.cache = new TokenCache(config.cacheSize(), tenants, revoked);
    this.revoked = revoked;
    this.metrics = new TokenMetrics(registry);
    this.clock = clock;
  }

  /**
   * Proves the caller of a request by its access token alone. Whether its holder has proved the key
   * that it may be bound to ({@link io.portcullis.model.Credential#binding}) is not asked here but
   * by {@link HolderVerifier}.
   */
  public Future<Caller> verify(String token) {
    if (token.length() > maxTokenLength) {
      return refuse(Refusal.TOKEN_TOO_LONG.rejection());
    }
    Future<Caller> verified;
    try {
      TokenHash hash = TokenHash.of(token);
      Future<Caller> remembered = cache.find(hash, clock.millis());
      if (remembered != null) {
        metrics.cacheHit();
        return remembered;
      }
      metrics.cacheMiss();
      verified = verifyUnseen(token, hash);
    } catch (RuntimeException e) {
      verified = Future.failedFuture(e);
    }
    return verified.transform(this::settle);
  }

  /** Counts a refusal, and fails with it. */
  Future<Caller> refuse(Throwable refusal) {
    metrics.failed(refusal);
    return Future.failedFuture(refusal);
  }

  /** Counts, and makes sure that nothing but a rejection ever leaves: a bug is one as well. */
  private Future<Caller> settle(AsyncResult<Caller> outcome) {
    if (outcome.succeeded()) {
      metrics.ok();
      return Future.succeededFuture(outcome.result());
    }
    if (outcome.cause() instanceof Rejection rejection) {
      return refuse(rejection);
    }
    LOG.atError().addKeyValue("event.action", "token.verify").setCause(outcome.cause()).log("bug");
    return refuse(
        Rejection.of(
            Problem.INTERNAL, "token-verifier-failed", "The access token could not be verified."));
  }

  private Future<Caller> verifyUnseen(String token, TokenHash hash) {
    CompactToken parsed = CompactToken.parse(token);
    boolean accessTokenType = parsed.header().isAccessToken();
    return signed.prove(parsed).map(proof -> accept(proof, hash, accessTokenType));
  }

  /** The caller, when the claims hold as well. */
  private Caller accept(SignedTokens.Proof proof, TokenHash hash, boolean accessTokenType) {
    Caller caller =
        proof.issuer().claims().caller(proof.token().claims(), accessTokenType, clock.millis());
    if (revoked.test(caller)) {
      throw Refusal.TOKEN_REVOKED
          .rejection()
          .with("subject", caller.subject())
          .with("session", caller.credential().session());
    }
    return cache.remember(hash, caller, proof.issuer(), proof.key());
  }
}
