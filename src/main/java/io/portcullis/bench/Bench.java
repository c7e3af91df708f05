package io.portcullis.bench;

import io.portcullis.local.LocalFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One run: start the parts, the node and its peer, see that both refuse what they must, warm up,
 * measure in alternating rounds, report, stop everything.
 *
 * <p>What is claimed is CPU time per request, taken from the processes themselves: it does not
 * depend on the load's appetite for the same cores, as requests per second do.
 */
public final class Bench {
  private static final int ROUNDS = 3;
  private static final int WARM_UP_SECONDS = 40;
  private static final int WARM_UP_AGAIN_SECONDS = 10;
  private static final String AUDIENCE = "portcullis";

  private final Workbench bench;
  private final Path home;
  private final Path folder;
  private final Web web;
  private final Tools tools;
  private final Cores cores = Cores.ofThisMachine();

  private Bench(Workbench bench, Path home, Tools tools) {
    this.bench = bench;
    this.home = home;
    this.folder = home.resolve("target/bench");
    this.tools = tools;
    this.web = bench.keep(new Web());
  }

  /**
   * Runs and reports.
   *
   * @param home the root of the repository, built
   * @param scenarios what to measure, in this order
   * @param seconds the length of a measured round
   * @throws BenchFailure when a part is missing or a check does not hold; all is stopped
   */
  public static void run(Path home, List<Scenario> scenarios, int seconds, PrintWriter out) {
    Tools tools = Tools.find();
    Path root = home.toAbsolutePath().normalize();
    Measurements measured = measure(root, tools, scenarios, seconds, out);
    Path file = root.resolve("target/bench/result.json");
    ResultFile.write(measured, file);
    out.print(new Report(measured).text());
    out.println("Every round: " + root.relativize(file));
    out.flush();
  }

  private static Measurements measure(
      Path root, Tools tools, List<Scenario> scenarios, int seconds, PrintWriter out) {
    try (var bench = new Workbench(out)) {
      try {
        Measurements measured = new Bench(bench, root, tools).measure(scenarios, seconds);
        bench.say("stopping");
        return measured;
      } catch (BenchFailure | LocalFailure failure) {
        throw bench.stopped() ? BenchFailure.of("the run was stopped") : failure;
      }
    }
  }

  private Measurements measure(List<Scenario> scenarios, int seconds) {
    createFolder();
    var haproxy = new Haproxy(tools, home.resolve("bench"), folder, bench, web);
    Haproxy.Instance upstream = haproxy.upstream();
    Ground ground = Ground.start(home, folder, settings(upstream.address()), bench);
    Gateway gateway = startGateway(ground);
    PeerKey key = key(ground);
    Haproxy.Instance peer =
        haproxy.peer("haproxy", key, AUDIENCE, upstream.address(), Checks.LIMIT);
    check(ground, gateway, peer, haproxy, key, upstream.address());

    cores.pinLoad(tools, upstream.process().pid());
    cores.pinServer(tools, gateway.process().pid());
    cores.pinServer(tools, ground.redisPid());
    cores.pinServer(tools, peer.process().pid());
    var rounds =
        new Rounds(
            bench,
            new Load(tools, cores, home.resolve("bench/load.lua"), folder, bench),
            web,
            new Rounds.Target(
                "gateway", gateway.address(), gateway.process().pid(), ground.redisPid()),
            new Rounds.Target("HAProxy", peer.address(), peer.process().pid(), 0),
            ground.redisCalls(),
            upstream.address(),
            ground::aliceToken);
    List<Long> servers =
        List.of(
            gateway.process().pid(),
            ground.redisPid(),
            peer.process().pid(),
            upstream.process().pid());
    double otherShare = measure(rounds, scenarios, seconds, new MachineShare(servers, cores));
    return new Measurements(
        setup(ground.aliceToken().length(), seconds),
        rounds.samples(),
        gateway.start(),
        otherShare);
  }

  private double measure(
      Rounds rounds, List<Scenario> scenarios, int seconds, MachineShare machine) {
    int warmUp = WARM_UP_SECONDS;
    machine.begin();
    for (Scenario scenario : scenarios) {
      bench.say("warming %s up for %d s".formatted(scenario.label(), warmUp));
      rounds.warmUp(scenario, warmUp);
      for (int i = 0; i < ROUNDS; i++) {
        rounds.measure(scenario, seconds);
      }
      warmUp = WARM_UP_AGAIN_SECONDS;
    }
    return machine.others();
  }

  /** The limits are counted as ever and never reached by the load. */
  static Map<String, String> settings(URI upstream) {
    String limit = Long.toString(Checks.LIMIT);
    return Map.of(
        "PORTCULLIS_LIMITS_PER_USER_MAX", limit,
        "PORTCULLIS_LIMITS_PER_IP_MAX", limit,
        "PORTCULLIS_LIMITS_PER_TENANT_MAX", limit,
        "PORTCULLIS_UPSTREAMS_CONSTANT_URL", upstream.toString());
  }

  private Gateway startGateway(Ground ground) {
    bench.say("starting serve");
    Gateway gateway =
        Gateway.start(
            ground.nodeCommand(),
            ground.configuration(),
            ground.nodeEnvironment(),
            folder.resolve("gateway.log"),
            bench,
            web);
    bench.say(
        "serve was ready in %d ms and idles at %d MB"
            .formatted(gateway.start().readyMillis(), gateway.start().idleBytes() / 1_000_000));
    return gateway;
  }

  private void check(
      Ground ground,
      Gateway gateway,
      Haproxy.Instance peer,
      Haproxy haproxy,
      PeerKey key,
      URI upstream) {
    var checks = new Checks(web);
    String token = ground.aliceToken();
    checks.answers("the gateway", gateway.address().resolve(Scenario.ME.path()), token);
    checks.credentials("the gateway", gateway.address(), token);
    checks.credentials("HAProxy", peer.address(), token);
    checks.gatewayLimit(gateway.address(), ground.bobToken());
    try (Child small = smallPeer(haproxy, key, upstream, checks, ground)) {
      bench.say("%s and the gateway refuse bad tokens and what is over the limit".formatted(small));
    }
  }

  private static Child smallPeer(
      Haproxy haproxy, PeerKey key, URI upstream, Checks checks, Ground ground) {
    Haproxy.Instance small = haproxy.peer("HAProxy", key, AUDIENCE, upstream, Checks.ADMITTED);
    checks.peerLimit(small.address(), ground.bobToken());
    return small.process();
  }

  private PeerKey key(Ground ground) {
    String jwks =
        web.get(URI.create(ground.issuer() + "/protocol/openid-connect/certs"), "").body();
    return PeerKey.of(ground.issuer(), ground.aliceToken(), jwks, folder.resolve("issuer.pem"));
  }

  private Measurements.Setup setup(int tokenBytes, int seconds) {
    return new Measurements.Setup(
        tools.haproxyVersion(),
        String.valueOf(Runtime.version()),
        cores.allowed().size(),
        cores.separate()
            ? "servers on one core, load and upstream on another"
            : "everything on one core",
        Load.description(),
        tokenBytes,
        WARM_UP_SECONDS,
        seconds);
  }

  private void createFolder() {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw BenchFailure.of(folder + " cannot be made: " + e.getMessage());
    }
  }
}
