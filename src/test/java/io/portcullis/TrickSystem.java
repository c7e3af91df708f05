package io.portcullis;

import io.portcullis.local.TestSystem;
import io.portcullis.testing.Await;
import io.portcullis.testing.RawHttp;
import io.portcullis.testing.StubGateway;
import io.portcullis.testing.Trail;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What attackers meet: a node that they reach directly, and another one behind Nginx, with routes
 * for roles and tenants to a service that tells what arrives, and pages of another origin. One for
 * all tests of tricks; stopped with the JVM.
 */
final class TrickSystem {
  static final String ORIGIN = "https://good.example";
  static final String PUBLIC_URL = "https://api.example";

  private static final Map<String, TrickSystem> SHARED = new HashMap<>();

  private static final String ROUTES =
      """

        - name: tool
          path: /tool/v1/things
          methods: [GET, POST]
          upstream: up
          roles: [user, tenant-admin]

        - name: tool-purge
          path: /tool/v1/things
          methods: [DELETE]
          upstream: up
          roles: [tenant-admin]

        - name: tool-operator
          path: /tool/v1/operators/*
          methods: [GET, POST]
          upstream: up
          access: caller
          roles: [operator]

        - name: tool-of-tenant
          path: /tool/v1/tenants/{tenant}/things
          methods: [GET]
          upstream: up
          roles: [user]
      """;

  final Way direct;
  final Way edge;
  private final TestNode node;
  private final Map<String, Kept> tokens = new HashMap<>();

  /** A token, and how long it is asked for no new one: the run is longer than a token's life. */
  private record Kept(String token, Instant until) {}

  private TrickSystem() throws IOException {
    Path origins = TestSystem.scratch("trick-origins").resolve("origins.conf");
    Files.writeString(origins, "\"%s\" \"%s\";\n".formatted(ORIGIN, ORIGIN));
    WholePath path =
        new WholePath(
            "tricks",
            ROUTES,
            edge ->
                edge.with("EDGE_RATE", "100000")
                    .with("EDGE_BURST", "100000")
                    .with("EDGE_ORIGINS", origins.toString()),
            settings());
    Runtime.getRuntime().addShutdownHook(new Thread(path.edge::close));
    node = TestNode.start(path.configuration, "tricks-direct", settings());
    direct = new Way("direct", () -> new RawHttp(node.node.httpPort()));
    edge =
        new Way(
            "edge",
            () ->
                new RawHttp(
                    path.tls()
                        .getSocketFactory()
                        .createSocket("localhost", path.edge.httpsPort())));
  }

  /**
   * First handshakes and first answers may take seconds on a busy machine; no test is about that.
   */
  private void warmUp() {
    for (Way way : ways()) {
      Await.until(
          () -> way.ask("GET", "/tool/v1/things", bearer("alice")).status() == 200,
          Duration.ofSeconds(60),
          () -> "no answer from " + way);
    }
  }

  static synchronized TrickSystem shared() {
    return SHARED.computeIfAbsent(
        "shared",
        key -> {
          try {
            TrickSystem system = new TrickSystem();
            system.warmUp();
            return system;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** Both ways in. */
  List<Way> ways() {
    return List.of(direct, edge);
  }

  /** The header that proves a demo user. */
  String bearer(String user) {
    return "Authorization: Bearer " + token(user);
  }

  synchronized String token(String user) {
    Instant now = Instant.now();
    return tokens.compute(
            user,
            (name, kept) ->
                kept == null || kept.until.isBefore(now)
                    ? new Kept(node.token(name), now.plusSeconds(60))
                    : kept)
        .token;
  }

  /** A conversation of acme's. */
  String conversation() {
    return node.as("alice")
        .post("/api/v1/conversations", "{\"title\":\"acme's own\"}")
        .json()
        .getString("id");
  }

  /** The audit trail of both nodes. */
  Trail trail() {
    return new Trail(() -> TestNode.superuser(node.system));
  }

  /** What the service was told under a name; empty if the answer is not the service's. */
  static List<String> told(RawHttp.Answer answer, String name) {
    return StubGateway.headers(new JsonObject(answer.body()), name);
  }

  /** Limits that no test reaches, over a window that none outlives; counted apart. */
  private static String[] settings() {
    List<String> limits =
        Stream.of("PER_IP", "PER_USER", "PER_TENANT", "FAILED_AUTHENTICATION")
            .flatMap(
                limit ->
                    Stream.of(
                        "LIMITS_" + limit + "_MAX", "100000", "LIMITS_" + limit + "_WINDOW", "10m"))
            .toList();
    List<String> others =
        List.of(
            "HTTP_PUBLIC_URL",
            PUBLIC_URL,
            "HTTP_CORS_ORIGINS",
            ORIGIN + "," + ORIGIN + ":8443",
            "HTTP_CORS_CREDENTIALS",
            "true",
            "REDIS_DATABASE",
            "9",
            "LIMITS_DEADLINE", // on a busy machine, too, Redis counts
            "1s");
    return Stream.concat(limits.stream(), others.stream()).toArray(String[]::new);
  }
}
