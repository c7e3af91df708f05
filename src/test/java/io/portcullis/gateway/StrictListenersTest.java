package io.portcullis.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.gateway.StrictHttpTest.Bad;
import io.portcullis.testing.RawHttp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Both listeners behind mutual TLS, attacked by those whom they let in: Nginx on the public one, a
 * service on the internal one. What two readers would read differently is answered once with 400
 * and ends the connection; nothing behind it is read.
 */
final class StrictListenersTest {
  /** One or two of each class. */
  private static final Set<String> CHOSEN =
      Set.of(
          "length first, chunked wins (CL.TE)",
          "chunked first, length wins (TE.CL)",
          "coding: almost chunked",
          "coding: chunked, then identity",
          "space before the colon (TE.TE)",
          "Transfer-Encoding twice",
          "chunked under HTTP/1.0",
          "two lengths",
          "two lengths that differ",
          "length: a list of lengths",
          "no Host",
          "two Hosts",
          "two Hosts that differ",
          "folded header",
          "first header folded",
          "absolute form of another host",
          "authority form",
          "NUL in the target",
          "NUL in a value",
          "CR in a value",
          "line ends of LF alone",
          "space before the colon",
          "preface of HTTP/2",
          "extension",
          "chunk longer than its size",
          "Host as a trailer");

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  static Path folder;

  private static TlsGateway gateway;

  @BeforeAll
  static void start() {
    gateway = new TlsGateway(folder, Duration.ofMinutes(10));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  static Stream<Bad> cases() {
    return Stream.of(StrictHttpCases.heads(), StrictHttpCases.framings(), StrictHttpCases.bodies())
        .flatMap(java.util.List::stream)
        .filter(bad -> CHOSEN.contains(bad.name()));
  }

  @Test
  void cases_areAllThere() {
    assertEquals(CHOSEN.size(), cases().count());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void publicListener_requestOfTwoReadingsFromNginx_isRefused(Bad bad) throws IOException {
    refused(bad, "nginx", gateway.publicPort, TlsGateway.PUBLIC_REQUEST);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void internalListener_requestOfTwoReadingsFromAService_isRefused(Bad bad) throws IOException {
    refused(bad, "ops", gateway.internalPort, TlsGateway.INTERNAL_REQUEST);
  }

  private static void refused(Bad bad, String role, int port, String honest) throws IOException {
    double before = gateway.count("portcullis.requests.malformed", "reason", bad.reason());
    try (RawHttp connection = gateway.open(gateway.authority.issue(role), port)) {
      connection.send(honest);
      assertEquals(200, connection.read().status(), "an honest request on the same connection");
      connection.send(bad.request() + honest);
      RawHttp.Answer answer = connection.read();
      assertEquals(400, answer.status(), answer.body());
      assertTrue(answer.body().contains("problems/invalid-request\""), answer.body());
      assertEquals("close", answer.header("connection"));
      assertEquals("", connection.rest(), "one answer, then the end");
    }
    double after = gateway.count("portcullis.requests.malformed", "reason", bad.reason());
    assertEquals(before + 1, after, bad.reason());
  }
}
