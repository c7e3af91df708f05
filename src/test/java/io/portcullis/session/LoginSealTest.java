package io.portcullis.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.config.Secret;
import io.portcullis.config.SessionConfig;
import io.portcullis.config.SessionConfig.MasterKey;
import io.portcullis.testing.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a browser keeps of a login under way is ours alone to read, and not for long. */
class LoginSealTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final MasterKey FIRST = key("k1", 1);
  private static final MasterKey SECOND = key("k2", 2);
  private static final LoginWish WISH = new LoginWish("acme", "/app?x=1", "2");

  private final TestClock clock = new TestClock(NOW);

  @Test
  void open_whatWasSealed_isTheSame() {
    LoginAttempt attempt = LoginAttempt.begin(WISH, "k1.session", NOW);
    String cookie = seal(FIRST).seal(attempt);
    assertEquals(Optional.of(attempt), seal(FIRST).open(cookie));
    assertTrue(cookie.matches("k1\\.[A-Za-z0-9_-]{100,3000}"), cookie);
    for (String secret : List.of(attempt.state(), attempt.nonce(), attempt.verifier())) {
      assertFalse(cookie.contains(secret));
      assertEquals(43, secret.length());
    }
  }

  @Test
  void seal_ofTheSame_neverLooksTheSame() {
    LoginAttempt attempt = LoginAttempt.begin(WISH, "", NOW);
    assertNotEquals(seal(FIRST).seal(attempt), seal(FIRST).seal(attempt));
    LoginAttempt other = LoginAttempt.begin(WISH, "", NOW);
    assertNotEquals(attempt.state(), other.state());
    assertNotEquals(attempt.nonce(), other.nonce());
    assertNotEquals(attempt.verifier(), other.verifier());
  }

  @Test
  void open_changedOrForeign_isEmpty() {
    String cookie = seal(FIRST).seal(LoginAttempt.begin(WISH, "", NOW));
    int last = cookie.length() - 2;
    String flipped =
        cookie.substring(0, last)
            + (cookie.charAt(last) == 'A' ? 'B' : 'A')
            + cookie.charAt(last + 1);
    for (String bad :
        List.of(
            "",
            "k1",
            "k1.",
            ".",
            flipped,
            cookie.substring(0, cookie.length() - 4),
            "k2." + cookie.substring(3),
            "K1." + cookie.substring(3),
            cookie + "!",
            "k1.AAAA",
            "k1." + "A".repeat(5000))) {
      assertEquals(Optional.empty(), seal(FIRST, SECOND).open(bad), bad);
    }
    assertEquals(Optional.empty(), seal(key("k1", 9)).open(cookie));
  }

  @Test
  void open_underAnOlderKey_stillWorks() {
    LoginAttempt attempt = LoginAttempt.begin(WISH, "", NOW);
    String cookie = seal(FIRST).seal(attempt);
    assertEquals(Optional.of(attempt), seal(SECOND, FIRST).open(cookie));
    assertTrue(seal(SECOND, FIRST).seal(attempt).startsWith("k2."));
  }

  @Test
  void open_tooLate_isEmpty() {
    String cookie = seal(FIRST).seal(LoginAttempt.begin(WISH, "", NOW));
    clock.advance(Duration.ofMinutes(10).minusMillis(1));
    assertTrue(seal(FIRST).open(cookie).isPresent());
    clock.advance(Duration.ofMillis(1));
    assertEquals(Optional.empty(), seal(FIRST).open(cookie));
  }

  @Test
  void toString_ofAnAttempt_hasNoSecret() {
    LoginAttempt attempt = LoginAttempt.begin(WISH, "k1.session", NOW);
    Stream.of(attempt.state(), attempt.nonce(), attempt.verifier(), "k1.session")
        .forEach(secret -> assertFalse(attempt.toString().contains(secret)));
  }

  private LoginSeal seal(MasterKey... keys) {
    SessionConfig config =
        new SessionConfig(
            List.of(keys),
            Duration.ofMinutes(30),
            Duration.ofHours(12),
            Duration.ofHours(4),
            Duration.ofSeconds(30),
            Duration.ofSeconds(2),
            10,
            10,
            Duration.ofSeconds(10),
            10);
    return new LoginSeal(new MasterKeys(config), Duration.ofMinutes(10), clock);
  }

  private static MasterKey key(String id, int fill) {
    byte[] bytes = new byte[32];
    java.util.Arrays.fill(bytes, (byte) fill);
    return new MasterKey(id, new Secret(Base64.getEncoder().encodeToString(bytes)));
  }
}
