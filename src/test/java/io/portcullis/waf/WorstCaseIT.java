package io.portcullis.waf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.local.Edge;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/**
 * No request may keep a worker of Nginx busy for long, whatever patterns it was made for: the
 * firewall reads before anybody has proved who asks. Measured is CPU time of the workers, which a
 * busy machine changes little.
 */
@Timeout(300)
final class WorstCaseIT {
  /** Many times what the dearest of these costs; what this test is for costs seconds. */
  private static final long LIMIT_MILLIS = 700;

  private static final long MILLIS_PER_TICK = 10;
  private static final int[] SIZES = {2_000, 7_900, 60_000};
  private static final String ROUTE = "/api/v1/conversations/0198c5a0-1111-7000-8000-000000000000";

  @Test
  void requests_madeForBacktracking_costLittle() {
    Map<String, Long> tooDear = new LinkedHashMap<>();
    long dearest = 0;
    try (WafEdge edge = WafEdge.ours("waf-worst")) {
      for (String seed : seeds()) {
        for (int size : SIZES) {
          String value = seed.repeat(size / seed.length());
          for (Map.Entry<String, String> request : requests(value).entrySet()) {
            long before = ticks(edge.system().edge());
            edge.status(request.getValue());
            long millis = (ticks(edge.system().edge()) - before) * MILLIS_PER_TICK;
            dearest = Math.max(dearest, millis);
            if (millis > LIMIT_MILLIS) {
              tooDear.put(request.getKey() + " of " + size + " " + seed.strip(), millis);
            }
          }
        }
      }
    }
    LoggerFactory.getLogger(WorstCaseIT.class)
        .atInfo()
        .addKeyValue("event.action", "test.worst-case")
        .log("the dearest request took {} ms of CPU", dearest);
    assertEquals(Map.of(), tooDear, "milliseconds of CPU");
  }

  /** What repeated makes patterns try again and again. */
  private static List<String> seeds() {
    List<String> seeds = new ArrayList<>();
    for (String one : "' \" \n \t ( ) { } $ < > / * ; | & ` - # = , . \\ %".split(" ", -1)) {
      seeds.add(one);
    }
    seeds.addAll(
        List.of(
            " ",
            "a",
            "select ",
            "$ {",
            "$ {" + " ".repeat(40),
            "'" + " ".repeat(40),
            "' or ",
            "union ",
            "/**/",
            "/* */ or ",
            "<a ",
            "<script ",
            "{{",
            "${${",
            "../",
            "..%2f",
            "\u00e4",
            "a.b(",
            "){",
            "\" : {",
            "-- ",
            "http://"));
    return seeds;
  }

  private static Map<String, String> requests(String value) {
    Map<String, String> requests = new LinkedHashMap<>();
    Map<String, String> json = Map.of("Content-Type", "application/json");
    if (value.length() < 3_000) {
      String encoded = java.net.URLEncoder.encode(value, java.nio.charset.StandardCharsets.UTF_8);
      String target = "/api/v1/me?a=" + encoded;
      requests.put("query", Attack.request("GET", target, Map.of(), ""));
      if (value.chars().allMatch(c -> c >= ' ' && c < 127)) {
        String header = "x" + value.substring(0, 1_900) + "x";
        requests.put("header", Attack.request("GET", "/api/v1/me", Map.of("X-A", header), ""));
      }
    }
    String note = new JsonObject().put("note", value).encode();
    requests.put("field", Attack.request("POST", "/api/v1/reports", json, note));
    String message = new JsonObject().put("content", value).encode();
    requests.put("message", Attack.request("POST", ROUTE + "/messages", json, message));
    return requests;
  }

  private static long ticks(Edge edge) {
    return edge.workers().stream().mapToLong(WorstCaseIT::ticks).sum();
  }

  private static long ticks(long worker) {
    try {
      String stat = Files.readString(Path.of("/proc/" + worker + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
