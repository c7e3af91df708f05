package io.portcullis.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a browser holds: 256 random bits and the id of the master key that was current when they
 * were drawn. Redis knows only {@link #name()}, their SHA-256. Immutable.
 */
final class Handle {
  private static final int BYTES = 32;
  private static final Pattern COOKIE = Pattern.compile("[a-z][a-z0-9]{0,7}\\.[A-Za-z0-9_-]{43}");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

  private final String keyId;
  private final byte[] secret;
  private final String name;

  private Handle(String keyId, byte[] secret) {
    this.keyId = keyId;
    this.secret = secret;
    this.name = TEXT.encodeToString(sha256(secret));
  }

  static Handle random(String keyId) {
    byte[] secret = new byte[BYTES];
    RANDOM.nextBytes(secret);
    return new Handle(keyId, secret);
  }

  /** A cookie's handle; empty when it is none of ours. One handle has exactly one spelling. */
  static Optional<Handle> parse(String cookie) {
    if (!COOKIE.matcher(cookie).matches()) {
      return Optional.empty();
    }
    int dot = cookie.indexOf('.');
    byte[] secret = Base64.getUrlDecoder().decode(cookie.substring(dot + 1));
    Handle handle = new Handle(cookie.substring(0, dot), secret);
    return handle.cookie().equals(cookie) ? Optional.of(handle) : Optional.empty();
  }

  /** The value of the cookie. Whoever has it has the session. */
  String cookie() {
    return keyId + "." + TEXT.encodeToString(secret);
  }

  String keyId() {
    return keyId;
  }

  /** The same bits with another key's id: another cookie, and the same name. */
  Handle under(String otherKeyId) {
    return new Handle(otherKeyId, secret);
  }

  /** Not copied. */
  byte[] secret() {
    return secret;
  }

  /** What Redis calls it; tells nothing of the secret. */
  String name() {
    return name;
  }

  /** The key of the record with that name. */
  static String recordKey(String name) {
    return "pc:s:{" + name + "}";
  }

  /** The key of its lock, in the same slot. */
  static String lockKey(String name) {
    return "pc:sl:{" + name + "}";
  }

  /** Some random text, as long as asked for in bytes. */
  static String randomText(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return TEXT.encodeToString(random);
  }

  static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "Handle[" + name + "]";
  }
}
