package io.portcullis.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * A part of a key that comes from outside. Plain names are kept, so that an operator can read them;
 * everything else becomes {@code ~} and the first 16 bytes of its SHA-256. No plain name starts
 * with {@code ~}, so the two never meet, and no name can break out of its place in the key or of
 * the hash tag.
 */
public final class KeySegment {
  private static final int MAX_LENGTH = 64;

  private KeySegment() {}

  /** The segment for this name: at most 64 characters of {@code [A-Za-z0-9._@-]} or a hash. */
  public static String of(String name) {
    int length = name.length();
    if (length == 0 || length > MAX_LENGTH) {
      return hash(name);
    }
    for (int i = 0; i < length; i++) {
      if (!plain(name.charAt(i))) {
        return hash(name);
      }
    }
    return name;
  }

  private static boolean plain(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || (c >= 'A' && c <= 'Z')
        || c == '-'
        || c == '.'
        || c == '_'
        || c == '@';
  }

  private static String hash(String name) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(UTF_8));
      return "~"
          + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, 16));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
