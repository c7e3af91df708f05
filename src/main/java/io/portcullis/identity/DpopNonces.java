package io.portcullis.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Nonces of the server (RFC 9449, section 8) that nobody has to keep: HMAC-SHA-256 of the time
 * slot, cut to 128 bits. A slot is half a lifetime. Those of the current and of the previous slot
 * are taken, so each is good for at least half a lifetime and at most a whole one; that of the next
 * slot too, because a node whose clock is ahead may have given it. Safe on any thread.
 */
final class DpopNonces {
  private static final String LABEL = "portcullis dpop nonce";
  private static final int BYTES = 16;
  private static final int RANDOM_KEY_BYTES = 32;

  private final SecretKeySpec key;
  private final long slotMillis;
  private final InstantSource clock;
  private volatile Slot latest;

  /** What is taken in a time slot. */
  private record Slot(long number, String previous, String current, String next) {}

  /**
   * Nonces of the nodes that share the key.
   *
   * @param secret the key; when empty, one is made up
   */
  DpopNonces(String secret, Duration lifetime, InstantSource clock) {
    this.key =
        new SecretKeySpec(secret.isEmpty() ? random() : secret.getBytes(UTF_8), "HmacSHA256");
    this.slotMillis = Math.max(1, lifetime.toMillis() / 2);
    this.clock = clock;
    this.latest = slot(number());
  }

  private static byte[] random() {
    byte[] bytes = new byte[RANDOM_KEY_BYTES];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  /** The nonce to give out now. */
  String current() {
    return now().current;
  }

  /** Whether it was given out within the last lifetime. */
  boolean accepts(String nonce) {
    Slot slot = now();
    byte[] given = nonce.getBytes(UTF_8);
    // All three in any case: how long it takes tells nothing.
    boolean current = equal(given, slot.current);
    boolean previous = equal(given, slot.previous);
    boolean next = equal(given, slot.next);
    return current || previous || next;
  }

  private static boolean equal(byte[] given, String expected) {
    return MessageDigest.isEqual(given, expected.getBytes(UTF_8));
  }

  private Slot now() {
    long number = number();
    Slot slot = latest;
    if (slot.number != number) {
      slot = slot(number);
      latest = slot;
    }
    return slot;
  }

  private long number() {
    return Math.floorDiv(clock.millis(), slotMillis);
  }

  private Slot slot(long number) {
    return new Slot(number, nonce(number - 1), nonce(number), nonce(number + 1));
  }

  private String nonce(long number) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      mac.update(LABEL.getBytes(UTF_8));
      byte[] hash = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
    }
  }
}
