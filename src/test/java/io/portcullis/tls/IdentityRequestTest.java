package io.portcullis.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be asked for, and when it is due again. */
class IdentityRequestTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Gateway",
        "1gateway",
        "-gateway",
        "gate way",
        "gateway\n",
        "../root",
        "..",
        ".",
        "a/b",
        "a\\b",
        "gateway,O=Evil",
        "gätéway",
        "a123456789012345678901234567890123",
        "g\u0000"
      })
  void role_thatIsNone_isRefusedInOneLine(String role) {
    var refused = assertThrows(CaException.class, () -> IdentityRequest.of(role));
    assertFalse(refused.getMessage().contains("\n"), refused.getMessage());
    var directory = CaDirectory.of(Path.of("certs"));
    assertThrows(CaException.class, () -> directory.identity(role));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "UPPER.example.org",
        "*.example.org",
        "-a.example.org",
        "a-.example.org",
        "a..b",
        "example.org.",
        "under_score.org",
        "example.org\n",
        "example.org,URI:spiffe://portcullis/production/nginx",
        "spiffe://portcullis/production/nginx",
        "exa mple.org",
        "127.0.0.1",
        "nginx.portcullis.internal",
        "x.gateway.portcullis.internal",
        "ex\u0000ample.org",
        "a123456789012345678901234567890123456789012345678901234567890123.org"
      })
  void dns_thatIsNoneOrAnothers_isRefused(String name) {
    assertThrows(CaException.class, () -> IdentityRequest.of("gateway").withDns(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "localhost", "1.2.3", "127.1", "256.0.0.1", "10.0.0.0/8", "fe80::1%eth0"})
  void ip_thatIsNone_isRefused(String ip) {
    assertThrows(CaException.class, () -> IdentityRequest.of("gateway").withIp(ip));
  }

  @Test
  void life_outOfBounds_isRefused() {
    var request = IdentityRequest.of("gateway");
    for (Duration wrong :
        List.of(
            Duration.ZERO,
            Duration.ofMinutes(-1),
            Duration.ofSeconds(59),
            Duration.ofDays(90).plusSeconds(1))) {
      assertThrows(CaException.class, () -> request.withLife(wrong));
    }
    assertEquals(Duration.ofDays(90), request.withLife(Duration.ofDays(90)).life());
    assertEquals(Duration.ofMinutes(1), request.withLife(Duration.ofMinutes(1)).life());
  }

  @Test
  void names_givenTwice_areThereOnce() {
    var request =
        IdentityRequest.of("edge")
            .withDns("localhost", "localhost", "edge.portcullis.internal")
            .withIp("::1", "0:0:0:0:0:0:0:1");
    assertEquals(List.of("edge.portcullis.internal", "localhost"), request.names());
    assertEquals(1, request.ips().size());
  }

  @Test
  void names_tooMany_areRefused() {
    var many = java.util.stream.IntStream.range(0, 60).mapToObj(i -> "n" + i).toList();
    assertThrows(
        CaException.class, () -> new IdentityRequest("edge", many, List.of(), Duration.ofHours(1)));
  }

  @Test
  void due_ofEveryDraw_isHalfLifeWithinATenth() {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    Duration life = Duration.ofHours(20);
    assertEquals(now.plus(Duration.ofHours(9)), Terms.due(now, life, 0));
    assertEquals(now.plus(Duration.ofHours(10)), Terms.due(now, life, 0.5));
    assertTrue(Terms.due(now, life, 0.999999).isBefore(now.plus(Duration.ofHours(11))));
    assertTrue(Terms.due(now, life, 0.999999).isAfter(now.plus(Duration.ofMinutes(659))));
  }

  @Test
  void settings_thatAreWrong_areRefused() {
    Path folder = Path.of("certs");
    for (String environment : List.of("", "Production", "a/b", "-a", "a\n", "a,b")) {
      assertThrows(CaException.class, () -> CaSettings.of(folder, environment));
    }
    var settings = CaSettings.of(folder, "staging");
    for (String url : List.of("file:///etc/passwd", "http:nohost", "http://u:p@host/")) {
      assertThrows(CaException.class, () -> settings.withCrlUrl(URI.create(url)));
      assertThrows(CaException.class, () -> settings.withOcspUrl(URI.create(url)));
    }
    assertThrows(CaException.class, () -> settings.withSettle(Duration.ofHours(2)));
  }

  @Test
  void passphrases_shortOrEqual_areRefusedAndNeverShown() {
    char[] good = "a passphrase that is long".toCharArray();
    char[] other = "another that is long, too".toCharArray();
    char[] shortOne = "14 characters.".toCharArray();
    assertThrows(CaException.class, () -> new Passphrases(shortOne, good));
    assertThrows(CaException.class, () -> new Passphrases(good, shortOne));
    assertThrows(CaException.class, () -> new Passphrases(good, good));
    char[] accents = "une phrase très secrète".toCharArray();
    assertThrows(CaException.class, () -> new Passphrases(accents, good));
    try (var both = new Passphrases(good, other)) {
      assertEquals("******", both.toString());
    }
    assertEquals("a passphrase that is long", String.valueOf(good), "the caller's is untouched");
  }
}
