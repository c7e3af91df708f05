package io.portcullis.edge;

import static io.portcullis.testing.StubGateway.headers;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.EdgeSystem;
import io.portcullis.testing.RawHttp2;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What HTTP/2 can carry and HTTP/1.1 cannot, through the real Nginx: nothing of it becomes a second
 * request or another header on the way to the gateway.
 */
@Timeout(120)
final class SmugglingHttp2IT {
  private static final String SMUGGLED = "x\r\n\r\nGET /v/smuggled HTTP/1.1\r\nHost: localhost";

  private final EdgeSystem edge = EdgeSystem.shared();

  @BeforeEach
  @AfterEach
  void reset() {
    edge.gateway().reset();
  }

  /**
   * A request.
   *
   * @param name what is odd about it
   * @param mayPass whether it has one reading that may reach the gateway, cleaned
   * @param fields its whole header block: name, value, name, value
   */
  @SuppressWarnings("ArrayRecordComponent") // made once, never changed
  private record Trick(String name, boolean mayPass, String body, String... fields) {
    @Override
    public String toString() {
      return name;
    }
  }

  @Test
  void honestRequest_passes() throws IOException {
    Trick honest = with("honest", true, "x-a", "b");
    assertEquals(200, check(honest).status());
    assertEquals(200, check(body("honest", true, "{\"a\":1}", "content-length", "7")).status());
  }

  @ParameterizedTest
  @MethodSource("values")
  void header_thatHttp1CannotCarry_isRefusedOrCleaned(Trick trick) throws IOException {
    check(trick);
  }

  @ParameterizedTest
  @MethodSource("pseudo")
  void pseudoHeader_thatHttp1CannotCarry_isRefusedOrCleaned(Trick trick) throws IOException {
    check(trick);
  }

  @ParameterizedTest
  @MethodSource("lengths")
  void length_thatIsNotTheBodys_isRefused(Trick trick) throws IOException {
    check(trick);
  }

  private RawHttp2.Answer check(Trick trick) throws IOException {
    edge.gateway().reset();
    RawHttp2.Answer answer;
    try (RawHttp2 raw = new RawHttp2(edge.context(), edge.edge().httpsPort())) {
      raw.send(1, trick.body(), trick.fields());
      answer = raw.read(1);
    }
    List<String> seen = new ArrayList<>(edge.gateway().seen());
    boolean passed = answer.status() > 0 && answer.status() < 400;
    assertTrue(trick.mayPass() || !passed, () -> "passed: " + answer + seen);
    boolean ours = answer.status() >= 500 && answer.status() != 501;
    assertTrue(!ours, () -> "as if it were our fault: " + answer);
    assertTrue(seen.size() <= (passed ? 1 : 0), () -> answer.status() + " and yet " + seen);
    assertTrue(seen.stream().noneMatch(one -> one.contains("smuggled")), seen::toString);
    if (passed) {
      assertClean(new JsonObject(answer.body()));
    }
    String other = edge.client().get("/v/other").body();
    assertEquals("/v/other", new JsonObject(other).getString("target"), "somebody else's request");
    return answer;
  }

  private static void assertClean(JsonObject told) {
    assertTrue(told.getString("target").matches("/[!-~]*"), told.encode());
    assertEquals(List.of("localhost"), headers(told, "host"));
    assertEquals(List.of("127.0.0.1"), headers(told, "x-forwarded-for"));
    for (String name :
        List.of("connection", "transfer-encoding", "upgrade", "te", "evil", "client-cert")) {
      assertEquals(List.of(), headers(told, name), told.encode());
    }
  }

  static List<Trick> values() {
    return List.of(
        with("a line end in a value", false, "x-a", "b\r\nEvil: 1"),
        with("a request in a value", false, "x-a", SMUGGLED),
        with("an LF in a value", false, "x-a", "b\nEvil: 1"),
        with("a CR in a value", false, "x-a", "b\rEvil: 1"),
        with("a NUL in a value", false, "x-a", "b\0c"),
        with("a line end in a name", false, "x-a: b\r\nevil", "1"),
        with("a colon in a name", false, "evil: 1", "b"),
        with("a space in a name", false, "x a", "b"),
        with("a NUL in a name", false, "x\0a", "b"),
        with("capitals in a name", false, "X-A", "b"),
        with("an empty name", false, "", "b"),
        with("a long value", false, "x-a", "b".repeat(14_000)),
        with("two credentials", false, "authorization", "Bearer a", "authorization", "Bearer b"),
        with("connection", true, "connection", "close, x-request-id"),
        with("keep-alive", true, "keep-alive", "5"),
        with("upgrade", true, "upgrade", "h2c"),
        with("te", true, "te", "gzip"),
        with("a forged identity", true, "client-cert", ":AAAA:"),
        with("a forged address", true, "x-forwarded-for", "6.6.6.6"),
        with("another host beside the authority", true, "host", "evil.example"),
        with("two hosts", true, "host", "localhost", "host", "evil.example"),
        body("transfer-encoding", true, "0\r\n\r\n" + SMUGGLED, "transfer-encoding", "chunked"),
        body("an unknown coding", true, "{}", "transfer-encoding", "x"),
        with("transfer-encoding without a body", true, "transfer-encoding", "chunked"));
  }

