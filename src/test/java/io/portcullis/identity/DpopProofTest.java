package io.portcullis.identity;

import static io.portcullis.identity.Holding.KEY;
import static io.portcullis.identity.Holding.bound;
import static io.portcullis.identity.Holding.tokenOf;
import static io.portcullis.identity.Identity.NOW;
import static io.portcullis.identity.Identity.RSA;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.testing.DpopKey;
import io.portcullis.testing.DpopKey.Proof;
import io.portcullis.testing.TestKey;
import io.portcullis.testing.TestToken;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way a proof can fail to be one, each next to one that holds. */
class DpopProofTest {
  private static final Holding NODE = new Holding();
  private static final DpopKey THIEF = DpopKey.of("ES256");
  private static final String TOKEN = tokenOf(KEY);
  private static final long SECONDS = NOW.getEpochSecond();

  static Stream<Arguments> form() {
    return Stream.of(
        row("two segments", "dpop-malformed", text -> text.substring(0, text.lastIndexOf('.'))),
        row("four segments", "dpop-malformed", text -> text + "."),
        row("empty", "dpop-malformed", text -> ""),
        row("a space", "dpop-malformed", text -> text + " "),
        row("padded", "dpop-malformed", text -> text + "="),
        row("two in one header", "dpop-malformed", text -> text + "," + text),
        row("endless", "dpop-malformed", text -> text + "A".repeat(8 * 1024)),
        row("signature cut", "dpop-signature", text -> text.substring(0, text.length() - 2)),
        row("signature of none", "dpop-signature", text -> text.replaceAll("[^.]+$", "")),
        row("signature of zeros", "dpop-signature", DpopProofTest::zeros));
  }

  private static String zeros(String proof) {
    return proof.replaceAll("[^.]+$", TestKey.base64(new byte[64]));
  }

  static Stream<Arguments> header() {
    return Stream.of(
        changed("no typ", "dpop-malformed", proof -> proof.withoutHeader("typ")),
        changed("typ of an access token", "dpop-malformed", proof -> proof.header("typ", "JWT")),
        changed("typ in capitals", "dpop-malformed", proof -> proof.header("typ", "DPoP+JWT")),
        changed("typ a list", "dpop-malformed", proof -> proof.header("typ", new JsonArray())),
        changed("crit", "dpop-malformed", proof -> proof.header("crit", new JsonArray())),
        changed("b64", "dpop-malformed", proof -> proof.header("b64", false)),
        changed("zip", "dpop-malformed", proof -> proof.header("zip", "DEF")),
        changed("jku", "dpop-malformed", proof -> proof.header("jku", "https://evil.example")),
        changed("x5u", "dpop-malformed", proof -> proof.header("x5u", "https://evil.example")),
        changed("x5c", "dpop-malformed", proof -> proof.header("x5c", new JsonArray())),
        changed("no alg", "dpop-algorithm", proof -> proof.withoutHeader("alg")),
        changed("alg none", "dpop-algorithm", proof -> proof.header("alg", "none")),
        changed("alg HS256", "dpop-algorithm", proof -> proof.header("alg", "HS256")),
        changed("alg in small letters", "dpop-algorithm", proof -> proof.header("alg", "es256")),
        changed("alg not allowed", "dpop-algorithm", proof -> proof.header("alg", "ES512")),
        changed("alg a number", "dpop-algorithm", proof -> proof.header("alg", 1)),
        changed("alg of another type", "dpop-key", proof -> proof.header("alg", "RS256")),
        changed("no jwk", "dpop-key", proof -> proof.withoutHeader("jwk")),
        changed("jwk a text", "dpop-key", proof -> proof.header("jwk", "x")),
        changed("jwk empty", "dpop-key", proof -> proof.header("jwk", new JsonObject())),
        changed("jwk private", "dpop-key", proof -> proof.jwk("d", "AAAA")),
        changed("jwk with a secret", "dpop-key", proof -> proof.jwk("k", "AAAA")),
        changed("jwk symmetric", "dpop-key", proof -> proof.header("jwk", symmetric())),
        changed("jwk with a certificate", "dpop-key", proof -> proof.jwk("x5c", new JsonArray())),
        changed("jwk with anything else", "dpop-key", proof -> proof.jwk("extra", "x")),
        changed("jwk of another alg", "dpop-key", proof -> proof.jwk("alg", "ES384")),
        changed("x with an escape", "dpop-key", proof -> proof.jwk("x", "a\"b")),
        changed("x another", "dpop-key-other", proof -> proof.jwk("x", "AAAA")),
        changed("key of another", "dpop-key-other", proof -> proof.header("jwk", THIEF.jwk())));
  }

