package io.portcullis.gateway;

import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Strong entity tags and {@code If-None-Match} (RFC 9110, sections 8.8.3 and 13.1.2). */
final class EntityTag {
  private static final int BYTES = 16;

  private EntityTag() {}

  /** The tag of these bytes, quoted. */
  static String of(Buffer body) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(body.getBytes());
      return '"' + HexFormat.of().formatHex(digest, 0, BYTES) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether the header names the tag: weak comparison, a list, or the asterisk. */
  static boolean matches(List<String> ifNoneMatch, String tag) {
    for (String value : ifNoneMatch) {
      for (String named : value.split(",", -1)) {
        String one = named.strip();
        if (one.equals("*") || one.equals(tag) || one.equals("W/" + tag)) {
          return true;
        }
      }
    }
    return false;
  }
}
