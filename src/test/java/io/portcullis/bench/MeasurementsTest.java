package io.portcullis.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MeasurementsTest {
  @Test
  void median_ofOddAndEvenNumbers_isTheMiddle() {
    assertEquals(2, Measurements.median(9, 1, 2));
    assertEquals(2.5, Measurements.median(4, 1, 2, 3));
    assertThrows(IllegalArgumentException.class, Measurements::median);
  }

  @Test
  void cost_ofARound_countsRedisToo() {
    assertEquals(80, gateway(60, 20).cost());
    assertEquals(60, gateway(60, 20).serverCost());
    assertEquals(20, gateway(60, 20).redisCost());
  }

  @Test
  void ratio_isThatOfTheMedians() {
    Measurements measured = measured(3_000);
    assertEquals(85.0 / 50.0, measured.ratio(Scenario.PROXY), 1e-9);
    assertArrayEquals(
        new double[] {80.0 / 50, 85.0 / 50, 200.0 / 100},
        measured.pairRatios(Scenario.PROXY),
        1e-9);
  }

  @Test
  void report_ofBothScenarios_showsRowsAndVerdicts() {
    String text = new Report(measured(3_000)).text();
    assertTrue(text.contains("me, Portcullis + Redis      "), text);
    assertTrue(text.contains("proxy, HAProxy 2.6.12       "), text);
    assertFalse(text.contains("me, HAProxy"), text);
    assertTrue(text.contains("1.70 x HAProxy's (rounds 1.60 to 2.00)"), text);
    assertTrue(text.contains("goal at most 2.0: met"), text);
    assertTrue(text.contains("ready in 3.0 s (2.6 s of CPU), goal at most 4: met"), text);
    assertTrue(text.contains("300 MB resident when idle, goal below 400: met"), text);
    assertTrue(text.contains("took 12 % of its CPU"), text);
  }

  @Test
  void report_ofAMissedGoal_saysSo() {
    assertTrue(new Report(measured(4_001)).text().contains("goal at most 4: NOT MET"));
  }

  @Test
  void result_forPrograms_hasMediansAndEveryRound() {
    JsonObject json = ResultFile.json(measured(3_000));
    JsonObject proxy = json.getJsonObject("scenarios").getJsonObject("proxy");
    assertEquals(1.7, proxy.getDouble("ratio"));
    assertEquals(85.0, proxy.getJsonObject("portcullis").getDouble("cpu_us_per_request"));
    assertEquals(3, proxy.getJsonObject("haproxy").getJsonArray("rounds").size());
    assertFalse(json.getJsonObject("scenarios").getJsonObject("me").containsKey("haproxy"));
    assertEquals(300_000_000L, json.getJsonObject("serve").getLong("idle_rss_bytes"));
  }

  private static Measurements measured(long readyMillis) {
    var setup =
        new Measurements.Setup("2.6.12", "25", 2, "servers on one core", "wrk", 1200, 40, 8);
    List<Sample> samples =
        List.of(
            gateway(60, 20),
            peer(50),
            gateway(65, 20),
            peer(50),
            gateway(150, 50),
            peer(100),
            new Sample(Scenario.ME, false, load(), 30_000, 10_000));
    return new Measurements(
        setup, samples, new Gateway.Start(readyMillis, 2_600_000, 300_000_000), 0.12);
  }

  private static Sample gateway(long server, long redis) {
    return new Sample(Scenario.PROXY, false, load(), server * 1000, redis * 1000);
  }

  private static Sample peer(long server) {
    return new Sample(Scenario.PROXY, true, load(), server * 1000, 0);
  }

  private static LoadResult load() {
    return new LoadResult(1000, 1_000_000, 2_000, 9_000, 0, 0);
  }
}
