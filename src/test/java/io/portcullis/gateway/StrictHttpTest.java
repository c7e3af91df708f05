package io.portcullis.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.RawHttp;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the listener refuses before it is a request: each is answered once with 400 (or 417), counted
 * by its reason, and ends the connection; nothing behind it is served and no upstream hears of it.
 */
final class StrictHttpTest {
  /** Would be served if it were read as a request. */
  private static final String SMUGGLED = "GET /up/smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

  private static final List<String> heard = new CopyOnWriteArrayList<>();
  private static GatewayFixture fixture;

  @BeforeAll
  static void start() {
    fixture = GatewayFixture.start(StrictHttpTest::upstream, 1000, 1000, 8);
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  /**
   * A request that is refused.
   *
   * @param name what is wrong with it
   * @param reason it is counted by
   */
  record Bad(String name, String reason, String request) {
    @Override
    public String toString() {
      return name;
    }
  }

  @ParameterizedTest
  @MethodSource("heads")
  void listener_headOfTwoReadings_isRefused(Bad bad) throws IOException {
    assertRefused(bad, 400, "invalid-request");
  }

  @ParameterizedTest
  @MethodSource("framings")
  void listener_framingOfTwoReadings_isRefused(Bad bad) throws IOException {
    assertRefused(bad, 400, "invalid-request");
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void listener_chunksOfTwoReadings_areRefused(Bad bad) throws IOException {
    assertRefused(bad, 400, "invalid-request");
  }

  @ParameterizedTest
  @MethodSource("expectations")
  void listener_expectationOfSomethingElse_isRefused(Bad bad) throws IOException {
    assertRefused(bad, 417, "expectation-failed");
  }

  private static void assertRefused(Bad bad, int status, String problem) throws IOException {
    heard.clear();
    double before = fixture.malformed(bad.reason());
    try (RawHttp connection = fixture.open()) {
      connection.send(bad.request() + SMUGGLED);
      RawHttp.Answer answer = connection.read();
      assertEquals(status, answer.status(), bad.name() + ": " + answer.body());
      assertTrue(answer.body().contains("problems/" + problem + "\""), answer.body());
      assertEquals("close", answer.header("connection"));
      assertEquals(1, answer.headers("x-request-id").size());
      assertEquals(List.of("nosniff"), answer.headers("x-content-type-options"));
      assertEquals("", connection.rest(), "one answer, then the end");
    }
    assertEquals(before + 1, fixture.malformed(bad.reason()), bad.name() + " is counted");
    assertEquals(List.of(), heard, "no upstream hears of it");
  }

  static List<Bad> heads() {
    return StrictHttpCases.heads();
  }

  static List<Bad> framings() {
    return StrictHttpCases.framings();
  }

  static List<Bad> bodies() {
    return StrictHttpCases.bodies();
  }

  static List<Bad> expectations() {
    return StrictHttpCases.expectations();
  }

  private static void upstream(HttpServerRequest request) {
    heard.add(request.uri());
    request.body().onSuccess(request.response()::end);
  }
}
