package io.portcullis.realm;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * An authenticator app (RFC 6238: SHA-1, six digits, thirty seconds). Keycloak takes each code once
 * and accepts the neighbouring ones, so this one counts on for each code that it is asked for.
 */
final class Totp {
  private static final int SECONDS = 30;

  String secret = "";
  private long last;

  /** The next code that was not given yet. */
  String code() {
    long now = System.currentTimeMillis() / 1000 / SECONDS;
    last = Math.max(last + 1, now - 1);
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      byte[] hash = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(last).array());
      int offset = hash[hash.length - 1] & 0xf;
      int number = ByteBuffer.wrap(hash).getInt(offset) & Integer.MAX_VALUE;
      return "%06d".formatted(number % 1_000_000);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
