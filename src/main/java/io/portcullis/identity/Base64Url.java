package io.portcullis.identity;

import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * Base64url as JOSE has it (RFC 7515, section 2) in its one canonical form: no padding, no
 * whitespace, and no bits set behind the last byte (RFC 4648, section 3.5). Two texts therefore
 * never mean the same bytes, which the JDK's decoder would allow.
 */
final class Base64Url {
  private static final byte INVALID = -1;
  private static final byte[] VALUES = new byte[128];

  static {
    Arrays.fill(VALUES, INVALID);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (int i = 0; i < alphabet.length(); i++) {
      VALUES[alphabet.charAt(i)] = (byte) i;
    }
  }

  private Base64Url() {}

  /** The bytes, or empty when the text is not canonical. */
  static Optional<byte[]> decode(String text) {
    return isCanonical(text) ? Optional.of(Base64.getUrlDecoder().decode(text)) : Optional.empty();
  }

  private static boolean isCanonical(String text) {
    int last = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      last = c < VALUES.length ? VALUES[c] : INVALID;
      if (last == INVALID) {
        return false;
      }
    }
    return switch (text.length() % 4) {
      case 1 -> false;
      case 2 -> (last & 0b1111) == 0;
      case 3 -> (last & 0b11) == 0;
      default -> true;
    };
  }
}