  static Stream<Arguments> claims() {
    return Stream.of(
        changed("no jti", "dpop-claim", proof -> proof.without("jti")),
        changed("jti empty", "dpop-claim", proof -> proof.claim("jti", "")),
        changed("jti a number", "dpop-claim", proof -> proof.claim("jti", 1)),
        changed("jti endless", "dpop-claim", proof -> proof.claim("jti", "j".repeat(256))),
        changed("no htm", "dpop-claim", proof -> proof.without("htm")),
        changed("another method", "dpop-method", proof -> proof.claim("htm", "POST")),
        changed("method in small letters", "dpop-method", proof -> proof.claim("htm", "get")),
        changed("no htu", "dpop-claim", proof -> proof.without("htu")),
        changed("no ath", "dpop-claim", proof -> proof.without("ath")),
        changed("ath of another", "dpop-token", proof -> proof.claim("ath", DpopKey.hash("x"))),
        changed("ath the token", "dpop-claim", proof -> proof.claim("ath", TOKEN)),
        changed("no iat", "dpop-claim", proof -> proof.without("iat")),
        changed("iat a text", "dpop-claim", proof -> proof.claim("iat", "" + SECONDS)),
        changed("iat negative", "dpop-claim", proof -> proof.claim("iat", -1)),
        changed("iat endless", "dpop-claim", proof -> proof.claim("iat", 1e300)),
        changed("iat too old", "dpop-time", proof -> proof.claim("iat", SECONDS - 31)),
        changed("iat ahead", "dpop-time", proof -> proof.claim("iat", SECONDS + 31)),
        changed("iat in milliseconds", "dpop-time", proof -> proof.claim("iat", SECONDS * 10)),
        changed("no nonce", "dpop-nonce-missing", proof -> proof.without("nonce")),
        changed("nonce empty", "dpop-claim", proof -> proof.nonce("")),
        changed("nonce made up", "dpop-nonce-stale", proof -> proof.nonce("made-up")),
        changed("nonce a number", "dpop-claim", proof -> proof.claim("nonce", 7)));
  }

