package io.portcullis.json;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Bytes to characters with nothing forgiven: RFC 3629 UTF-8 (no overlong forms, no surrogates,
 * nothing above U+10FFFF, nothing cut short) and no byte order mark, which RFC 8259 lets a parser
 * refuse. Done before parsing because Jackson's own decoder guesses UTF-16 and UTF-32, skips a byte
 * order mark and lets some malformed sequences through.
 */
final class Utf8Text {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private Utf8Text() {}

  static CharBuffer decode(byte[] bytes) {
    CharBuffer characters = CharBuffer.allocate(bytes.length);
    ByteBuffer source = ByteBuffer.wrap(bytes);
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CoderResult result = decoder.decode(source, characters, true);
    characters.flip();
    if (!result.isUnderflow()) {
      throw malformed(characters);
    }
    if (characters.hasRemaining() && characters.get(0) == BYTE_ORDER_MARK) {
      throw new JsonTextException("a byte order mark is not allowed", 1, 1);
    }
    return characters;
  }

  /** The place is behind the characters that could be read. */
  private static JsonTextException malformed(CharBuffer before) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < before.length(); i++) {
      if (before.charAt(i) == '\n') {
        line++;
        column = 1;
      } else {
        column++;
      }
    }
    return new JsonTextException("invalid UTF-8", line, column);
  }
}
