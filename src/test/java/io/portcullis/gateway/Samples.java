package io.portcullis.gateway;

import io.portcullis.config.IdentityConfig;
import io.portcullis.config.RouteConfig;
import io.portcullis.config.RouteConfig.Access;
import io.portcullis.config.RouteConfig.Listener;
import io.portcullis.config.RouteConfig.Target;
import io.portcullis.config.TlsConfig;
import io.portcullis.config.UpstreamConfig;
import io.portcullis.testing.DpopKey;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Configuration for tests that are not about it. */
final class Samples {
  static final TlsConfig NO_TLS =
      new TlsConfig(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Duration.ofSeconds(1),
          "gateway");

  private Samples() {}

  /** Whose tokens are believed: theirs. */
  static IdentityConfig identity(IdentityConfig.Issuer... issuers) {
    return new IdentityConfig(
        List.of(issuers),
        Duration.ofSeconds(5),
        8192,
        100,
        Duration.ofMinutes(5),
        Duration.ofSeconds(10),
        Duration.ofMinutes(1),
        Duration.ofHours(1),
        Duration.ofSeconds(5),
        DpopKey.config());
  }

  /** A route of the public listener that asks for no role, no scope and no level. */
  static RouteConfig route(
      String name, String path, Set<String> methods, Target target, Access access) {
    return new RouteConfig(
        name,
        path,
        methods,
        target,
        Set.of(),
        Set.of(),
        access,
        0,
        1,
        Listener.PUBLIC,
        Set.of(),
        0);
  }

  /** An upstream on the loopback; as many may wait for a connection as there are. */
  static UpstreamConfig upstream(String name, int port, int pool) {
    return new UpstreamConfig(
        name,
        URI.create("http://127.0.0.1:" + port),
        pool,
        pool,
        Duration.ofSeconds(1),
        Duration.ofSeconds(20),
        Optional.empty());
  }
}
