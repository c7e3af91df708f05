package io.portcullis.bench;

import static io.portcullis.bench.Measurements.decimal;
import static io.portcullis.bench.Measurements.median;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What each wall costs, for people and for programs. */
final class WallReport {
  private final List<WallSample> samples;
  private final double otherShare;

  WallReport(List<WallSample> samples, double otherShare) {
    this.samples = List.copyOf(samples);
    this.otherShare = otherShare;
  }

  /** The table of the terminal; docs/edge.md shows one. */
  String text() {
    var table =
        new Table(
            "CPU µs per request", "read", "adds", "Nginx", "message", "adds", "Nginx", "req/s");
    for (Wall wall : Wall.values()) {
      table.row(
          wall.title(),
          cost(wall, false),
          added(wall, false),
          decimal(middle(wall, false, WallSample::edgeCost), 1),
          cost(wall, true),
          added(wall, true),
          decimal(middle(wall, true, WallSample::edgeCost), 1),
          decimal(middle(wall, true, sample -> sample.load().requestsPerSecond()), 0));
    }
    return "\n"
        + table.render()
        + """

        A read is a GET that the gateway forwards to a constant; a message is a POST of 2 KB of chat
        on the route of messages. Medians of alternating rounds; CPU time of Nginx, the gateway and
        its Redis together, and Nginx' part of it. Connections are kept for 1,000 requests, so a TLS
        handshake is part of each thousandth. Everything else on this machine took %s %% of its CPU.
        """
            .formatted(decimal(otherShare * 100, 0));
  }

  /** Every round. */
  JsonObject json() {
    var rounds = new JsonArray();
    for (WallSample sample : samples) {
      rounds.add(
          new JsonObject()
              .put("wall", sample.wall().label())
              .put("request", sample.message() ? "message" : "read")
              .put("requests", sample.load().requests())
              .put("p50_us", sample.load().p50Micros())
              .put("p99_us", sample.load().p99Micros())
              .put("nginx_cpu_us", sample.edgeMicros())
              .put("gateway_cpu_us", sample.gatewayMicros()));
    }
    return new JsonObject().put("rounds", rounds).put("other_cpu_share", otherShare);
  }

  private String cost(Wall wall, boolean message) {
    return decimal(middle(wall, message, WallSample::cost), 1);
  }

  private String added(Wall wall, boolean message) {
    List<Wall> walls = List.of(Wall.values());
    int index = walls.indexOf(wall);
    if (index == 0) {
      return "";
    }
    Wall before = walls.get(index - 1);
    double added =
        middle(wall, message, WallSample::cost) - middle(before, message, WallSample::cost);
    return (added < 0 ? "" : "+") + decimal(added, 1);
  }

  private double middle(Wall wall, boolean message, ToDoubleFunction<WallSample> figure) {
    return median(
        samples.stream()
            .filter(sample -> sample.wall() == wall && sample.message() == message)
            .mapToDouble(figure)
            .toArray());
  }
}
