package io.portcullis.identity;

import static io.portcullis.identity.Identity.EC;
import static io.portcullis.identity.Identity.ED;
import static io.portcullis.identity.Identity.NOW;
import static io.portcullis.identity.Identity.RSA;
import static io.portcullis.identity.Identity.token;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.testing.TestKey;
import io.portcullis.testing.TestToken;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One row per way in which a token can fail to hold; its reason must be the one that is true. */
class TokenRefusalTest {
  private static final long SECONDS = NOW.getEpochSecond();
  private static final TestKey STRANGER = TestKey.of("rsa-1", "RS256");
  private static final TestKey SECOND = TestKey.of("rsa-2", "RS256");
  private static final TestKey ES384 = TestKey.of("ec-384", "ES384");
  private static final Identity IDENTITY =
      new Identity(Identity.issuer(Set.of("portcullis-cli")), RSA, SECOND, EC, ED, ES384);

  static Stream<Arguments> form() {
    String good = token(RSA).signed();
    String[] part = good.split("\\.", -1);
    return Stream.of(
        row("empty", "token-malformed", ""),
        row("a word", "token-malformed", "abc"),
        row("two segments", "token-malformed", part[0] + "." + part[1]),
        row("no signature", "signature-invalid", part[0] + "." + part[1] + "."),
        row("fourth segment", "token-malformed", good + ".abcd"),
        row("empty fourth segment", "token-malformed", good + "."),
        row("leading dot", "token-malformed", "." + good),
        row("five segments, as JWE", "token-malformed", "a.b.c.d.e"),
        row("only dots", "token-malformed", ".."),
        row("padding in the signature", "token-malformed", good + "=="),
        row("padding in the header", "token-malformed", part[0] + "=." + part[1] + "." + part[2]),
        row("space", "token-malformed", good + " "),
        row("line feed inside", "token-malformed", good.substring(0, 9) + "\n" + good.substring(9)),
        row("base64, not base64url", "token-malformed", part[0] + "." + part[1] + ".ab+/"),
        row("not ASCII", "token-malformed", good.substring(0, good.length() - 1) + "é"),
        row("beyond Latin-1", "token-malformed", good + "\u4f60"),
        row("impossible length", "token-malformed", part[0] + "." + part[1] + ".abcde"),
        row("too long", "token-too-long", good + "A".repeat(8192)),
        row("trailing bits", "token-malformed", withTrailingBits(good)),
        row("flipped bit in the header", "token-malformed", "A" + good.substring(1)),
        row("flipped bit in the claims", "signature-invalid", flipped(part, 1)),
        row("flipped bit in the signature", "signature-invalid", flipped(part, 2)),
        row("header is an array", "token-malformed", token(RSA).signed("[]", "{}")),
        row("claims are a string", "token-malformed", claims("\"x\"")),
        row("claims are empty", "token-malformed", claims("")),
        row("text behind the claims", "token-malformed", claims(token(RSA).claimsText() + "{}")),
        row("duplicate claim", "token-malformed", claims("{\"iss\":\"a\",\"iss\":\"b\"}")),
        row("duplicate, escaped", "token-malformed", claims("{\"iss\":\"a\",\"\\u0069ss\":\"b\"}")),
        row("duplicate in depth", "token-malformed", claims("{\"a\":{\"b\":1,\"b\":1}}")),
        row("duplicate alg", "token-malformed", head("{\"alg\":\"none\",\"alg\":\"RS256\"}")),
        row("nested bomb", "token-malformed", claims("{\"a\":" + "[".repeat(4000))),
        row("nested header", "token-malformed", head("{\"a\":" + "{\"a\":".repeat(90) + "1")),
        row("many members", "token-malformed", claims("[" + "0,".repeat(2500) + "0]")),
        row("byte order mark", "token-malformed", claims("\uFEFF" + token(RSA).claimsText())),
        row("invalid UTF-8", "token-malformed", latin1("{\"iss\":\"é\"}")),
        row("UTF-16", "token-malformed", token(RSA).signed(utf16("{}"), utf16("{}"))),
        row("lone surrogate", "token-malformed", claims("{\"iss\":\"\\ud800\"}")));
  }

