package io.portcullis.waf;

import io.portcullis.local.EdgeSettings;
import io.portcullis.testing.EdgeSystem;
import io.portcullis.testing.RawHttp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** An edge with the firewall under test and without the limits on how often one may ask. */
final class WafEdge implements AutoCloseable {
  private static final int AT_ONCE = 4;
  private static final int RETRIES = 3;

  /** What counts as refused; an answer from behind the edge is 200. */
  private static final Set<Integer> REFUSED = Set.of(400, 403, 404, 405, 413, 414, 415, 431);

  /** After these a request was read to its end; after others the connection may be anywhere. */
  private static final Set<Integer> KEEPS = Set.of(200, 403);

  private final EdgeSystem system;
  private final Queue<RawHttp> idle = new ConcurrentLinkedQueue<>();

  private WafEdge(EdgeSystem system) {
    this.system = system;
    system.gateway().answer(request -> request.response().end("{}"));
  }

  /** Our configuration. */
  static WafEdge ours(String name) {
    return new WafEdge(EdgeSystem.start(name, WafEdge::unlimited));
  }

  /** Our configuration over another core rule set. */
  static WafEdge over(String name, Path crs) {
    return new WafEdge(
        EdgeSystem.start(name, s -> unlimited(s).withCrs(java.util.Optional.of(crs))));
  }

  /** The core rule set alone at level 1, on the same engine settings. */
  static WafEdge plain(Path folder) throws IOException {
    Path templates = folder.resolve("nginx");
    Path source = Path.of("nginx");
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = templates.resolve(source.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    for (String exclusions : List.of("messages", "titles", "completions")) {
      Files.writeString(templates.resolve("waf/" + exclusions + ".conf"), "# nothing\n");
    }
    Files.writeString(
        templates.resolve("waf/main.conf"),
        """
        Include ${EDGE_CONF}/waf/engine.conf
        Include ${EDGE_CRS_SETUP}
        SecAction "id:10100,phase:1,pass,nolog,setvar:tx.paranoia_level=1"
        SecRule REQUEST_HEADERS:Content-Type "@rx ^application/(?:[a-z0-9.+-]+[+])?json" \\
            "id:10101,phase:1,pass,nolog,t:none,t:lowercase,ctl:requestBodyProcessor=JSON"
        Include ${EDGE_CRS_RULES}/*.conf
        """);
    return new WafEdge(
        EdgeSystem.start(
            "waf-plain",
            settings ->
                unlimited(
                    new EdgeSettings(
                        templates,
                        settings.certificates(),
                        settings.directory(),
                        settings.logs(),
                        settings.run(),
                        settings.nodes(),
                        settings.httpsPort(),
                        settings.httpPort(),
                        settings.crs(),
                        settings.overrides(),
                        settings.progress()))));
  }

  private static EdgeSettings unlimited(EdgeSettings settings) {
    return settings
        .with("EDGE_RATE", "100000")
        .with("EDGE_BURST", "100000")
        .with("EDGE_LOGIN_RATE", "100000")
        .with("EDGE_LOGIN_BURST", "100000");
  }

  EdgeSystem system() {
    return system;
  }

  /** The raw audit log. */
  Path rawLog() {
    return system.edge().settings().logs().resolve("waf-raw.json");
  }

  static boolean refused(int status) {
    return REFUSED.contains(status);
  }

  /** The status of each request, a few at once. */
  List<Integer> statuses(List<String> requests) {
    try (ExecutorService senders = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<Integer>> answers = new ArrayList<>();
      for (String request : requests) {
        answers.add(senders.submit(() -> status(request)));
      }
      List<Integer> statuses = new ArrayList<>();
      for (Future<Integer> answer : answers) {
        statuses.add(answer.get());
      }
      return statuses;
    } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  /** Asked again while the stub behind is too busy to take a connection; that says nothing here. */
  int status(String request) {
    int status = once(request);
    for (int i = 0; i < RETRIES && (status == 502 || status == 504); i++) {
      status = once(request);
    }
    return status;
  }

  private int once(String request) {
    RawHttp kept = idle.poll();
    if (kept != null) {
      try {
        return exchange(kept, request);
      } catch (IOException ended) {
        // It was closed meanwhile, so the request was not read.
      }
    }
    try {
      return exchange(system.raw(), request);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A connection serves many requests, since a handshake costs more than the firewall does. */
  private int exchange(RawHttp raw, String request) throws IOException {
    boolean stays = false;
    try {
      String open = request.replaceFirst("\r\nConnection: close\r\n", "\r\n");
      raw.send(open);
      boolean headless = request.startsWith("HEAD ");
      RawHttp.Answer answer = headless ? raw.readHead() : raw.read();
      boolean ends = answer.headers("connection").contains("close");
      stays = !headless && !ends && KEEPS.contains(answer.status()) && answer.complete();
      return answer.status();
    } finally {
      if (stays) {
        idle.add(raw);
      } else {
        raw.close();
      }
    }
  }

  @Override
  public void close() {
    idle.forEach(WafEdge::end);
    system.close();
  }

  private static void end(RawHttp raw) {
    try {
      raw.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
