package io.portcullis.bench;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Instances of HAProxy: the upstream of everybody, and the peer of the gateway. */
final class Haproxy {
  private static final Duration START_LIMIT = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(50);

  private final Tools tools;
  private final Path configurations;
  private final Path logs;
  private final Workbench bench;
  private final Web web;

  Haproxy(Tools tools, Path configurations, Path logs, Workbench bench, Web web) {
    this.tools = tools;
    this.configurations = configurations;
    this.logs = logs;
    this.bench = bench;
    this.web = web;
  }

  /** An instance that serves. */
  record Instance(Child process, URI address) {}

  /** What answers a constant, without any check. */
  Instance upstream() {
    int port = FreePort.any();
    Child child = start("upstream", "upstream.cfg", port, Map.of());
    URI address = URI.create("http://127.0.0.1:" + port);
    return new Instance(child.await(START_LIMIT, POLL, () -> web.serves(address)), address);
  }

  /**
   * The peer.
   *
   * @param limit requests of one subject in a minute
   */
  Instance peer(String name, PeerKey key, String audience, URI upstream, long limit) {
    int port = FreePort.any();
    Map<String, String> settings = new HashMap<>();
    settings.put("BENCH_ISSUER", key.issuer());
    settings.put("BENCH_KEY", key.file().toString());
    settings.put("BENCH_AUDIENCE", audience);
    settings.put("BENCH_UPSTREAM", upstream.getAuthority());
    settings.put("BENCH_LIMIT", Long.toString(limit));
    Child child = start(name, "haproxy.cfg", port, settings);
    URI address = URI.create("http://127.0.0.1:" + port);
    child.await(START_LIMIT, POLL, () -> refuses(address));
    return new Instance(child, address);
  }

  private boolean refuses(URI address) {
    try {
      return web.get(address, "").status() == 401;
    } catch (BenchFailure away) {
      return false;
    }
  }

  private Child start(String name, String file, int port, Map<String, String> settings) {
    Map<String, String> environment = new HashMap<>(settings);
    environment.put("BENCH_PORT", Integer.toString(port));
    Path configuration = configurations.resolve(file);
    var command =
        java.util.List.of(tools.haproxy().toString(), "-db", "-f", configuration.toString());
    return bench.keep(Child.start(name, command, environment, logs.resolve(name + ".log")));
  }
}