  static Stream<Arguments> header() {
    return Stream.of(
        row("alg none", "algorithm-refused", unsigned("none")),
        row("alg None", "algorithm-refused", unsigned("None")),
        row("alg none, signed", "algorithm-refused", token(RSA).header("alg", "none").signed()),
        row("HS256 by the public key's bytes", "algorithm-refused", macByPublicKey("HS256")),
        row("RS256 named, HMAC made", "signature-invalid", macByPublicKey("RS256")),
        row("alg not allowed here", "algorithm-refused", token(ES384).signed()),
        row("alg in lower case", "algorithm-refused", token(RSA).header("alg", "rs256").signed()),
        row("alg a number", "algorithm-refused", token(RSA).header("alg", 256).signed()),
        row("alg a list", "algorithm-refused", listed("alg", "RS256")),
        row("alg missing", "algorithm-refused", token(RSA).withoutHeader("alg").signed()),
        row("alg of another key type", "key-mismatch", token(RSA).header("alg", "ES256").signed()),
        row("alg of another key", "key-mismatch", token(EC).header("alg", "EdDSA").signed()),
        row("alg other than declared", "key-mismatch", token(RSA.as("rsa-1", "PS256")).signed()),
        row("crit", "header-critical", listed("crit", "exp")),
        row("crit empty", "header-critical", token(RSA).header("crit", new JsonArray()).signed()),
        row("crit null", "header-critical", nulled("crit")),
        row("b64 false", "header-critical", token(RSA).header("b64", false).signed()),
        row("b64 true", "header-critical", token(RSA).header("b64", true).signed()),
        row("zip", "header-critical", token(RSA).header("zip", "DEF").signed()),
        row("jwk", "header-key", token(STRANGER).header("jwk", STRANGER.jwk()).signed()),
        row("jku", "header-key", token(RSA).header("jku", "https://evil.example/k").signed()),
        row("x5u", "header-key", token(RSA).header("x5u", "https://evil.example/c").signed()),
        row("x5c", "header-key", listed("x5c", "MIIB")),
        row("kid a number", "token-malformed", token(RSA).header("kid", 1).signed()),
        row("kid empty", "token-malformed", token(RSA).header("kid", "").signed()),
        row("kid endless", "token-malformed", token(RSA).header("kid", "k".repeat(257)).signed()),
        row("kid missing, two fit", "key-unknown", token(RSA).withoutHeader("kid").signed()),
        row("kid of another key", "key-mismatch", token(RSA).header("kid", "ec-1").signed()),
        row("another's key, same kid", "signature-invalid", token(STRANGER).signed()),
        row("typ of logout", "not-an-access-token", typ("logout+jwt")),
        row("typ of DPoP", "not-an-access-token", typ("dpop+jwt")),
        row("typ of id token", "not-an-access-token", typ("id_token")),
        row("typ a number", "not-an-access-token", token(RSA).header("typ", 1).signed()));
  }

  static Stream<Arguments> signature() {
    return Stream.of(
        row("ES256 in DER", "signature-invalid", signedAs(EC, "SHA256withECDSA")),
        row("ES256 over-long", "signature-invalid", resized(EC, 65)),
        row("ES256 with zeros in front", "signature-invalid", leadingZeros(EC)),
        row("ES256 short", "signature-invalid", resized(EC, 63)),
        row("ES256 of zeros", "signature-invalid", token(EC).signedBy(in -> new byte[64])),
        row("ES256 of ones", "signature-invalid", token(EC).signedBy(in -> filled(64))),
        row("RS256 over-long", "signature-invalid", leadingZeros(RSA)),
        row("RS256 short", "signature-invalid", resized(RSA, 255)),
        row("RS256 above the modulus", "signature-invalid", token(RSA).signedBy(in -> filled(256))),
        row("RS256 made with SHA-1", "signature-invalid", signedAs(RSA, "SHA1withRSA")),
        row("RS256 made as PS256", "signature-invalid", signedAs(RSA, "RSASSA-PSS")),
        row("EdDSA over-long", "signature-invalid", resized(ED, 65)),
        row("EdDSA of zeros", "signature-invalid", token(ED).signedBy(in -> new byte[64])));
  }

