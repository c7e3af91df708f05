package io.portcullis.bench;

import io.portcullis.local.LocalFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What each wall of the edge costs: the same requests to the gateway alone and through Nginx with
 * one wall more each time, in alternating rounds of one run.
 */
public final class WallBench {
  /** How the command line calls it. */
  public static final String NAME = "walls";

  private static final int ROUNDS = 3;
  private static final int WARM_UP_SECONDS = 15;
  private static final int MESSAGE_BYTES = 2048;
  private static final String READ = "/bench/constant";
  private static final String MESSAGES =
      "/api/v1/conversations/0198c5a0-1111-7000-8000-000000000000/messages";
  private static final String ATTACK = READ + "?id=1%27%20OR%20%271%27=%271%27--%20";

  private final Workbench bench;
  private final Path home;
  private final Path folder;
  private final Tools tools;
  private final Cores cores = Cores.ofThisMachine();
  private final List<WallSample> samples = new ArrayList<>();

  private WallBench(Workbench bench, Path home, Tools tools) {
    this.bench = bench;
    this.home = home;
    this.folder = home.resolve("target/bench");
    this.tools = tools;
  }

  /**
   * Runs and reports.
   *
   * @param home the root of the repository, built
   * @param seconds the length of a measured round
   * @throws BenchFailure when a part is missing or a check does not hold; all is stopped
   */
  public static void run(Path home, int seconds, PrintWriter out) {
    Tools tools = Tools.find();
    Path root = home.toAbsolutePath().normalize();
    WallReport report = measure(root, tools, seconds, out);
    Path file = root.resolve("target/bench/walls.json");
    try {
      Files.writeString(file, report.json().encodePrettily() + "\n");
    } catch (IOException e) {
      throw BenchFailure.of(file + " cannot be written: " + e.getMessage());
    }
    out.print(report.text());
    out.println("Every round: " + root.relativize(file));
    out.flush();
  }

  private static WallReport measure(Path root, Tools tools, int seconds, PrintWriter out) {
    try (var bench = new Workbench(out)) {
      try {
        WallReport report = new WallBench(bench, root, tools).measure(seconds);
        bench.say("stopping");
        return report;
      } catch (BenchFailure | LocalFailure failure) {
        throw bench.stopped() ? BenchFailure.of("the run was stopped") : failure;
      }
    }
  }

  private WallReport measure(int seconds) {
    Web web = bench.keep(new Web());
    var haproxy = new Haproxy(tools, home.resolve("bench"), folder, bench, web);
    Haproxy.Instance upstream = haproxy.upstream();
    Ground ground = Ground.start(home, folder, Bench.settings(upstream.address()), bench);
    WallParts parts = WallParts.start(home, folder, ground, bench, web);
    check(parts, ground.aliceToken());

    cores.pinLoad(tools, upstream.process().pid());
    cores.pinServer(tools, ground.redisPid());
    parts.processes().forEach(pid -> cores.pinServer(tools, pid));
    var machine = new MachineShare(everybody(parts, ground, upstream), cores);
    var load = new Load(tools, cores, home.resolve("bench/load.lua"), folder, bench);
    Path message = message();
    machine.begin();
    for (boolean messages : new boolean[] {false, true}) {
      Optional<Path> body = messages ? Optional.of(message) : Optional.empty();
      String path = messages ? MESSAGES : READ;
      String token = ground.aliceToken();
      for (Wall wall : List.of(Wall.GATEWAY, Wall.MUTUAL, Wall.WAF)) {
        bench.say("warming up behind: %s".formatted(wall.title()));
        clean(wall, load.run(parts.address(wall).resolve(path), token, body, WARM_UP_SECONDS));
      }
      for (int round = 0; round < ROUNDS; round++) {
        token = ground.aliceToken();
        for (Wall wall : Wall.values()) {
          samples.add(
              sample(wall, messages, parts, ground.redisPid(), load, path, token, body, seconds));
        }
      }
    }
    return new WallReport(samples, machine.others());
  }

  private WallSample sample(
      Wall wall,
      boolean message,
      WallParts parts,
      long redis,
      Load load,
      String path,
      String token,
      Optional<Path> body,
      int seconds) {
    long edgeBefore = parts.edgeMicros(wall);
    long gatewayBefore = ProcessStat.cpuMicros(parts.gateway(wall)) + ProcessStat.cpuMicros(redis);
    LoadResult result =
        clean(wall, load.run(parts.address(wall).resolve(path), token, body, seconds));
    var sample =
        new WallSample(
            wall,
            message,
            result,
            parts.edgeMicros(wall) - edgeBefore,
            ProcessStat.cpuMicros(parts.gateway(wall))
                + ProcessStat.cpuMicros(redis)
                - gatewayBefore);
    bench.say(
        "%s, %s: %s requests/s, %s µs CPU per request"
            .formatted(
                message ? "message" : "read",
                wall.title(),
                Measurements.decimal(result.requestsPerSecond(), 0),
                Measurements.decimal(sample.cost(), 1)));
    return sample;
  }

  /** Every wall lets the token pass, and the WAF alone stops the attack. */
  private void check(WallParts parts, String token) {
    try (var web = new Web(parts.trust())) {
      for (Wall wall : Wall.values()) {
        expect(web, parts.address(wall).resolve(READ), token, 200, wall);
        expect(web, parts.address(wall).resolve(READ), "", 401, wall);
        expect(web, parts.address(wall).resolve(ATTACK), token, wall == Wall.WAF ? 403 : 200, wall);
      }
    }
  }

  private static void expect(Web web, URI uri, String token, int status, Wall wall) {
    int answered = web.get(uri, token).status();
    if (answered != status) {
      throw BenchFailure.of(
          "%s: %s is answered with %d instead of %d"
              .formatted(wall.title(), uri, answered, status));
    }
  }

  private static LoadResult clean(Wall wall, LoadResult result) {
    if (!result.clean()) {
      throw BenchFailure.of(
          "%s: of %d answers %d were not 200, and %d requests had no answer"
              .formatted(
                  wall.title(),
                  result.requests(),
                  result.statusErrors(),
                  result.connectionErrors()));
    }
    return result;
  }

  private static List<Long> everybody(WallParts parts, Ground ground, Haproxy.Instance upstream) {
    List<Long> all = new ArrayList<>(parts.processes());
    all.add(ground.redisPid());
    all.add(upstream.process().pid());
    return all;
  }

  /** Talk about a database: it takes the WAF's exclusions to let it pass. */
  private Path message() {
    String sentence =
        "Why does SELECT name FROM users WHERE id = 1 OR 1=1; return every row, and how do I bind"
            + " the value instead? ";
    String talk = sentence.repeat(MESSAGE_BYTES / sentence.length() + 1);
    Path file = folder.resolve("message.json");
    String json = "{\"content\":\"" + talk.substring(0, MESSAGE_BYTES - 14) + "\"}";
    try {
      return Files.writeString(file, json);
    } catch (IOException e) {
      throw BenchFailure.of(file + " cannot be written: " + e.getMessage());
    }
  }

  /** Nobody is slowed down by a limit of the edge. */
  static Map<String, String> unlimited() {
    return Map.of("EDGE_RATE", "1000000", "EDGE_BURST", "100000", "EDGE_CONNECTIONS", "1000");
  }
}
