package io.portcullis.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/** A command that can write itself in the form Redis reads: a list of bulk strings. */
@FunctionalInterface
interface Command {
  void encode(Buffer out);

  /** A command of words. */
  static Command of(String... words) {
    return out -> {
      start(out, words.length);
      for (String word : words) {
        append(out, word);
      }
    };
  }

  /** A command of words that may be any bytes. */
  static Command of(List<byte[]> words) {
    return out -> {
      start(out, words.size());
      for (byte[] word : words) {
        append(out, word);
      }
    };
  }

  /** A script by its hash. */
  static Command evalsha(Script script, List<String> keys, List<byte[]> args) {
    return out -> {
      out.appendBytes(script.head(keys.size(), args.size()));
      appendAll(out, keys, args);
    };
  }

  /** A script by its text, which also puts it in the script cache. */
  static Command eval(Script script, List<String> keys, List<byte[]> args) {
    return out -> {
      start(out, 3 + keys.size() + args.size());
      append(out, "EVAL");
      append(out, script.body());
      append(out, Integer.toString(keys.size()));
      appendAll(out, keys, args);
    };
  }

  private static void appendAll(Buffer out, List<String> keys, List<byte[]> args) {
    for (int i = 0; i < keys.size(); i++) {
      append(out, keys.get(i));
    }
    for (int i = 0; i < args.size(); i++) {
      append(out, args.get(i));
    }
  }

  private static void start(Buffer out, int words) {
    out.appendByte((byte) '*').appendString(Integer.toString(words)).appendShort((short) 0x0D0A);
  }

  private static void append(Buffer out, String word) {
    append(out, word.getBytes(UTF_8));
  }

  private static void append(Buffer out, byte[] word) {
    out.appendByte((byte) '$');
    int length = word.length;
    if (length < 10) {
      out.appendByte((byte) ('0' + length));
    } else if (length < 100) {
      out.appendByte((byte) ('0' + length / 10)).appendByte((byte) ('0' + length % 10));
    } else {
      out.appendString(Integer.toString(length));
    }
    out.appendShort((short) 0x0D0A).appendBytes(word).appendShort((short) 0x0D0A);
  }
}
