package io.portcullis.bench;

import static io.portcullis.bench.Measurements.decimal;

import java.util.Arrays;
import java.util.List;

/** The result for people. */
final class Report {
  private final Measurements measured;

  Report(Measurements measured) {
    this.measured = measured;
  }

  String text() {
    var text = new StringBuilder("\n").append(table()).append('\n');
    for (Scenario scenario : scenarios()) {
      if (scenario.peer()) {
        text.append(verdict(scenario));
      }
    }
    return text.append(start()).append('\n').append(remarks()).toString();
  }

  private List<Scenario> scenarios() {
    return Arrays.stream(Scenario.values())
        .filter(scenario -> !measured.of(scenario, false).isEmpty())
        .toList();
  }

  private String table() {
    var table =
        new Table("scenario, server", "req/s", "p50 ms", "p99 ms", "CPU µs/req", "server", "Redis");
    for (Scenario scenario : scenarios()) {
      row(table, scenario, false, "Portcullis + Redis");
      if (scenario.peer()) {
        row(table, scenario, true, "HAProxy " + measured.setup().haproxyVersion());
      }
    }
    return table.render();
  }

  private void row(Table table, Scenario scenario, boolean peer, String server) {
    table.row(
        scenario.label() + ", " + server,
        decimal(measured.median(scenario, peer, s -> s.load().requestsPerSecond()), 0),
        decimal(measured.median(scenario, peer, s -> s.load().p50Micros() / 1000.0), 1),
        decimal(measured.median(scenario, peer, s -> s.load().p99Micros() / 1000.0), 1),
        decimal(measured.median(scenario, peer, Sample::cost), 1),
        decimal(measured.median(scenario, peer, Sample::serverCost), 1),
        peer ? "-" : decimal(measured.median(scenario, peer, Sample::redisCost), 1));
  }

  private String verdict(Scenario scenario) {
    double ratio = measured.ratio(scenario);
    double[] pairs = measured.pairRatios(scenario);
    return "CPU per proxied request: %s x HAProxy's (rounds %s to %s); goal at most %s: %s%n"
        .formatted(
            decimal(ratio, 2),
            decimal(pairs[0], 2),
            decimal(pairs[pairs.length - 1], 2),
            decimal(Measurements.GOAL_RATIO, 1),
            met(ratio <= Measurements.GOAL_RATIO));
  }

  private String start() {
    Gateway.Start start = measured.start();
    return """
    serve: ready in %s s (%s s of CPU), goal at most 4: %s
    serve: %s MB resident when idle, goal below 400: %s
    """
        .formatted(
            decimal(start.readyMillis() / 1000.0, 1),
            decimal(start.readyCpuMicros() / 1e6, 1),
            met(start.readyMillis() <= Measurements.GOAL_READY_MILLIS),
            decimal(start.idleBytes() / 1e6, 0),
            met(start.idleBytes() < Measurements.GOAL_IDLE_BYTES));
  }

  private String remarks() {
    Measurements.Setup setup = measured.setup();
    return """
    Medians of alternating rounds of %d s after %d s of warm-up; %s.
    %d cores: %s. Java %s.
    One RS256 token of %d bytes for both sides.
    Both sides check signature, issuer, audience, expiry and a limit per subject. HAProxy verifies
    the signature every time and counts in its own memory; the gateway remembers verified tokens,
    checks tenant and roles, and counts three limits in Redis. Every answer was 200, Redis was asked
    for every request of the gateway, and the upstream saw every proxied one.
    Latency is that of a saturated server. Everything else on this machine took %s %% of its CPU.
    """
        .formatted(
            setup.roundSeconds(),
            setup.warmUpSeconds(),
            setup.load(),
            setup.cores(),
            setup.placement(),
            setup.java(),
            setup.tokenBytes(),
            decimal(measured.otherShare() * 100, 0));
  }

  private static String met(boolean met) {
    return met ? "met" : "NOT MET";
  }
}