  static List<Trick> pseudo() {
    return List.of(
        line("a space in the path", true, "GET", "/v/x HTTP/1.1", "localhost"),
        line(
            "a request in the path", false, "GET", "/v/x HTTP/1.1\r\n\r\n" + SMUGGLED, "localhost"),
        line("a line end in the path", false, "GET", "/v/x\r\nEvil: 1", "localhost"),
        line("an LF in the path", false, "GET", "/v/x\nEvil: 1", "localhost"),
        line("a NUL in the path", false, "GET", "/v/\0x", "localhost"),
        line("an absolute path", true, "GET", "https://evil.example/v/x", "localhost"),
        line("a relative path", false, "GET", "v/x", "localhost"),
        line("an asterisk", false, "GET", "*", "localhost"),
        line("an empty path", false, "GET", "", "localhost"),
        line("a tunnel", false, "CONNECT", "/v/x", "localhost"),
        line("a space in the method", false, "GET /v/smuggled", "/v/x", "localhost"),
        line("a line end in the method", false, "GET\r\nEvil: 1", "/v/x", "localhost"),
        line("an empty method", false, "", "/v/x", "localhost"),
        line("a method in lower case", false, "get", "/v/x", "localhost"),
        line("another authority", false, "GET", "/v/x", "evil.example"),
        line("a line end in the authority", false, "GET", "/v/x", "localhost\r\nEvil: 1"),
        line("a space in the authority", false, "GET", "/v/x", "local host"),
        line("a user in the authority", false, "GET", "/v/x", "evil@localhost"),
        line("a path in the authority", false, "GET", "/v/x", "localhost/x"),
        raw("no path", ":method", "GET", ":scheme", "https", ":authority", "localhost"),
        raw("no method", ":scheme", "https", ":path", "/v/x", ":authority", "localhost"),
        raw("no scheme", ":method", "GET", ":path", "/v/x", ":authority", "localhost"),
        with("two paths", false, ":path", "/v/smuggled"),
        with("two methods", false, ":method", "POST"),
        with("an unknown one", false, ":evil", "1"),
        with("a status", false, ":status", "200"),
        with("an extended tunnel", false, ":protocol", "websocket"),
        new Trick( // against RFC 9113, section 8.3, and yet of one reading
            "a path behind a field",
            true,
            "",
            ":method",
            "GET",
            ":scheme",
            "https",
            ":authority",
            "localhost",
            "x-a",
            "b",
            ":path",
            "/v/x"),
        scheme("a scheme with a line end", "https\r\nEvil: 1"),
        scheme("a scheme with a path", "https://evil.example/"));
  }

  static List<Trick> lengths() {
    return List.of(
        body("a length that is too long", false, "{}", "content-length", "9"),
        body("a length that is too short", false, "{\"a\":1}" + SMUGGLED, "content-length", "7"),
        body("a length of zero", false, SMUGGLED, "content-length", "0"),
        body("a length with a plus", false, "{\"a\":1}", "content-length", "+7"),
        body("a list of lengths", false, "{\"a\":1}", "content-length", "7, 7"),
        body("two lengths", false, "{}", "content-length", "2", "content-length", "2"),
        body("two lengths that differ", false, "{}", "content-length", "2", "content-length", "0"),
        body("hexadecimal", false, "{\"a\":1}", "content-length", "0x7"),
        body("a length that is empty", false, "{\"a\":1}", "content-length", ""));
  }

  private static Trick raw(String name, String... fields) {
    return new Trick(name, false, "", fields);
  }

  private static Trick line(
      String name, boolean mayPass, String method, String path, String authority) {
    return new Trick(
        name, mayPass, "", block(List.of(method, "https", path, authority), new String[0]));
  }

  private static Trick scheme(String name, String scheme) {
    return new Trick(
        name, true, "", block(List.of("GET", scheme, "/v/x", "localhost"), new String[0]));
  }

  private static Trick with(String name, boolean mayPass, String... fields) {
    return new Trick(
        name, mayPass, "", block(List.of("GET", "https", "/v/x", "localhost"), fields));
  }

  private static Trick body(String name, boolean mayPass, String body, String... fields) {
    List<String> more = new ArrayList<>(List.of("content-type", "application/json"));
    more.addAll(List.of(fields));
    String[] all = more.toArray(String[]::new);
    return new Trick(
        name, mayPass, body, block(List.of("POST", "https", "/v/x", "localhost"), all));
  }

  private static String[] block(List<String> pseudo, String... fields) {
    List<String> block =
        new ArrayList<>(
            List.of(
                ":method",
                pseudo.get(0),
                ":scheme",
                pseudo.get(1),
                ":path",
                pseudo.get(2),
                ":authority",
                pseudo.get(3),
                "user-agent",
                "t",
                "accept",
                "*/*"));
    block.addAll(List.of(fields));
    return block.toArray(String[]::new);
  }
}
