package io.portcullis.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class LoadResultTest {
  private static final String GOOD =
      """
      Running 5s test @ http://127.0.0.1:19102/bench/constant
        1 threads and 32 connections
        Thread Stats   Avg      Stdev     Max   +/- Stdev
          Latency    18.04ms   11.20ms 115.56ms   80.00%
        8022 requests in 5.01s, 571.86KB read
      Requests/sec:   1601.36
      bench requests=8022 micros=5008260 p50=18040 p99=115555 status=0 connect=0 read=0 write=0 \
      timeout=0
      """;

  @Test
  void parse_ofWrksOutput_takesTheLine() {
    LoadResult result = LoadResult.parse(GOOD);
    assertEquals(new LoadResult(8022, 5_008_260, 18_040, 115_555, 0, 0), result);
    assertTrue(result.clean());
    assertEquals(1601.75, result.requestsPerSecond(), 0.01);
  }

  @Test
  void clean_withErrorAnswers_isFalse() {
    assertFalse(LoadResult.parse(GOOD.replace("status=0", "status=3")).clean());
  }

  @Test
  void clean_withAnyConnectionError_isFalse() {
    for (String kind : new String[] {"connect", "read", "write", "timeout"}) {
      LoadResult result = LoadResult.parse(GOOD.replace(kind + "=0", kind + "=1"));
      assertFalse(result.clean(), kind);
      assertEquals(1, result.connectionErrors(), kind);
    }
  }

  @Test
  void parse_withoutTheLine_fails() {
    assertThrows(
        IllegalArgumentException.class, () -> LoadResult.parse("Requests/sec:   1601.36\n"));
  }

  @Test
  void parse_withoutAField_namesIt() {
    var failure =
        assertThrows(
            IllegalArgumentException.class,
            () -> LoadResult.parse(GOOD.replace("p99=115555 ", "")));
    assertEquals("wrk's result has no p99", failure.getMessage());
  }

  @Test
  void parse_ofAWordThatIsNoField_fails() {
    assertThrows(
        IllegalArgumentException.class, () -> LoadResult.parse(GOOD.replace("p99=", "p99:")));
  }

  @Test
  void parse_withoutAnyAnswer_fails() {
    assertThrows(
        IllegalArgumentException.class,
        () -> LoadResult.parse(GOOD.replace("requests=8022", "requests=0")));
  }

  @Test
  void script_ofTheLoad_printsEveryFieldThatIsRead() throws IOException {
    String script = Files.readString(Path.of("bench/load.lua"));
    for (String field :
        new String[] {
          "requests", "micros", "p50", "p99", "status", "connect", "read", "write", "timeout"
        }) {
      assertTrue(script.contains(field + "=%d"), field);
    }
  }
}
