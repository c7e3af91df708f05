package io.portcullis.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The result for programs: {@code target/bench/result.json}. */
final class ResultFile {
  private ResultFile() {}

  static void write(Measurements measured, Path file) {
    try {
      Files.writeString(file, json(measured).encodePrettily() + "\n");
    } catch (IOException e) {
      throw BenchFailure.of(file + " cannot be written: " + e.getMessage());
    }
  }

  static JsonObject json(Measurements measured) {
    var scenarios = new JsonObject();
    for (Scenario scenario : Scenario.values()) {
      if (!measured.of(scenario, false).isEmpty()) {
        scenarios.put(scenario.label(), scenario(measured, scenario));
      }
    }
    Measurements.Setup setup = measured.setup();
    return new JsonObject()
        .put("scenarios", scenarios)
        .put(
            "serve",
            new JsonObject()
                .put("ready_ms", measured.start().readyMillis())
                .put("ready_cpu_us", measured.start().readyCpuMicros())
                .put("ready_ms_goal", Measurements.GOAL_READY_MILLIS)
                .put("idle_rss_bytes", measured.start().idleBytes())
                .put("idle_rss_bytes_goal", Measurements.GOAL_IDLE_BYTES))
        .put(
            "setup",
            new JsonObject()
                .put("haproxy", setup.haproxyVersion())
                .put("java", setup.java())
                .put("cores", setup.cores())
                .put("placement", setup.placement())
                .put("load", setup.load())
                .put("token_bytes", setup.tokenBytes())
                .put("warm_up_seconds", setup.warmUpSeconds())
                .put("round_seconds", setup.roundSeconds())
                .put("other_cpu_share", rounded(measured.otherShare())));
  }

  private static JsonObject scenario(Measurements measured, Scenario scenario) {
    var json = new JsonObject().put("portcullis", server(measured, scenario, false));
    if (scenario.peer()) {
      var pairs = new JsonArray();
      for (double ratio : measured.pairRatios(scenario)) {
        pairs.add(rounded(ratio));
      }
      json.put("haproxy", server(measured, scenario, true))
          .put("ratio", rounded(measured.ratio(scenario)))
          .put("ratio_of_pairs", pairs)
          .put("ratio_goal", Measurements.GOAL_RATIO);
    }
    return json;
  }

  private static JsonObject server(Measurements measured, Scenario scenario, boolean peer) {
    List<Sample> samples = measured.of(scenario, peer);
    var rounds = new JsonArray();
    samples.forEach(sample -> rounds.add(round(sample)));
    return new JsonObject()
        .put(
            "requests_per_second",
            rounded(measured.median(scenario, peer, s -> s.load().requestsPerSecond())))
        .put("p50_us", rounded(measured.median(scenario, peer, s -> s.load().p50Micros())))
        .put("p99_us", rounded(measured.median(scenario, peer, s -> s.load().p99Micros())))
        .put("cpu_us_per_request", rounded(measured.median(scenario, peer, Sample::cost)))
        .put("rounds", rounds);
  }

  private static JsonObject round(Sample sample) {
    return new JsonObject()
        .put("requests", sample.load().requests())
        .put("seconds", rounded(sample.load().micros() / 1e6))
        .put("p50_us", sample.load().p50Micros())
        .put("p99_us", sample.load().p99Micros())
        .put("server_cpu_us", sample.serverMicros())
        .put("redis_cpu_us", sample.redisMicros())
        .put("cpu_us_per_request", rounded(sample.cost()));
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
