package io.portcullis.edge;

import static io.portcullis.testing.StubGateway.headers;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.edge.SmugglingCases.Trick;
import io.portcullis.testing.EdgeClient;
import io.portcullis.testing.EdgeSystem;
import io.portcullis.testing.RawHttp;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests of two readings through the real Nginx: each is refused, or reaches the gateway as
 * exactly one well-formed request; what comes behind it on the connection, and what others ask
 * through the same connections to the gateway, is answered as if it had not been.
 */
@Timeout(120)
@SuppressWarnings("StringConcatToTextBlock") // a text block has no CRLF
final class SmugglingIT {
  private static final String NEXT = "GET /v/next HTTP/1.1\r\n" + SmugglingCases.HEADERS + "\r\n";

  private final EdgeSystem edge = EdgeSystem.shared();
  private final EdgeClient others = edge.client();

  @BeforeEach
  @AfterEach
  void reset() {
    edge.gateway().reset();
  }

  @Test
  void honestRequests_onOneConnection_areBothAnswered() throws IOException {
    List<RawHttp.Answer> answers =
        ask("GET /v/x HTTP/1.1\r\n" + SmugglingCases.HEADERS + "\r\n" + NEXT);
    assertEquals(List.of(200, 200), answers.stream().map(RawHttp.Answer::status).toList());
    assertEquals(List.of("GET /v/x", "GET /v/next"), edge.gateway().seen());
  }

  @ParameterizedTest
  @MethodSource("io.portcullis.edge.SmugglingCases#framings")
  void framing_ofTwoReadings_hasOneOrNone(Trick trick) throws IOException {
    check(trick);
  }

  @ParameterizedTest
  @MethodSource("io.portcullis.edge.SmugglingCases#chunks")
  void chunks_ofTwoReadings_haveOneOrNone(Trick trick) throws IOException {
    check(trick);
  }

  @ParameterizedTest
  @MethodSource("io.portcullis.edge.SmugglingCases#targets")
  void target_ofTwoReadings_hasOneOrNone(Trick trick) throws IOException {
    check(trick);
  }

  @ParameterizedTest
  @MethodSource("io.portcullis.edge.SmugglingCases#headers")
  void headers_ofTwoReadings_haveOneOrNone(Trick trick) throws IOException {
    check(trick);
  }

