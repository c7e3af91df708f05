package io.portcullis;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.portcullis.identity.Revocation;
import io.portcullis.model.LogoutToken;
import io.portcullis.session.LogoutSpread;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.IntSupplier;

/**
 * Access tokens of a login that the issuer has ended are worth nothing either, on any node. But
 * logouts are ordinary and may be many, and the last tenth of the room for revocations is an
 * operator's: beyond that the sessions still end, and tokens elsewhere end when they expire.
 */
final class LogoutRevocations implements LogoutSpread {
  private final Function<Revocation, Future<Void>> revoke;
  private final IntSupplier entries;
  private final int room;
  private final Counter skipped;
  private final InstantSource clock;

  /**
   * @param revoke takes back
   * @param entries how many revocations there are
   * @param most how many there can be
   */
  LogoutRevocations(
      Function<Revocation, Future<Void>> revoke,
      IntSupplier entries,
      int most,
      MeterRegistry registry,
      InstantSource clock) {
    this.revoke = revoke;
    this.entries = entries;
    this.room = most - Math.max(1, most / 10);
    this.skipped = registry.counter("portcullis.logouts.not.revoked");
    this.clock = clock;
  }

  @Override
  public Future<Void> ended(LogoutToken logout) {
    if (entries.getAsInt() >= room) {
      skipped.increment();
      return Future.succeededFuture();
    }
    boolean one = !logout.session().isEmpty();
    return revoke.apply(
        new Revocation(
            one ? Revocation.Kind.SESSION : Revocation.Kind.USER,
            logout.issuer(),
            one ? logout.session() : logout.subject(),
            clock.instant(),
            "back-channel logout"));
  }
}
