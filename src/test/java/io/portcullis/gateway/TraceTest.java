package io.portcullis.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TraceTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  @Test
  void from_validHeader_continuesTheTraceWithASpanOfOurOwn() {
    Trace trace = Trace.from("00-" + TRACE + "-00f067aa0ba902b7-01");
    assertEquals(TRACE, trace.traceId());
    assertEquals("01", trace.flags());
    assertNotEquals("00f067aa0ba902b7", trace.spanId());
    assertTrue(trace.traceparent().matches("00-" + TRACE + "-[0-9a-f]{16}-01"));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "garbage",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"
      })
  void from_invalidHeader_startsANewTrace(String header) {
    Trace trace = Trace.from(header);
    assertTrue(trace.traceparent().matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00"), trace.traceparent());
    assertNotEquals(TRACE, trace.traceId());
  }
}
