package io.portcullis.command;

import io.portcullis.bench.Bench;
import io.portcullis.bench.BenchFailure;
import io.portcullis.bench.Scenario;
import io.portcullis.bench.WallBench;
import io.portcullis.local.LocalFailure;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench}: what a request costs beside HAProxy, in one run on this machine. */
@Command(
    name = "bench",
    description =
        "Measure requests per second, latency and CPU time per request of the gateway and its"
            + " Redis, beside HAProxy with the same token, limit and upstream. Takes up to four"
            + " minutes and both cores; everything it starts is stopped at the end. The result is"
            + " also in target/bench/result.json.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
final class BenchCommand implements Callable<Integer> {
  private static final int MIN_SECONDS = 2;
  private static final int MAX_SECONDS = 12;

  @Parameters(
      arity = "0..1",
      paramLabel = "SCENARIO",
      defaultValue = "",
      description =
          "me: the gateway answers; proxy: a constant upstream does (default: both). walls: what"
              + " TLS, mutual TLS and the WAF of the edge add to a request.")
  private String scenario;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "8",
      description = "The length of a measured round, 2 to 12 (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (seconds < MIN_SECONDS || seconds > MAX_SECONDS) {
      throw new ParameterException(spec.commandLine(), "--seconds takes 2 to 12");
    }
    PrintWriter err = spec.commandLine().getErr();
    try {
      measure(spec.commandLine().getOut());
      return 0;
    } catch (BenchFailure failure) {
      err.println("bench: " + failure.getMessage());
      return failure.exitCode();
    } catch (LocalFailure failure) {
      err.println("bench: " + failure.getMessage());
      return 1;
    }
  }

  private void measure(PrintWriter out) {
    if (scenario.equals(WallBench.NAME)) {
      WallBench.run(Home.root(), seconds, out);
      return;
    }
    List<Scenario> scenarios =
        scenario.isEmpty()
            ? List.of(Scenario.PROXY, Scenario.ME)
            : List.of(Scenario.named(scenario).orElseThrow(this::unknown));
    Bench.run(Home.root(), scenarios, seconds, out);
  }

  private ParameterException unknown() {
    return new ParameterException(
        spec.commandLine(),
        "no scenario \"" + scenario + "\"; there are: " + Scenario.names() + ", " + WallBench.NAME);
  }
}
