package io.portcullis.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * A login under way as the value of a cookie: {@code <key id>.<base64url>} of nonce and
 * AES-256-GCM, under a key of its own that comes from the master key. The browser can neither read
 * nor change it, and no node needs to remember it. The number of logins under one key stays far
 * below what random nonces of 96 bits allow (NIST SP 800-38D, section 8.3).
 */
final class LoginSeal {
  private static final String PURPOSE = "portcullis login cookie";
  private static final byte[] CONTEXT = LoginFlow.COOKIE.getBytes(UTF_8);
  private static final int MAX_LENGTH = 4000;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final MasterKeys keys;
  private final Duration life;
  private final InstantSource clock;

  LoginSeal(MasterKeys keys, Duration life, InstantSource clock) {
    this.keys = keys;
    this.life = life;
    this.clock = clock;
  }

  String seal(LoginAttempt attempt) {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key(keys.current()).orElseThrow(), nonce);
      byte[] sealed = cipher.doFinal(json(attempt).toBuffer().getBytes());
      byte[] whole = Arrays.copyOf(nonce, nonce.length + sealed.length);
      System.arraycopy(sealed, 0, whole, nonce.length, sealed.length);
      return keys.current() + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform cannot encrypt with AES-GCM", e);
    }
  }

  /** Empty for whatever we did not make, or made too long ago. */
  Optional<LoginAttempt> open(String cookie) {
    int dot = cookie.indexOf('.');
    if (dot < 0 || cookie.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    try {
      byte[] whole = Base64.getUrlDecoder().decode(cookie.substring(dot + 1));
      Optional<SecretKey> key = key(cookie.substring(0, dot));
      if (key.isEmpty() || whole.length < NONCE_BYTES) {
        return Optional.empty();
      }
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, key.get(), Arrays.copyOf(whole, NONCE_BYTES));
      byte[] text = cipher.doFinal(whole, NONCE_BYTES, whole.length - NONCE_BYTES);
      return Optional.of(attempt(new JsonObject(new String(text, UTF_8)))).filter(this::current);
    } catch (GeneralSecurityException | IllegalArgumentException | DecodeException e) {
      return Optional.empty();
    }
  }

  private boolean current(LoginAttempt attempt) {
    return clock.instant().isBefore(attempt.began().plus(life));
  }

  private Optional<SecretKey> key(String id) {
    return keys.derive(id, PURPOSE, "AES");
  }

  private static Cipher cipher(int mode, SecretKey key, byte[] nonce)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(CONTEXT);
    return cipher;
  }

  private static JsonObject json(LoginAttempt attempt) {
    return new JsonObject()
        .put("s", attempt.state())
        .put("n", attempt.nonce())
        .put("v", attempt.verifier())
        .put("t", attempt.wish().tenant())
        .put("r", attempt.wish().returnTo())
        .put("l", attempt.wish().level())
        .put("o", attempt.session())
        .put("b", attempt.began().toEpochMilli());
  }

  private static LoginAttempt attempt(JsonObject json) {
    return new LoginAttempt(
        json.getString("s"),
        json.getString("n"),
        json.getString("v"),
        new LoginWish(json.getString("t"), json.getString("r"), json.getString("l")),
        json.getString("o"),
        Instant.ofEpochMilli(json.getLong("b")));
  }
}
