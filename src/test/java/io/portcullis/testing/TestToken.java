package io.portcullis.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An access token like Keycloak's, to be changed in one place and signed. */
public final class TestToken {
  private final TestKey key;
  private final JsonObject header;
  private final JsonObject claims;

  /** A token that holds: of alice, for the audience {@code portcullis}, for five minutes. */
  public TestToken(String issuer, TestKey key, Instant now) {
    this.key = key;
    header = new JsonObject().put("alg", key.algorithm()).put("typ", "JWT").put("kid", key.id());
    claims =
        new JsonObject()
            .put("exp", now.getEpochSecond() + 300)
            .put("iat", now.getEpochSecond())
            .put("jti", "onrtac:2f0a5b7e")
            .put("iss", issuer)
            .put("aud", new JsonArray().add("portcullis").add("account"))
            .put("sub", "0b2f6b1e-8a55-4a6e-9d4e-5a2f1c3d4e5f")
            .put("typ", "Bearer")
            .put("azp", "portcullis-cli")
            .put("sid", "4c8e")
            .put("scope", "openid profile organization")
            .put("preferred_username", "alice")
            .put("realm_access", roles("user", "ai-user"))
            .put(
                "resource_access",
                new JsonObject()
                    .put("portcullis", roles("tenant-admin"))
                    .put("account", roles("view-profile")));
    organization("acme", "9a7c1e54-0d1b-4c2a-8f5e-6b7a8c9d0e1f");
  }

  private static JsonObject roles(String... roles) {
    return new JsonObject().put("roles", new JsonArray(java.util.List.of(roles)));
  }

  /** Sets a header member. */
  public TestToken header(String name, Object value) {
    header.put(name, value);
    return this;
  }

  /** Leaves out a header member. */
  public TestToken withoutHeader(String name) {
    header.remove(name);
    return this;
  }

  /** Sets a claim. */
  public TestToken claim(String name, @Nullable Object value) {
    claims.put(name, value);
    return this;
  }

  /** Leaves out a claim. */
  public TestToken without(String name) {
    claims.remove(name);
    return this;
  }

  /** Adds a membership in an organization. */
  public TestToken organization(String alias, String id) {
    if (!(claims.getValue("organization") instanceof JsonObject)) {
      claims.put("organization", new JsonObject());
    }
    claims.getJsonObject("organization").put(alias, new JsonObject().put("id", id));
    return this;
  }

  /** The header as text. */
  public String headerText() {
    return header.encode();
  }

  /** The claims as text. */
  public String claimsText() {
    return claims.encode();
  }

  /** The token. */
  public String signed() {
    return signed(headerText(), claimsText());
  }

  /** A token of exactly these texts, properly signed. */
  public String signed(String headerText, String claimsText) {
    return signed(headerText.getBytes(UTF_8), claimsText.getBytes(UTF_8));
  }

  /** A token of exactly these bytes, properly signed. */
  public String signed(byte[] headerBytes, byte[] claimsBytes) {
    return seal(TestKey.base64(headerBytes) + "." + TestKey.base64(claimsBytes), key::sign);
  }

  /** A token whose signature is made some other way. */
  public String signedBy(UnaryOperator<byte[]> signer) {
    return seal(
        TestKey.base64(headerText().getBytes(UTF_8))
            + "."
            + TestKey.base64(claimsText().getBytes(UTF_8)),
        signer);
  }

  /** Any two first segments, signed. */
  public static String seal(String input, UnaryOperator<byte[]> signer) {
    return input + "." + TestKey.base64(signer.apply(input.getBytes(UTF_8)));
  }
}
