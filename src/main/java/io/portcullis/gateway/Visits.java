package io.portcullis.gateway;

import io.portcullis.tls.Certificates;
import io.portcullis.tls.Peer;
import io.portcullis.tls.PeerCheck;
import io.portcullis.tls.RefusedPeerException;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.SocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who is on each open connection of one gateway instance, and until when. On a mutual listener a
 * connection whose peer does not hold is closed before a request of it is served, and again as soon
 * as its peer no longer holds: revoked, expired, or its root no longer trusted. Confined to the
 * instance's event loop.
 */
final class Visits {
  private static final long RECHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Door door;
  private final Certificates certificates;
  private final PeerCheck check;
  private final PeerRefusals refusals;
  private final long ageNanos;
  private final Map<HttpConnection, Visit> open = new HashMap<>();
  private long seenVersion;
  private long checkedNanos;

  Visits(
      Door door, Certificates certificates, PeerRefusals refusals, Duration maxAge, Clock clock) {
    this.door = door;
    this.certificates = certificates;
    this.check = new PeerCheck(certificates, door.clients().keySet(), clock);
    this.refusals = refusals;
    this.ageNanos = maxAge.toNanos();
  }

  /** A connection has opened; on a mutual listener its handshake is over. */
  void opened(HttpConnection connection, long nowNanos) {
    // Connections of one moment should not all end at one moment.
    long end = nowNanos + ageNanos - ThreadLocalRandom.current().nextLong(ageNanos / 10 + 1);
    if (!door.mutual()) {
      open.put(connection, new Visit(Optional.empty(), end));
      return;
    }
    try {
      Peer peer = check.client(PeerCheck.chain(connection.sslSession()));
      open.put(connection, new Visit(Optional.of(peer), end));
    } catch (RefusedPeerException refused) {
      SocketAddress remote = connection.remoteAddress();
      String address = String.valueOf(remote.hostAddress());
      if (!certificates.isProbe(address, remote.port())) {
        refusals.refused(door.name(), address, refused.reason());
      }
      connection.close();
    }
  }

  void closed(HttpConnection connection) {
    open.remove(connection);
  }

  /** Who is there; null when nobody may be. */
  @Nullable Visit of(HttpConnection connection) {
    return open.get(connection);
  }

  /** Closes the connections of peers that no longer hold. */
  void recheck(long nowNanos) {
    if (!door.mutual()) {
      return;
    }
    long version = certificates.version();
    if (version == seenVersion && nowNanos - checkedNanos < RECHECK_NANOS) {
      return;
    }
    seenVersion = version;
    checkedNanos = nowNanos;
    for (Iterator<Map.Entry<HttpConnection, Visit>> all = open.entrySet().iterator();
        all.hasNext(); ) {
      Map.Entry<HttpConnection, Visit> entry = all.next();
      try {
        check.clientAgain(entry.getValue().peer().orElseThrow());
      } catch (RefusedPeerException refused) {
        all.remove();
        refusals.closed(
            door.name(),
            String.valueOf(entry.getKey().remoteAddress().hostAddress()),
            refused.reason());
        entry.getKey().close();
      }
    }
  }

  /**
   * A connection.
   *
   * @param peer who proved itself, on a mutual listener
   * @param endNanos after this it gives no further answer (nanoTime)
   */
  record Visit(Optional<Peer> peer, long endNanos) {
    boolean isOld(long nowNanos) {
      return nowNanos - endNanos > 0;
    }
  }
}
