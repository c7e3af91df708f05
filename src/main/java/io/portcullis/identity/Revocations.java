package io.portcullis.identity;

import io.portcullis.config.RevocationConfig;
import io.portcullis.identity.RevocationStatus.Mode;
import io.portcullis.model.Caller;
import io.portcullis.model.Credential;
import io.portcullis.model.Rejection;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What was taken back, as this node knows it. Questions are answered from memory, on any thread;
 * {@link RevocationVerticle} keeps the memory in step with the store, so that a revocation made on
 * any node holds on all of them within a second.
 *
 * <p>A node that lost the store keeps what it knows. One that has not read the store since its
 * start knows nothing, and says so (503) instead of guessing.
 */
public final class Revocations {
  private static final Duration FRESH = Duration.ofSeconds(3);

  private final RevocationStore store;
  private final RevocationList list = new RevocationList();
  private final Duration longest;
  private final InstantSource clock;
  private final CopyOnWriteArrayList<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile @Nullable Instant answeredAt;

  /** Knows nothing before its keeper has read the store. */
  public Revocations(RevocationStore store, RevocationConfig config, InstantSource clock) {
    this.store = store;
    this.longest = config.longestCredential();
    this.clock = clock;
  }

  /**
   * Whether a credential that was just proved has been taken back.
   *
   * @throws Rejection when that cannot be told (503), or when it lives longer than a revocation of
   *     it would be remembered (401)
   */
  public boolean revoked(Caller caller) {
    if (answeredAt == null) {
      throw Rejection.unavailable("state");
    }
    Credential credential = caller.credential();
    Instant issued = credential.issuedAt();
    if (issued.isAfter(Instant.EPOCH)
        && Duration.between(issued, credential.expiresAt()).compareTo(longest) > 0) {
      throw Refusal.TOKEN_LIVES_TOO_LONG.rejection();
    }
    return covers(caller);
  }

  /** Whether what is known covers this caller. Never throws; for those proved before. */
  public boolean covers(Caller caller) {
    Credential credential = caller.credential();
    return covers(
        caller.issuer(),
        credential.session(),
        caller.subject(),
        caller.organizations(),
        credential.issuedAt());
  }

  /**
   * The same for what is no caller: a session of a browser, whose tokens are renewed and which
   * counts by its login.
   *
   * @param session the identity provider's session
   * @param organizations ids of organizations
   * @param issuedAt when it began
   */
  public boolean covers(
      String issuer,
      String session,
      String subject,
      Collection<String> organizations,
      Instant issuedAt) {
    return list.index().covers(issuer, session, subject, organizations, issuedAt);
  }

  /**
   * Takes something back.
   *
   * @return done when it is stored and holds on this node; the others follow within a second. Fails
   *     with a {@link Rejection}: 503 when it cannot be stored, 400 when its time is to come
   */
  public Future<Void> revoke(Revocation revocation) {
    return store
        .add(revocation)
        .map(
            version -> {
              list.add(revocation.text(), version);
              changed();
              return null;
            });
  }

  /**
   * Calls after each change, on any thread.
   *
   * @return stops that
   */
  public Runnable onChange(Runnable listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** The newest ones, newest first. */
  public List<Revocation> newest(int most) {
    return list.newest(most);
  }

  /** What this node knows. */
  public RevocationStatus status() {
    Instant answered = answeredAt;
    if (answered == null) {
      return new RevocationStatus(Mode.UNAVAILABLE, list.size(), Optional.empty());
    }
    Duration age = Duration.between(answered, clock.instant());
    Mode mode = age.compareTo(FRESH) < 0 ? Mode.FRESH : Mode.STALE;
    return new RevocationStatus(mode, list.size(), Optional.of(age));
  }

  // For the keeper.

  RevocationList list() {
    return list;
  }

  void answered() {
    answeredAt = clock.instant();
  }

  void changed() {
    listeners.forEach(Runnable::run);
  }
}
