package io.portcullis.identity;

import io.portcullis.identity.Revocation.Kind;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Is this credential taken back? A few look-ups in memory, on any thread, without a lock.
 *
 * <p>Revocations are only ever added, and leave when nothing they cover can still be alive. So
 * there is no moment at which a reader could see one replaced by nothing.
 */
final class RevocationIndex {
  private static final String ANY = "";

  private final ConcurrentHashMap<Target, Long> targets = new ConcurrentHashMap<>();

  /** What a revocation is about, without its time. */
  private record Target(Kind kind, String issuer, String name) {}

  /**
   * Adds one.
   *
   * @param version orders the revocations of one session; the newest keeps the session refused
   */
  void add(Revocation revocation, long version) {
    targets.merge(target(revocation), mark(revocation, version), Math::max);
  }

  /** Takes one out that has outlived all it covers; a newer one of the same target stays. */
  void remove(Revocation revocation, long version) {
    targets.remove(target(revocation), mark(revocation, version));
  }

  /** Whether a credential of these is taken back; a text that it does not have is empty. */
  boolean covers(
      String issuer,
      String session,
      String subject,
      Collection<String> organizations,
      Instant issuedAt) {
    if (targets.isEmpty()) {
      return false;
    }
    long second = issuedAt.getEpochSecond();
    if (!session.isEmpty() && isEnded(issuer, session)) {
      return true;
    }
    if (isBefore(Kind.USER, issuer, subject, second) || isBefore(Kind.ALL, issuer, ANY, second)) {
      return true;
    }
    for (String organization : organizations) {
      if (isBefore(Kind.TENANT, issuer, organization, second)) {
        return true;
      }
    }
    return false;
  }

  private boolean isEnded(String issuer, String session) {
    return targets.containsKey(new Target(Kind.SESSION, issuer, session))
        || targets.containsKey(new Target(Kind.SESSION, ANY, session));
  }

  private boolean isBefore(Kind kind, String issuer, String name, long second) {
    return second <= mark(kind, issuer, name) || second <= mark(kind, ANY, name);
  }

  private long mark(Kind kind, String issuer, String name) {
    Long mark = targets.get(new Target(kind, issuer, name));
    return mark == null ? Long.MIN_VALUE : mark;
  }

  private static Target target(Revocation revocation) {
    return new Target(revocation.kind(), revocation.issuer(), revocation.name());
  }

  /** Later revocations of a target win: by their time, and those of a session by their version. */
  private static long mark(Revocation revocation, long version) {
    return revocation.kind() == Kind.SESSION ? version : revocation.before().getEpochSecond();
  }
}
