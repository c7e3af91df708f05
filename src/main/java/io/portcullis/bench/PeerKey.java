package io.portcullis.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;

/**
 * The issuer's public key as HAProxy reads it. It is the one that the gateway finds by itself:
 * taken from the issuer's JWKS (RFC 7517) by the {@code kid} of a real token.
 *
 * @param issuer the exact {@code iss}
 * @param file the key, PEM
 */
record PeerKey(String issuer, Path file) {

  /**
   * Writes the key of a token.
   *
   * @param jwks the issuer's keys
   * @throws BenchFailure when the token is not RS256 or its key is not among them
   */
  static PeerKey of(String issuer, String token, String jwks, Path file) {
    var header = new JsonObject(decoded(token.substring(0, token.indexOf('.'))));
    if (!"RS256".equals(header.getString("alg"))) {
      throw BenchFailure.of("the issuer signs with " + header.getString("alg") + ", not RS256");
    }
    JsonArray keys = new JsonObject(jwks).getJsonArray("keys", new JsonArray());
    for (int i = 0; i < keys.size(); i++) {
      JsonObject key = keys.getJsonObject(i);
      if (header.getString("kid", "").equals(key.getString("kid"))) {
        write(pem(key), file);
        return new PeerKey(issuer, file);
      }
    }
    throw BenchFailure.of("the issuer's keys have none for the token's kid");
  }

  static String pem(JsonObject jwk) {
    try {
      var spec = new RSAPublicKeySpec(number(jwk, "n"), number(jwk, "e"));
      byte[] der = KeyFactory.getInstance("RSA").generatePublic(spec).getEncoded();
      byte[] newline = {'\n'};
      return "-----BEGIN PUBLIC KEY-----\n"
          + Base64.getMimeEncoder(64, newline).encodeToString(der)
          + "\n-----END PUBLIC KEY-----\n";
    } catch (GeneralSecurityException e) {
      throw BenchFailure.of("the issuer's key is no RSA key: " + e.getMessage());
    }
  }

  private static BigInteger number(JsonObject jwk, String member) {
    return new BigInteger(1, Base64.getUrlDecoder().decode(jwk.getString(member, "")));
  }

  private static String decoded(String segment) {
    return new String(Base64.getUrlDecoder().decode(segment), StandardCharsets.UTF_8);
  }

  private static void write(String text, Path file) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw BenchFailure.of(file + " cannot be written: " + e.getMessage());
    }
  }
}