  static Stream<Arguments> claim() {
    return Stream.of(
        row("no iss", "claim-missing", token(RSA).without("iss").signed()),
        row("iss a number", "claim-malformed", token(RSA).claim("iss", 1).signed()),
        row("iss unknown", "issuer-unknown", token(RSA).claim("iss", "https://x").signed()),
        row("iss with a slash", "issuer-unknown", issuer(Identity.ISSUER + "/")),
        row(
            "iss in another case",
            "issuer-unknown",
            issuer("HTTPS://id.example/realms/portcullis")),
        row("ID token", "not-an-access-token", token(RSA).claim("typ", "ID").signed()),
        row("refresh token", "not-an-access-token", token(RSA).claim("typ", "Refresh").signed()),
        row("offline token", "not-an-access-token", token(RSA).claim("typ", "Offline").signed()),
        row("logout token", "not-an-access-token", token(RSA).claim("typ", "Logout").signed()),
        row("DPoP token unbound", "not-an-access-token", token(RSA).claim("typ", "DPoP").signed()),
        row(
            "DPoP token bound to a certificate",
            "not-an-access-token",
            bound("x5t#S256", "abc").claim("typ", "DPoP").signed()),
        row(
            "typ in another case",
            "not-an-access-token",
            token(RSA).claim("typ", "bearer").signed()),
        row("typ a number", "not-an-access-token", token(RSA).claim("typ", 1).signed()),
        row("no typ at all", "not-an-access-token", token(RSA).without("typ").signed()),
        row("at+jwt that says ID", "not-an-access-token", atJwt().claim("typ", "ID").signed()),
        row("cnf empty", "claim-malformed", token(RSA).claim("cnf", new JsonObject()).signed()),
        row("cnf of no kind we know", "claim-malformed", bound("jwe", "a").signed()),
        row("cnf a string", "claim-malformed", token(RSA).claim("cnf", "a").signed()),
        row("no exp", "claim-missing", token(RSA).without("exp").signed()),
        row("exp a string", "claim-malformed", token(RSA).claim("exp", "9999999999").signed()),
        row("exp true", "claim-malformed", token(RSA).claim("exp", true).signed()),
        row("exp null", "claim-malformed", token(RSA).claim("exp", null).signed()),
        row("exp an object", "claim-malformed", token(RSA).claim("exp", new JsonObject()).signed()),
        row("exp negative", "claim-malformed", token(RSA).claim("exp", -1).signed()),
        row("exp of no year", "claim-malformed", token(RSA).claim("exp", Long.MAX_VALUE).signed()),
        row("exp in milliseconds", "claim-malformed", exp("1772366400000")),
        row("exp endless", "claim-malformed", exp("1e300")),
        row("exp infinite", "token-malformed", exp("1e999")),
        row("expired", "token-expired", token(RSA).claim("exp", SECONDS - 5).signed()),
        row("expired long ago", "token-expired", token(RSA).claim("exp", 0).signed()),
        row("nbf ahead", "token-not-yet-valid", token(RSA).claim("nbf", SECONDS + 6).signed()),
        row("nbf a string", "claim-malformed", token(RSA).claim("nbf", "0").signed()),
        row("iat ahead", "token-not-yet-valid", token(RSA).claim("iat", SECONDS + 6).signed()),
        row("iat a string", "claim-malformed", token(RSA).claim("iat", "0").signed()),
        row("no aud", "claim-missing", token(RSA).without("aud").signed()),
        row("aud of others", "audience-wrong", token(RSA).claim("aud", "account").signed()),
        row("aud nearly ours", "audience-wrong", token(RSA).claim("aud", "portcullis ").signed()),
        row("aud empty", "audience-wrong", token(RSA).claim("aud", new JsonArray()).signed()),
        row("aud an object", "claim-malformed", token(RSA).claim("aud", new JsonObject()).signed()),
        row("aud of mixed types", "claim-malformed", mixedAudience()),
        row("no azp", "claim-missing", token(RSA).without("azp").signed()),
        row("azp of others", "client-wrong", token(RSA).claim("azp", "admin-cli").signed()),
        row("azp a list", "claim-malformed", token(RSA).claim("azp", new JsonArray()).signed()),
        row("no sub", "claim-missing", token(RSA).without("sub").signed()),
        row("sub empty", "claim-malformed", token(RSA).claim("sub", "").signed()),
        row("sub blank", "claim-malformed", token(RSA).claim("sub", " ").signed()),
        row("sub endless", "claim-malformed", token(RSA).claim("sub", "s".repeat(256)).signed()),
        row("sub a number", "claim-malformed", token(RSA).claim("sub", 7).signed()),
        row("jti a number", "claim-malformed", token(RSA).claim("jti", 7).signed()),
        row("scope a list", "claim-malformed", token(RSA).claim("scope", new JsonArray()).signed()),
        row("realm_access a list", "claim-malformed", realmAccess(new JsonArray())),
        row("roles a string", "claim-malformed", realmAccess(roles("operator"))),
        row("roles of numbers", "claim-malformed", realmAccess(roles(new JsonArray().add(1)))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"form", "header", "signature", "claim"})
  void verify_tokenThatDoesNotHold_refusedWithItsReason(String what, String reason, String token) {
    assertEquals(reason, IDENTITY.refusal(token), what);
    assertEquals(reason, IDENTITY.refusal(token), what + ", the second time");
  }

  @Test
  void authenticate_boundToken_isNoBearerToken() {
    assertEquals("token-bound", IDENTITY.bearerRefusal(bound("jkt", "abc").signed()));
    assertEquals("certificate-missing", IDENTITY.bearerRefusal(bound("x5t#S256", "abc").signed()));
  }

  private static TestToken bound(String member, String thumbprint) {
    return token(RSA).claim("cnf", new JsonObject().put(member, thumbprint));
  }

  private static Arguments row(String what, String reason, String token) {
    return Arguments.of(what, reason, token);
  }

  private static String claims(String text) {
    return token(RSA).signed(token(RSA).headerText(), text);
  }

  private static String head(String text) {
    return token(RSA).signed(text, token(RSA).claimsText());
  }

  private static String latin1(String text) {
    return token(RSA).signed(token(RSA).headerText().getBytes(UTF_8), text.getBytes(ISO_8859_1));
  }

  private static byte[] utf16(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_16BE);
  }