  @ParameterizedTest
  @CsvSource({
    "Authorization, Bearer a.b.c",
    "X-Tenant, acme",
    "Idempotency-Key, k",
    "Traceparent, 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
  })
  void connectionHeader_thatNamesAHeaderOfTheApi_takesNothingFromIt(String name, String value)
      throws IOException {
    String fields = name + ": " + value + "\r\nConnection: close, " + name + "\r\n";
    JsonObject told = told(fields);
    assertEquals(List.of(value), headers(told, name));
    assertEquals(List.of(), headers(told, "connection"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Request-Id", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Host",
        "Client-Cert", "Content-Length", "Transfer-Encoding", "Upgrade", "HTTP2-Settings"
      })
  void connectionHeader_thatNamesOneOfOurs_takesNothingFromIt(String name) throws IOException {
    JsonObject told = told("Connection: close, " + name + "\r\n");
    assertEquals(List.of("127.0.0.1"), headers(told, "x-forwarded-for"));
    assertEquals(List.of("https"), headers(told, "x-forwarded-proto"));
    assertEquals(1, headers(told, "x-request-id").size());
    assertEquals(List.of("localhost"), headers(told, "host"));
  }

  @Test
  void upgradeToHttp2_isNotPassedOn() throws IOException {
    JsonObject told =
        told(
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                + "HTTP2-Settings: AAMAAABkAAQAAP__\r\n");
    for (String name : List.of("connection", "upgrade", "http2-settings")) {
      assertEquals(List.of(), headers(told, name));
    }
  }

  /** Names that some servers read as another one; the gateway does not, and forwards none. */
  @ParameterizedTest
  @ValueSource(strings = {"X_Request_Id", "X.Request.Id", "Client_Cert", "X_Forwarded_For"})
  void header_ofAnotherSpelling_replacesNoneOfOurs(String name) throws IOException {
    try (RawHttp raw = edge.raw()) {
      raw.send("GET /v/x HTTP/1.1\r\n" + SmugglingCases.HEADERS + name + ": 6.6.6.6\r\n\r\n");
      RawHttp.Answer answer = raw.read();
      if (answer.status() == 200) {
        assertWellFormed(answer);
      }
    }
  }

  @Test
  void versionlessRequest_isNotPassedOn() throws IOException {
    try (RawHttp raw = edge.raw()) {
      raw.send("GET /v/x\r\n" + NEXT);
      assertFalse(raw.rest().contains("\"target\""));
    }
    assertEquals(List.of(), edge.gateway().seen());
  }

  private void check(Trick trick) throws IOException {
    List<RawHttp.Answer> answers = ask(trick.request() + NEXT);
    List<String> seen = new ArrayList<>(edge.gateway().seen());
    assertFalse(answers.isEmpty(), "an answer");
    RawHttp.Answer first = answers.getFirst();
    boolean passed = first.status() < 400;
    assertTrue(trick.mayPass() || !passed, () -> "passed with " + first.body() + seen);
    assertEquals(seen.size(), new HashSet<>(seen).size(), () -> "twice: " + seen);
    assertTrue(seen.stream().noneMatch(one -> one.contains("smuggled")), () -> "seen: " + seen);
    seen.remove("GET /v/next");
    assertTrue(seen.size() <= (passed ? 1 : 0), () -> first.status() + " and yet " + seen);
    if (passed) {
      assertWellFormed(first);
    }
    for (RawHttp.Answer later : answers.subList(1, answers.size())) {
      boolean next = later.status() == 200 && later.body().contains("\"target\":\"/v/next\"");
      assertTrue(next || later.status() == 400, () -> "then " + later.status() + later.body());
    }
    String other = others.get("/v/other").body();
    assertEquals("/v/other", new JsonObject(other).getString("target"), "somebody else's request");
  }

  /** Answers until the connection ends or the honest request was answered. */
  private List<RawHttp.Answer> ask(String requests) throws IOException {
    List<RawHttp.Answer> answers = new ArrayList<>();
    try (RawHttp raw = edge.raw()) {
      raw.send(requests);
      while (answers.stream().noneMatch(answer -> answer.body().contains("\"/v/next\""))) {
        answers.add(raw.read());
      }
    } catch (EOFException | SocketException ended) {
      return answers;
    }
    return answers;
  }

  private JsonObject told(String fields) throws IOException {
    try (RawHttp raw = edge.raw()) {
      raw.send("GET /v/x HTTP/1.1\r\n" + SmugglingCases.HEADERS + fields + "\r\n");
      return assertWellFormed(raw.read());
    }
  }

  private static JsonObject assertWellFormed(RawHttp.Answer answer) {
    assertEquals(200, answer.status(), answer.body());
    JsonObject told = new JsonObject(answer.body());
    assertTrue(told.getString("target").matches("/[!-~]*"), answer.body());
    assertTrue(told.getString("method").matches("GET|POST"), answer.body());
    told.getJsonArray("headers")
        .forEach(
            header -> {
              JsonArray pair = (JsonArray) header;
              assertTrue(pair.getString(0).matches("[A-Za-z0-9._-]+"), answer.body());
              assertTrue(pair.getString(1).matches("[\t -~\u0080-\u00ff]*"), answer.body());
            });
    List<String> lengths = headers(told, "content-length");
    assertTrue(lengths.size() + headers(told, "transfer-encoding").size() <= 1, answer.body());
    int bytes = told.getInteger("bytes");
    assertTrue(lengths.isEmpty() || lengths.equals(List.of("" + bytes)), answer.body());
    assertEquals(List.of(answer.header("x-request-id")), headers(told, "x-request-id"));
    assertEquals(List.of("127.0.0.1"), headers(told, "x-forwarded-for"));
    assertEquals(1, headers(told, "host").size());
    assertTrue(headers(told, "host").getFirst().matches("localhost"), answer.body());
    for (String name : List.of("client-cert", "connection", "te", "trailer", "expect")) {
      assertEquals(List.of(), headers(told, name), answer.body());
    }
    return told;
  }
}
