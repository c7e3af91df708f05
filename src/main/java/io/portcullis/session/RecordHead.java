package io.portcullis.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a record begins, in clear, for the scripts to compare: format, kind, generation, then tenant
 * tag and target, each with a dot behind it. All of it is authenticated with the body.
 *
 * @param kind a session, or the alias that a handle leaves behind
 * @param generation of the session in it
 * @param tenantTag a keyed hash of the tenant
 * @param target of an alias: the name of the record it leads to; otherwise empty
 */
record RecordHead(Kind kind, long generation, String tenantTag, String target) {
  private static final String FORMAT = "1";
  private static final int LONGEST = 128;
  private static final Pattern SHAPE =
      Pattern.compile("1([SA])([0-9a-f]{16})\\.([A-Za-z0-9_-]{22})\\.([A-Za-z0-9_-]{43}|)\\.");

  /** What a record is. */
  enum Kind {
    SESSION("S"),
    ALIAS("A");

    private final String letter;

    Kind(String letter) {
      this.letter = letter;
    }
  }

  /** How the record of a session of this generation begins, and no other. */
  static String sessionOf(long generation) {
    return FORMAT + Kind.SESSION.letter + HexFormat.of().toHexDigits(generation);
  }

  /** The head of a stored record; empty when it is not one of ours. */
  static Optional<RecordHead> read(byte[] record) {
    String start = new String(record, 0, Math.min(record.length, LONGEST), US_ASCII);
    Matcher matcher = SHAPE.matcher(start);
    if (!matcher.lookingAt()) {
      return Optional.empty();
    }
    Kind kind = matcher.group(1).equals("S") ? Kind.SESSION : Kind.ALIAS;
    long generation = HexFormat.fromHexDigitsToLong(matcher.group(2));
    return Optional.of(new RecordHead(kind, generation, matcher.group(3), matcher.group(4)));
  }

  String text() {
    String digits = HexFormat.of().toHexDigits(generation);
    return FORMAT + kind.letter + digits + "." + tenantTag + "." + target + ".";
  }
}
