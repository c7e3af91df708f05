package io.portcullis.waf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.testing.RawHttp;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** However large a body is and in whatever pieces it comes, the firewall sees its last field. */
@Timeout(120)
@SuppressWarnings("StringConcatToTextBlock") // a text block has no CRLF
final class LargeBodiesIT {
  private static final String HEAD =
      "POST /api/v1/conversations/0198c0de-0000-7000-8000-000000000001/messages HTTP/1.1\r\n"
          + "Host: localhost\r\nUser-Agent: t\r\nAccept: */*\r\n"
          + "Content-Type: application/json\r\n";

  private static WafEdge edge;

  @BeforeAll
  static void start() {
    edge = WafEdge.ours("waf-large");
  }

  @AfterAll
  static void stop() {
    edge.close();
  }

  /** A piece of 0 is a body of announced length. */
  @ParameterizedTest
  @CsvSource({
    "1, 0",
    "60000, 0",
    "70000, 0",
    "1000000, 0",
    "1, 1",
    "70000, 4096",
    "1000000, 65536",
    "300000, 1",
    "300000, 7"
  })
  void attackBehindALongMessage_isSeen(int length, int piece) throws IOException {
    String talk = "word ".repeat(length / 5 + 1);
    JsonObject honest = new JsonObject().put("content", talk);
    assertEquals(200, status(honest.encode(), piece));
    assertEquals(403, status(honest.put("note", "1' OR '1'='1' -- ").encode(), piece));
  }

  private static int status(String body, int piece) throws IOException {
    try (RawHttp raw = edge.system().raw()) {
      if (piece == 0) {
        raw.send(HEAD + "Content-Length: " + body.length() + "\r\n\r\n" + body);
      } else {
        raw.send(HEAD + "Transfer-Encoding: chunked\r\n\r\n" + chunks(body, piece));
      }
      return raw.readHead().status();
    }
  }

  private static String chunks(String body, int piece) {
    StringBuilder chunks = new StringBuilder();
    for (int i = 0; i < body.length(); i += piece) {
      String part = body.substring(i, Math.min(i + piece, body.length()));
      chunks.append(Integer.toHexString(part.length())).append("\r\n").append(part).append("\r\n");
    }
    return chunks.append("0\r\n\r\n").toString();
  }
}
