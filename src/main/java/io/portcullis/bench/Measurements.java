package io.portcullis.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What a run found.
 *
 * @param setup what was measured on what
 * @param samples all rounds, in their order; within a scenario gateway and peer alternate
 * @param start how {@code serve} came up
 * @param otherShare share of the machine's CPU time in the rounds that neither the servers nor the
 *     load nor this program used; 0 to 1
 */
record Measurements(Setup setup, List<Sample> samples, Gateway.Start start, double otherShare) {
  /** How much dearer than HAProxy a proxied request may be. */
  static final double GOAL_RATIO = 2.0;

  static final long GOAL_READY_MILLIS = 4_000;
  static final long GOAL_IDLE_BYTES = 400L * 1000 * 1000;

  /** What was measured on what, in words. */
  record Setup(
      String haproxyVersion,
      String java,
      int cores,
      String placement,
      String load,
      int tokenBytes,
      int warmUpSeconds,
      int roundSeconds) {}

  /** Copies the samples. */
  Measurements {
    samples = List.copyOf(samples);
  }

  /** The rounds of one server in one scenario. */
  List<Sample> of(Scenario scenario, boolean peer) {
    return samples.stream()
        .filter(sample -> sample.scenario() == scenario && sample.peer() == peer)
        .toList();
  }

  /** The middle of one figure over the rounds of one server. */
  double median(Scenario scenario, boolean peer, ToDoubleFunction<Sample> figure) {
    return median(of(scenario, peer).stream().mapToDouble(figure).toArray());
  }

  /** How many times HAProxy's CPU time a request costs: the medians' ratio. */
  double ratio(Scenario scenario) {
    return median(scenario, false, Sample::cost) / median(scenario, true, Sample::cost);
  }

  /** The same for each pair of neighbouring rounds, in order of size. */
  double[] pairRatios(Scenario scenario) {
    List<Sample> gateway = of(scenario, false);
    List<Sample> peer = of(scenario, true);
    double[] ratios = new double[Math.min(gateway.size(), peer.size())];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = gateway.get(i).cost() / peer.get(i).cost();
    }
    Arrays.sort(ratios);
    return ratios;
  }

  static double median(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("nothing was measured");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** A number with a fixed number of decimals, whatever the machine's language. */
  static String decimal(double value, int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
