package io.portcullis.bench;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The measured rounds. Each is checked as it ends; one bad answer ends the run. */
final class Rounds {
  private final Workbench bench;
  private final Load load;
  private final Web web;
  private final Target gateway;
  private final Target peer;
  private final RedisCalls redis;
  private final URI upstream;
  private final Supplier<String> tokens;
  private final List<Sample> samples = new ArrayList<>();

  /** Where a server listens, its process, and its Redis's process or 0. */
  record Target(String name, URI address, long pid, long redisPid) {}

  /**
   * Rounds between these servers.
   *
   * @param tokens a fresh token of the same user each time, so that none ends within the run
   */
  Rounds(
      Workbench bench,
      Load load,
      Web web,
      Target gateway,
      Target peer,
      RedisCalls redis,
      URI upstream,
      Supplier<String> tokens) {
    this.bench = bench;
    this.load = load;
    this.web = web;
    this.gateway = gateway;
    this.peer = peer;
    this.redis = redis;
    this.upstream = upstream;
    this.tokens = tokens;
  }

  /** All samples so far. */
  List<Sample> samples() {
    return samples;
  }

  /** Load that is not measured: the compiler learns the way. */
  void warmUp(Scenario scenario, int seconds) {
    LoadResult result = answered(gateway, scenario, tokens.get(), seconds);
    bench.say("warmed %s up with %d requests".formatted(scenario.label(), result.requests()));
  }

  /** One round of the gateway and, where it has one, of its peer, with the same token. */
  void measure(Scenario scenario, int seconds) {
    String token = tokens.get();
    samples.add(sample(gateway, false, scenario, token, seconds));
    if (scenario.peer()) {
      samples.add(sample(peer, true, scenario, token, seconds));
    }
  }

  private Sample sample(
      Target target, boolean isPeer, Scenario scenario, String token, int seconds) {
    long serverBefore = ProcessStat.cpuMicros(target.pid());
    long redisBefore = redisMicros(target);
    LoadResult result = checked(target, scenario, token, seconds);
    var sample =
        new Sample(
            scenario,
            isPeer,
            result,
            ProcessStat.cpuMicros(target.pid()) - serverBefore,
            redisMicros(target) - redisBefore);
    bench.say(
        "%s, %s: %s requests/s, %s µs CPU per request"
            .formatted(
                scenario.label(),
                target.name(),
                Measurements.decimal(result.requestsPerSecond(), 0),
                Measurements.decimal(sample.cost(), 1)));
    return sample;
  }

  private LoadResult checked(Target target, Scenario scenario, String token, int seconds) {
    long callsBefore = redis.count();
    long seenBefore = seen();
    LoadResult result = answered(target, scenario, token, seconds);
    if (target.redisPid() > 0) {
      atLeast(target, result, redis.count() - callsBefore, "asked Redis");
    }
    if (scenario.peer()) {
      atLeast(target, result, seen() - seenBefore, "asked the upstream");
    }
    return result;
  }

  private LoadResult answered(Target target, Scenario scenario, String token, int seconds) {
    LoadResult result = load.run(target.address().resolve(scenario.path()), token, seconds);
    if (!result.clean()) {
      throw BenchFailure.of(
          "%s: of %d answers to %s %d were not 200, and %d requests had no answer"
              .formatted(
                  target.name(),
                  result.requests(),
                  scenario.path(),
                  result.statusErrors(),
                  result.connectionErrors()));
    }
    return result;
  }

  private static void atLeast(Target target, LoadResult result, long counted, String what) {
    if (counted < result.requests()) {
      throw BenchFailure.of(
          "%s %s %d times for %d requests: the round proves nothing"
              .formatted(target.name(), what, counted, result.requests()));
    }
  }

  private static long redisMicros(Target target) {
    return target.redisPid() > 0 ? ProcessStat.cpuMicros(target.redisPid()) : 0;
  }

  /** How many requests the upstream has seen, by its own count. */
  private long seen() {
    String body = web.get(upstream.resolve("/count"), "").body().strip();
    try {
      return Long.parseLong(body);
    } catch (NumberFormatException e) {
      throw BenchFailure.of("the upstream does not count: " + body);
    }
  }
}
