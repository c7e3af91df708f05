package io.portcullis.identity;

import io.portcullis.model.Rejection;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Proves that an issuer of ours signed a token, whatever the token is for: the issuer is known, its
 * algorithm allowed, its keys young enough, the key found and the signature right. Only an unknown
 * {@code kid} waits, for at most one fetch of keys; the future then completes on the caller's own
 * context.
 */
final class SignedTokens {
  private final SigningKeys keys;
  private final InstantSource clock;

  SignedTokens(SigningKeys keys, InstantSource clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * The proof; what it does not hold for fails the future with a {@link Rejection}, or throws it.
   */
  Future<Proof> prove(CompactToken token) {
    IssuerKeys issuer =
        keys.of(token.claimedIssuer()).orElseThrow(Refusal.ISSUER_UNKNOWN::rejection);
    JoseHeader header = token.header();
    if (!issuer.allows(header.algorithm())) {
      throw Refusal.ALGORITHM_REFUSED.rejection();
    }
    if (!issuer.usable(clock.millis())) {
      issuer.refreshSoon();
      throw Rejection.unavailable("identity-provider");
    }
    KeySet current = issuer.keys();
    if (header.keyId().isPresent() && !current.knows(header.keyId().get())) {
      return onCallersContext(issuer.refreshFor(header.keyId().get()))
          .map(fresh -> prove(token, issuer, fresh));
    }
    return Future.succeededFuture(prove(token, issuer, current));
  }

  private static Proof prove(CompactToken token, IssuerKeys issuer, KeySet current) {
    JoseHeader header = token.header();
    SigningKey key =
        current
            .find(header.keyId(), header.algorithm())
            .orElseThrow(
                header.keyId().isPresent()
                    ? Refusal.KEY_MISMATCH::rejection
                    : Refusal.KEY_UNKNOWN::rejection);
    if (!token.isSignedBy(key)) {
      throw Refusal.SIGNATURE_INVALID.rejection();
    }
    return new Proof(token, issuer, key);
  }

  /** Keys are fetched on another event loop; whoever asked goes on where it was. */
  private static <T> Future<T> onCallersContext(Future<T> elsewhere) {
    @Nullable Context context = Vertx.currentContext();
    if (context == null || elsewhere.isComplete()) {
      return elsewhere;
    }
    Promise<T> here = Promise.promise();
    elsewhere.onComplete(outcome -> context.runOnContext(run -> here.handle(outcome)));
    return here.future();
  }

  /** A token, who signed it, and with which key. Its claims are the issuer's own words. */
  record Proof(CompactToken token, IssuerKeys issuer, SigningKey key) {}
}