  /** 256 bytes leave four unused bits in the last character. */
  private static String withTrailingBits(String token) {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int last = alphabet.indexOf(token.charAt(token.length() - 1));
    return token.substring(0, token.length() - 1) + alphabet.charAt(last | 1);
  }

  private static String flipped(String[] part, int index) {
    String[] copy = part.clone();
    byte[] bytes = java.util.Base64.getUrlDecoder().decode(part[index]);
    int at = new String(bytes, ISO_8859_1).indexOf("alice");
    bytes[Math.max(0, at)] ^= 1;
    copy[index] = TestKey.base64(bytes);
    return String.join(".", copy);
  }

  private static String unsigned(String algorithm) {
    return token(RSA).header("alg", algorithm).signedBy(input -> new byte[0]);
  }

  private static String macByPublicKey(String algorithm) {
    return token(RSA)
        .header("alg", algorithm)
        .signedBy(
            input -> {
              try {
                Mac mac = Mac.getInstance("HmacSHA256");
                byte[] secret = RSA.pair().getPublic().getEncoded();
                mac.init(new SecretKeySpec(secret, "HmacSHA256"));
                return mac.doFinal(input);
              } catch (java.security.GeneralSecurityException e) {
                throw new AssertionError(e);
              }
            });
  }

  private static String listed(String name, String value) {
    return token(RSA).header(name, new JsonArray().add(value)).signed();
  }

  private static String nulled(String name) {
    return head(token(RSA).headerText().replaceFirst("\\{", "{\"" + name + "\":null,"));
  }

  private static String typ(String value) {
    return token(RSA).header("typ", value).signed();
  }

  private static TestToken atJwt() {
    return token(RSA).header("typ", "at+jwt");
  }

  private static String signedAs(TestKey key, String javaAlgorithm) {
    return token(key).signedBy(input -> key.sign(input, javaAlgorithm));
  }

  private static String resized(TestKey key, int length) {
    return token(key).signedBy(input -> Arrays.copyOf(key.sign(input), length));
  }

  private static String leadingZeros(TestKey key) {
    return token(key)
        .signedBy(
            input -> {
              byte[] signature = key.sign(input);
              byte[] longer = new byte[signature.length + 2];
              System.arraycopy(signature, 0, longer, 2, signature.length);
              return longer;
            });
  }

  private static byte[] filled(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 0xff);
    return bytes;
  }

  private static String issuer(String issuer) {
    return token(RSA).claim("iss", issuer).signed();
  }

  private static String exp(String literal) {
    return claims(token(RSA).claimsText().replaceFirst("\"exp\":\\d+", "\"exp\":" + literal));
  }

  private static String mixedAudience() {
    return token(RSA).claim("aud", new JsonArray(List.of("portcullis", 1))).signed();
  }

  private static String realmAccess(Object value) {
    return token(RSA).claim("realm_access", value).signed();
  }

  private static JsonObject roles(Object value) {
    return new JsonObject().put("roles", value);
  }
}
