package io.portcullis.upstream;

import io.portcullis.config.UpstreamConfig;
import io.portcullis.tls.Certificates;
import io.portcullis.tls.Peer;
import io.portcullis.tls.PeerCheck;
import io.portcullis.tls.RefusedPeerException;
import io.portcullis.tls.TlsClient;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import java.time.Clock;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is on the other side of the connections to one service: checked in the handshake, when a
 * connection opens (a resumed session has no such check), and while it stays. Confined to the event
 * loop of its client.
 */
final class UpstreamTls {
  private static final Logger log = LoggerFactory.getLogger(UpstreamTls.class);
  private static final long RECHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Certificates certificates;
  private final String name;
  private final PeerCheck check;
  private final TlsClient client;
  private final Map<HttpConnection, Peer> open = new HashMap<>();
  private long seenVersion;
  private long checkedNanos;

  UpstreamTls(Certificates certificates, UpstreamConfig config, Clock clock) {
    this.certificates = certificates;
    this.name = config.name();
    this.check = new PeerCheck(certificates, Set.of(config.role().orElseThrow()), clock);
    this.client = new TlsClient(certificates, check);
  }

  HttpClientOptions configure(HttpClientOptions options) {
    return client.configure(options);
  }

  void ready(HttpClientAgent made) {
    client.made(made, certificates).onFailure(failure -> warn("cannot be prepared", failure));
  }

  void opened(HttpConnection connection) {
    try {
      open.put(connection, check.server(PeerCheck.chain(connection.sslSession())));
      connection.closeHandler(closed -> open.remove(connection));
    } catch (RefusedPeerException refused) {
      warn("shows a certificate that is refused", refused);
      connection.close();
    }
  }

  /** Closes the connections of a service that no longer holds. */
  void recheck(long nowNanos) {
    long version = certificates.version();
    if (version == seenVersion && nowNanos - checkedNanos < RECHECK_NANOS) {
      return;
    }
    seenVersion = version;
    checkedNanos = nowNanos;
    for (Iterator<Map.Entry<HttpConnection, Peer>> all = open.entrySet().iterator();
        all.hasNext(); ) {
      Map.Entry<HttpConnection, Peer> entry = all.next();
      try {
        check.serverAgain(entry.getValue());
      } catch (RefusedPeerException refused) {
        all.remove();
        warn("no longer holds", refused);
        entry.getKey().close();
      }
    }
  }

  void ended() {
    certificates.ended(client);
  }

  private void warn(String what, Throwable failure) {
    log.atWarn()
        .addKeyValue("event.action", "upstream.tls")
        .addKeyValue("portcullis.upstream", name)
        .addKeyValue("error.message", String.valueOf(failure.getMessage()))
        .log("an upstream " + what);
  }
}
