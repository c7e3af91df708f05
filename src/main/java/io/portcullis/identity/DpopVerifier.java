package io.portcullis.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.MeterRegistry;
import io.portcullis.config.DpopConfig;
import io.portcullis.identity.SeenProofs.Sight;
import io.portcullis.model.Rejection;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Proves that the sender of a request holds the key that its token is bound to (RFC 9449, sections
 * 4.3 and 7). One instance serves every event loop.
 *
 * <p>What costs little is asked first: one proof, its form, the key, method, address, token and
 * time. Then the signature, so that whatever follows is said to the holder of the key alone. Then
 * the nonce, and last whether the proof was used before.
 *
 * <p>Used proofs are marked for all nodes by a {@link ReplayGuard}, and remembered by each node
 * itself. While the guard is away, a node goes by what itself has seen: a proof that was caught on
 * its way could then be used once more on each other node, for the same method, address and token,
 * for what is left of its nonce's life. A node that cannot remember it either takes none.
 */
public final class DpopVerifier {
  /** Keys are small; each is proved once per token of its holder otherwise. */
  private static final int MAX_KEYS = 10_000;

  /** What is accepted lies within two lifetimes; a third for the difference of nodes' clocks. */
  private static final int KEPT_LIFETIMES = 3;

  private final Set<Algorithm> algorithms = EnumSet.noneOf(Algorithm.class);
  private final String algorithmNames;
  private final long lifetimeMillis;
  private final Duration kept;
  private final DpopNonces nonces;
  private final ReplayGuard guard;
  private final SeenProofs seen;
  private final Cache<String, SigningKey> keys =
      Caffeine.newBuilder().maximumSize(MAX_KEYS).executor(Runnable::run).build();
  private final DpopMetrics metrics;
  private final InstantSource clock;

  /**
   * A verifier.
   *
   * @throws IllegalArgumentException when an algorithm is unknown
   */
  public DpopVerifier(
      DpopConfig config, ReplayGuard guard, MeterRegistry registry, InstantSource clock) {
    this(config, guard, new SeenProofs(keptMillis(config), clock), registry, clock);
  }

  DpopVerifier(
      DpopConfig config,
      ReplayGuard guard,
      SeenProofs seen,
      MeterRegistry registry,
      InstantSource clock) {
    for (String name : config.algorithms()) {
      algorithms.add(
          Algorithm.named(name)
              .orElseThrow(() -> new IllegalArgumentException("not an algorithm: " + name)));
    }
    this.algorithmNames = String.join(" ", config.algorithms());
    this.lifetimeMillis = config.proofLifetime().toMillis();
    this.nonces = new DpopNonces(config.nonceKey().value(), config.nonceLifetime(), clock);
    this.guard = guard;
    this.kept = Duration.ofMillis(keptMillis(config));
    this.seen = seen;
    this.metrics = new DpopMetrics(registry);
    this.clock = clock;
  }

  private static long keptMillis(DpopConfig config) {
    return KEPT_LIFETIMES * config.proofLifetime().toMillis();
  }

  /** The nonce that the next proof should have. */
  public String nonce() {
    return nonces.current();
  }

  /** The accepted algorithms, separated by spaces, as challenges name them. */
  public String algorithms() {
    return algorithmNames;
  }

  /** Whether a refusal only asks the holder of the key for a proof with a newer nonce. */
  public static boolean isChallenge(Rejection refusal) {
    return isChallenge(refusal.reason());
  }

  static boolean isChallenge(String reason) {
    return reason.equals(Refusal.DPOP_NONCE_MISSING.code())
        || reason.equals(Refusal.DPOP_NONCE_STALE.code());
  }

  /**
   * Done when the holder is proved.
   *
   * @param token the access token as it was presented
   * @param thumbprint of the key it is bound to
   * @return fails with a {@link Rejection}
   */
  Future<Void> verify(String token, String thumbprint, TokenHolder holder) {
    Future<Void> proved;
    try {
      proved = unused(check(token, thumbprint, holder));
    } catch (RuntimeException e) {
      proved = Future.failedFuture(e);
    }
    return proved.onFailure(metrics::failed);
  }

  private DpopProof check(String token, String thumbprint, TokenHolder holder) {
    List<String> proofs = holder.proofs();
    if (proofs.size() != 1) {
      throw (proofs.isEmpty() ? Refusal.DPOP_MISSING : Refusal.DPOP_REPEATED).rejection();
    }
    DpopProof proof = DpopProof.parse(proofs.getFirst(), algorithms);
    require(proof.thumbprint().equals(thumbprint), Refusal.DPOP_KEY_OTHER);
    require(proof.method().equals(holder.method()), Refusal.DPOP_METHOD);
    require(TargetUri.same(proof.target(), holder.target()), Refusal.DPOP_TARGET);
    String tokenHash = Sha256.base64Url(token.getBytes(US_ASCII));
    require(proof.tokenHash().equals(tokenHash), Refusal.DPOP_TOKEN);
    long now = clock.millis();
    // A second of `iat` is any moment of that second.
    long early = now + lifetimeMillis;
    long late = now - lifetimeMillis - 999;
    long issuedAt = proof.issuedAtMillis();
    require(issuedAt <= early && issuedAt >= late, Refusal.DPOP_TIME);
    checkSignature(proof);
    String nonce = proof.nonce().orElseThrow(Refusal.DPOP_NONCE_MISSING::rejection);
    require(nonces.accepts(nonce), Refusal.DPOP_NONCE_STALE);
    return proof;
  }

  /** The key is kept once it has proved itself; its thumbprint says that it is the token's. */
  private void checkSignature(DpopProof proof) {
    SigningKey known = keys.getIfPresent(proof.thumbprint());
    SigningKey key = known == null ? proof.key() : known;
    require(proof.fits(key), Refusal.DPOP_KEY);
    require(proof.isSignedBy(key), Refusal.DPOP_SIGNATURE);
    if (known == null) {
      keys.put(proof.thumbprint(), key);
    }
  }

  private Future<Void> unused(DpopProof proof) {
    String id = Sha256.base64Url((proof.thumbprint() + "." + proof.id()).getBytes(UTF_8));
    Sight here = seen.see(id);
    if (here == Sight.AGAIN) {
      throw Refusal.DPOP_REPLAYED.rejection();
    }
    return guard
        .first(id, kept)
        .transform(
            marked -> {
              if (marked.failed()) {
                return alone(here);
              }
              if (!marked.result()) {
                return Future.failedFuture(Refusal.DPOP_REPLAYED.rejection());
              }
              metrics.ok();
              return Future.succeededFuture();
            });
  }

  /** Nobody knows what other nodes have seen. */
  private Future<Void> alone(Sight here) {
    if (here == Sight.UNKNOWN) {
      return Future.failedFuture(Rejection.unavailable("redis"));
    }
    metrics.degraded();
    return Future.succeededFuture();
  }

  private static void require(boolean holds, Refusal otherwise) {
    if (!holds) {
      throw otherwise.rejection();
    }
  }
}