  static Stream<Arguments> targets() {
    return Stream.of(
            "https://api.example.com/api/v1/ME",
            "https://api.example.com/api/v1/me/",
            "https://api.example.com/api/v1//me",
            "https://api.example.com/api/v1/me;x",
            "https://api.example.com/api/v1%2Fme",
            "https://api.example.com/api/v1/me%3Fx",
            "https://api.example.com/api/v1/../me",
            "https://api.example.com/",
            "https://api.example.com:8443/api/v1/me",
            "https://api.example.com:080/api/v1/me",
            "http://api.example.com/api/v1/me",
            "http://api.example.com:443/api/v1/me",
            "https://api.example.com./api/v1/me",
            "https://api.example.com.evil.test/api/v1/me",
            "https://user@api.example.com/api/v1/me",
            "https://api.example.com@evil.test/api/v1/me",
            "https://evil.test/https://api.example.com/api/v1/me",
            "https://evil.test?https://api.example.com/api/v1/me",
            "https://api.example.com\\@evil.test/api/v1/me",
            "https://api.example.com/api/v1/me%",
            "https://api.example.com/api/v1/m%C3%A9",
            "https://api.example.com/api/v1/mé",
            "https:api.example.com/api/v1/me",
            "//api.example.com/api/v1/me",
            "/api/v1/me",
            "me")
        .map(target -> changed(target, "dpop-target", proof -> proof.claim("htu", target)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"form", "header", "claims", "targets"})
  void authenticate_proofThatDoesNotHold_refusedWithItsReason(
      String what, String reason, String proof) {
    assertEquals(reason, NODE.reason(TOKEN, proof), what);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.example.com/api/v1/me",
        "HTTPS://API.Example.com:443/api/v1/me",
        "https://api.example.com:/api/v1/me",
        "https://api.example.com/api/./v1/x/../me",
        "https://api.example.com/api/v1/%6d%65",
        "https://api.example.com/api/v1/me?x=1",
        "https://api.example.com/api/v1/me#x"
      })
  void authenticate_anotherSpellingOfTheAddress_accepted(String target) {
    Proof proof = NODE.proof(TOKEN).claim("htu", target);
    assertEquals("alice", NODE.caller(TOKEN, Sender.proving(proof.signed())).username());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ES256", "RS256", "PS256", "EdDSA"})
  void authenticate_everyAllowedAlgorithm_accepted(String algorithm) {
    DpopKey key = DpopKey.of(algorithm);
    String token = tokenOf(key);
    for (int i = 0; i < 2; i++) { // the second time by the key that is remembered
      String proof =
          key.proof("GET", Sender.TARGET, token, NOW)
              .nonce(NODE.dpop.nonce())
              .jwk("kid", "mine")
              .jwk("use", "sig")
              .jwk("alg", algorithm)
              .jwk("ext", true)
              .jwk("key_ops", new JsonArray().add("verify"))
              .signed();
      assertEquals("alice", NODE.caller(token, Sender.proving(proof)).username());
    }
  }

  @Test
  void authenticate_keyForEncryption_refused() {
    DpopKey key = DpopKey.of("ES256");
    String token = tokenOf(key);
    Proof proof = key.proof("GET", Sender.TARGET, token, NOW).nonce(NODE.dpop.nonce());
    assertEquals("dpop-key", NODE.reason(token, proof.jwk("use", "enc").signed()));
  }

  @Test
  void authenticate_stolenTokenAndProofs_refusedWithoutTheKey() {
    assertEquals("dpop-missing", NODE.reason("DPoP " + TOKEN, Sender.proving()));
    assertEquals("token-bound", NODE.reason("Bearer " + TOKEN, Sender.proving()));
    String honest = NODE.proof(TOKEN).signed();
    assertEquals("token-bound", NODE.reason("Bearer " + TOKEN, Sender.proving(honest)));
    assertEquals("dpop-repeated", NODE.reason("DPoP " + TOKEN, Sender.proving(honest, honest)));
    String own = THIEF.proof("GET", Sender.TARGET, TOKEN, NOW).nonce(NODE.dpop.nonce()).signed();
    assertEquals("dpop-key-other", NODE.reason(TOKEN, own));
    // The owner's public key in front of the thief's signature.
    Proof mixed = NODE.proof(TOKEN);
    String forged = TestToken.seal(mixed.input(), THIEF.key()::sign);
    assertEquals("dpop-signature", NODE.reason(TOKEN, forged));
    // The public key as the secret of a MAC.
    String mac = TestToken.seal(NODE.proof(TOKEN).header("alg", "HS256").input(), this::mac);
    assertEquals("dpop-algorithm", NODE.reason(TOKEN, mac));
    // A proof for another token of the same owner.
    String other = bound("jkt", KEY.thumbprint()).claim("jti", "other").signed();
    assertEquals("dpop-token", NODE.reason(TOKEN, NODE.proof(other).signed()));
    assertEquals("alice", NODE.caller(TOKEN, Sender.proving(honest)).username());
  }

  private byte[] mac(byte[] input) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(KEY.key().pair().getPublic().getEncoded(), "HmacSHA256"));
      return mac.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void authenticate_proofOfAnotherRequest_refused() {
    String proof = NODE.proof(TOKEN).signed();
    Sender posting = new Sender(List.of(proof), "POST", Sender.TARGET, Optional.empty());
    assertEquals("dpop-method", NODE.reason("DPoP " + TOKEN, posting));
    Sender elsewhere =
        new Sender(List.of(proof), "GET", "https://api.example.com/x", Optional.empty());
    assertEquals("dpop-target", NODE.reason("DPoP " + TOKEN, elsewhere));
  }

  @Test
  void authenticate_ellipticSignatureInItsOtherForm_isTheSameProof() {
    String proof = NODE.proof(TOKEN).claim("jti", UUID.randomUUID().toString()).signed();
    assertEquals("alice", NODE.caller(TOKEN, Sender.proving(proof)).username());
    assertEquals("dpop-replayed", NODE.reason(TOKEN, proof));
    assertEquals("dpop-replayed", NODE.reason(TOKEN, Malleable.otherForm(proof)));
  }

  private static JsonObject symmetric() {
    return new JsonObject().put("kty", "oct").put("k", "AAAA");
  }

  private static Arguments row(String what, String reason, UnaryOperator<String> change) {
    return Arguments.of(what, reason, change.apply(NODE.proof(TOKEN).signed()));
  }

  private static Arguments changed(String what, String reason, UnaryOperator<Proof> change) {
    return Arguments.of(what, reason, change.apply(NODE.proof(TOKEN)).signed());
  }

  @Test
  void authenticate_unboundTokenWithProof_refused() {
    String plain = Identity.token(RSA).signed();
    assertEquals("token-unbound", NODE.reason(plain, NODE.proof(plain).signed()));
    String certified = bound("x5t#S256", "abc").signed();
    assertEquals("token-unbound", NODE.reason(certified, NODE.proof(certified).signed()));
  }
}
