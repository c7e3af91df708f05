package io.portcullis.identity;

import static io.portcullis.identity.Identity.EC;
import static io.portcullis.identity.Identity.ED;
import static io.portcullis.identity.Identity.RSA;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.portcullis.testing.TestKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.InvalidKeyException;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JwksReaderTest {
  static Stream<Arguments> unusable() {
    JsonObject ec = EC.jwk();
    return Stream.of(
        row("shared secret", new JsonObject().put("kty", "oct").put("k", "c2VjcmV0")),
        row("shared secret by kty alone", RSA.jwk().put("kty", "oct")),
        row("RSA with private exponent", RSA.jwk().put("d", "AQAB")),
        row("EC with private part", EC.jwk().put("d", "AQAB")),
        row("RSA with a prime", RSA.jwk().put("p", "AQAB")),
        row("RSA of 1024 bits", TestKey.of("weak", "RS256", 1024).jwk()),
        row("RSA of 16384 bits", RSA.jwk().put("n", "_".repeat(2728) + "8")),
        row(
            "RSA with even modulus",
            RSA.jwk().put("n", RSA.jwk().getString("n").replaceAll(".$", "g"))),
        row("RSA with exponent 1", RSA.jwk().put("e", "AQ")),
        row("RSA with even exponent", RSA.jwk().put("e", "AQAA")),
        row("RSA with endless exponent", RSA.jwk().put("e", "_".repeat(43) + "8")),
        row("RSA without exponent", without(RSA.jwk(), "e")),
        row("RSA, modulus not base64url", RSA.jwk().put("n", "a+b/")),
        row("RSA, modulus a number", RSA.jwk().put("n", 65537)),
        row("RSA for encryption", RSA.jwk().put("use", "enc").put("alg", "RSA-OAEP")),
        row("use of encryption", RSA.jwk().put("use", "enc")),
        row("use a number", RSA.jwk().put("use", 1)),
        row("alg of encryption", without(RSA.jwk(), "use").put("alg", "RSA-OAEP")),
        row("alg of another type", RSA.jwk().put("alg", "ES256")),
        row("alg HS256", RSA.jwk().put("alg", "HS256")),
        row("alg a number", RSA.jwk().put("alg", 1)),
        row("key_ops without verify", RSA.jwk().put("key_ops", new JsonArray().add("encrypt"))),
        row("key_ops a string", RSA.jwk().put("key_ops", "verify")),
        row("kid a number", RSA.jwk().put("kid", 1)),
        row("kid endless", RSA.jwk().put("kid", "k".repeat(257))),
        row("no kty", without(RSA.jwk(), "kty")),
        row("kty unknown", RSA.jwk().put("kty", "AKP")),
        row("EC without curve", without(EC.jwk(), "crv")),
        row("EC on another curve", EC.jwk().put("crv", "P-384").put("alg", "ES384")),
        row("EC on secp256k1", EC.jwk().put("crv", "secp256k1")),
        row("EC off the curve", EC.jwk().put("x", ec.getString("y")).put("y", ec.getString("x"))),
        row("EC at infinity", EC.jwk().put("x", "A".repeat(43)).put("y", "A".repeat(43))),
        row("EC above the field", EC.jwk().put("x", "_".repeat(42) + "8")),
        row("EC, coordinate too long", EC.jwk().put("x", "AAAA" + ec.getString("x"))),
        row("Ed25519 too short", ED.jwk().put("x", "AAAA")),
        row("X25519", ED.jwk().put("crv", "X25519")),
        row("Ed448", ED.jwk().put("crv", "Ed448")),
        row("empty", new JsonObject()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unusable")
  void read_unusableKey_leftOutAndTheOthersKept(String what, JsonObject jwk) throws Exception {
    JsonArray keys = new JsonArray().add(RSA.jwk()).add(jwk).add("no key").addNull().add(ED.jwk());
    JwksReader.Jwks jwks = JwksReader.read(new JsonObject().put("keys", keys));
    assertEquals(Identity.signingKeys(RSA, ED), jwks.keys(), what);
    assertEquals(3, jwks.ignored());
  }

  static Stream<JsonObject> usable() {
    return Stream.of(
        RSA.jwk(),
        EC.jwk(),
        ED.jwk(),
        TestKey.of("ec-384", "ES384").jwk(),
        TestKey.of("ec-521", "ES512").jwk(),
        ED.jwk().put("alg", "Ed25519"),
        without(RSA.jwk(), "alg"),
        without(without(RSA.jwk(), "use"), "kid"),
        RSA.jwk().put("key_ops", new JsonArray().add("verify")),
        RSA.jwk().put("x5c", new JsonArray().add("MIIB")).put("x5t", "abc").put("other", 1));
  }

  @ParameterizedTest
  @MethodSource("usable")
  void read_usableKey_kept(JsonObject jwk) throws Exception {
    JsonObject set = new JsonObject().put("keys", new JsonArray().add(jwk));
    assertEquals(1, JwksReader.read(set).keys().size());
  }

  @Test
  void read_noSet_fails() {
    for (JsonObject set :
        new JsonObject[] {
          new JsonObject(),
          new JsonObject().put("keys", "x"),
          new JsonObject().put("keys", new JsonObject()),
          new JsonObject().put("keys", new JsonArray(Collections.nCopies(101, RSA.jwk())))
        }) {
      assertThrows(InvalidKeyException.class, () -> JwksReader.read(set));
    }
  }

  private static Arguments row(String what, JsonObject jwk) {
    return Arguments.of(what, jwk);
  }

  private static JsonObject without(JsonObject jwk, String name) {
    jwk.remove(name);
    return jwk;
  }
}
