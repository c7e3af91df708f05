package io.portcullis.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyDecoderTest {
  private static final String STREAM =
      """
      +OK
      :-42
      $5
      a
      bc
      $-1
      $0

      *2
      :1
      *1
      $1
      x
      *-1
      -NOSCRIPT No matching script.
      *0
      :9223372036854775807
      """
          .replace("\n", "\r\n");
  private static final String SHOWN =
      "TEXT OK|NUMBER -42|TEXT a\r\nbc|NULL|TEXT |[NUMBER 1,[TEXT x]]|NULL|"
          + "ERROR NOSCRIPT No matching script.|[]|NUMBER 9223372036854775807";

  @Test
  void feed_whole_givesEveryReply() {
    assertEquals(SHOWN, decode(STREAM, STREAM.length()));
  }

  @Test
  void feed_cutAnywhere_givesTheSame() {
    for (int size = 1; size < STREAM.length(); size++) {
      assertEquals(SHOWN, decode(STREAM, size), "pieces of " + size);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?what\r\n",
        ":\r\n",
        ":1x\r\n",
        ":-\r\n",
        "$99999999999\r\n",
        "$1\r\nabc",
        "+a\rb\r\n",
        "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n",
        ":12345678901234567890\r\n"
      })
  void feed_notTheProtocol_isBroken(String bytes) {
    RedisException broken = assertThrows(RedisException.class, () -> decode(bytes, bytes.length()));
    assertEquals(RedisException.Kind.BROKEN, broken.kind());
  }

  private static String decode(String stream, int size) {
    List<Reply> replies = new ArrayList<>();
    ReplyDecoder decoder = new ReplyDecoder(replies::add);
    byte[] bytes = stream.getBytes(UTF_8);
    for (int at = 0; at < bytes.length; at += size) {
      decoder.feed(Buffer.buffer(stream.substring(at, Math.min(bytes.length, at + size))));
    }
    return replies.stream().map(ReplyDecoderTest::show).collect(Collectors.joining("|"));
  }

  private static String show(Reply reply) {
    return switch (reply.kind()) {
      case NUMBER -> "NUMBER " + reply.number();
      case LIST ->
          reply.items().stream()
              .map(ReplyDecoderTest::show)
              .collect(Collectors.joining(",", "[", "]"));
      case NULL -> "NULL";
      default -> reply.kind() + " " + reply.text();
    };
  }
}
