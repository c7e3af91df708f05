package io.portcullis.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.portcullis.config.DpopConfig;
import io.portcullis.config.Secret;
import io.vertx.core.json.JsonObject;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * A client's own key, and the proofs of it (RFC 9449), written without a line of the code under
 * test.
 */
public record DpopKey(TestKey key) {
  /** A new key for an algorithm. */
  public static DpopKey of(String algorithm) {
    return new DpopKey(TestKey.of("", algorithm));
  }

  /** What most tests are content with; the key of nonces is every node's. */
  public static DpopConfig config() {
    return new DpopConfig(
        Set.of("ES256", "PS256", "RS256", "EdDSA"),
        Duration.ofSeconds(30),
        new Secret("the nonce key of tests, the same on every node"),
        Duration.ofSeconds(60));
  }

  /** The public key with the members of its type alone. */
  public JsonObject jwk() {
    JsonObject jwk = key.jwk();
    jwk.remove("kid");
    jwk.remove("alg");
    jwk.remove("use");
    return jwk;
  }

  /** {@code jkt} (RFC 7638). */
  public String thumbprint() {
    JsonObject jwk = jwk();
    String form =
        switch (jwk.getString("kty")) {
          case "RSA" -> "{\"e\":\"%s\",\"kty\":\"RSA\",\"n\":\"%s\"}".formatted(get("e"), get("n"));
          case "EC" ->
              "{\"crv\":\"%s\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}"
                  .formatted(get("crv"), get("x"), get("y"));
          default -> "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"%s\"}".formatted(get("x"));
        };
    return hash(form);
  }

  private String get(String member) {
    return jwk().getString(member);
  }

  /** A proof that holds, but for its nonce: to be changed before it is signed. */
  public Proof proof(String method, String target, String token, Instant now) {
    return new Proof(this, method, target, token, now);
  }

  /** SHA-256 in base64url. */
  public static String hash(String text) {
    try {
      return TestKey.base64(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** A proof in the making. */
  public static final class Proof {
    private final TestKey key;
    private final JsonObject header;
    private final JsonObject claims;

    private Proof(DpopKey of, String method, String target, String token, Instant now) {
      this.key = of.key;
      this.header =
          new JsonObject().put("typ", "dpop+jwt").put("alg", key.algorithm()).put("jwk", of.jwk());
      this.claims =
          new JsonObject()
              .put("jti", UUID.randomUUID().toString())
              .put("htm", method)
              .put("htu", target)
              .put("iat", now.getEpochSecond())
              .put("ath", hash(token));
    }

    /** Sets a header member. */
    public Proof header(String name, Object value) {
      header.put(name, value);
      return this;
    }

    /** Leaves out a header member. */
    public Proof withoutHeader(String name) {
      header.remove(name);
      return this;
    }

    /** Adds a member to the key in the header. */
    public Proof jwk(String name, Object value) {
      header.getJsonObject("jwk").put(name, value);
      return this;
    }

    /** Sets a claim. */
    public Proof claim(String name, Object value) {
      claims.put(name, value);
      return this;
    }

    /** Leaves out a claim. */
    public Proof without(String name) {
      claims.remove(name);
      return this;
    }

    /** With that nonce. */
    public Proof nonce(String nonce) {
      return claim("nonce", nonce);
    }

    /** The header and the claims, to be signed some other way. */
    public String input() {
      return TestKey.base64(header.encode().getBytes(UTF_8))
          + "."
          + TestKey.base64(claims.encode().getBytes(UTF_8));
    }

    /** The proof. */
    public String signed() {
      return TestToken.seal(input(), key::sign);
    }
  }
}
