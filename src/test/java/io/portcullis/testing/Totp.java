package io.portcullis.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One-time codes as an authenticator app shows them: RFC 6238 with SHA-1, six digits, 30 s. Not for
 * two threads.
 */
public final class Totp {
  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final long STEP_MILLIS = 30_000;

  /** What may pass between a code's making and its check. */
  private static final long ON_THE_WAY_MILLIS = 8_000;

  private final byte[] key;
  private long lastStep = Long.MIN_VALUE;

  private Totp(byte[] key) {
    this.key = key;
  }

  /** The codes of a secret as enrolment pages show it: Base32 (RFC 4648), spaces allowed. */
  public static Totp ofBase32(String secret) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int bits = 0;
    int held = 0;
    for (char letter : secret.replaceAll("[\\s=]", "").toUpperCase(Locale.ROOT).toCharArray()) {
      int value = BASE32.indexOf(letter);
      if (value < 0) {
        throw new IllegalArgumentException("not Base32");
      }
      bits = (bits << 5) | value;
      held += 5;
      if (held >= 8) {
        held -= 8;
        bytes.write(bits >> held);
        bits &= (1 << held) - 1;
      }
    }
    return new Totp(bytes.toByteArray());
  }

  /** The codes of a secret as it is. */
  public static Totp ofText(String secret) {
    return new Totp(secret.getBytes(StandardCharsets.UTF_8));
  }

  /** The code at a moment. */
  public String code(Instant moment) {
    return code(Math.floorDiv(moment.toEpochMilli(), STEP_MILLIS));
  }

  /**
   * A code that the server has not seen yet. Servers take a code once, and those of the step before
   * and after too; so three logins in a row need not wait for the next half minute.
   */
  public String next() {
    long step = Math.max(lastStep + 1, earliest());
    Await.until(
        () -> Math.floorDiv(System.currentTimeMillis(), STEP_MILLIS) + 1 >= step,
        Duration.ofMillis(2 * STEP_MILLIS),
        () -> "the next step");
    lastStep = step;
    return code(step);
  }

  /** The oldest step whose code is still good when it arrives. */
  private static long earliest() {
    long now = System.currentTimeMillis();
    long left = STEP_MILLIS - Math.floorMod(now, STEP_MILLIS);
    long current = Math.floorDiv(now, STEP_MILLIS);
    return left > ON_THE_WAY_MILLIS ? current - 1 : current;
  }

  /** RFC 4226, section 5.3. */
  private String code(long step) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(key, "HmacSHA1"));
      byte[] hash = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
      int offset = hash[hash.length - 1] & 0xf;
      int number = ByteBuffer.wrap(hash).getInt(offset) & 0x7fffffff;
      return "%06d".formatted(number % 1_000_000);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
