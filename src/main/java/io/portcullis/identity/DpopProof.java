package io.portcullis.identity;

import io.portcullis.model.Rejection;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A DPoP proof taken apart (RFC 9449, section 4.2). Its form, type, algorithm and key are checked;
 * nothing it says is proved until {@link #isSignedBy} said yes.
 *
 * <p>Stricter than the RFC asks: the key has only the members of a public JWK that honest clients
 * send, so nothing private and no certificate comes along, and the header points nowhere.
 */
final class DpopProof {
  /** An RSA key and signature of 8192 bits, and an address of 2 KiB. */
  private static final int MAX_LENGTH = 8 * 1024;

  private static final int MAX_TARGET_LENGTH = 8 * 1024;
  private static final int MAX_TEXT_LENGTH = 255;
  private static final double MAX_SECONDS = 253_402_300_799.0;
  private static final String TYPE = "dpop+jwt";
  private static final List<String> POINTERS = List.of("jku", "x5u", "x5c", "x5t", "x5t#S256");
  private static final Set<String> KEY_MEMBERS =
      Set.of("kty", "crv", "x", "y", "n", "e", "kid", "use", "alg", "key_ops", "ext");

  private final CompactJws jws;
  private final Algorithm algorithm;
  private final JsonObject jwk;
  private final String thumbprint;
  private final String method;
  private final String target;
  private final String tokenHash;
  private final String id;
  private final long issuedAtMillis;
  private final Optional<String> nonce;

  private DpopProof(CompactJws jws, Algorithm algorithm, JsonObject jwk, String thumbprint) {
    this.jws = jws;
    this.algorithm = algorithm;
    this.jwk = jwk;
    this.thumbprint = thumbprint;
    JsonObject claims = jws.claims();
    this.method = text(claims, "htm", MAX_TEXT_LENGTH);
    this.target = text(claims, "htu", MAX_TARGET_LENGTH);
    this.tokenHash = text(claims, "ath", MAX_TEXT_LENGTH);
    this.id = text(claims, "jti", MAX_TEXT_LENGTH);
    this.issuedAtMillis = time(claims, "iat");
    this.nonce =
        claims.containsKey("nonce")
            ? Optional.of(text(claims, "nonce", MAX_TEXT_LENGTH))
            : Optional.empty();
  }

  /**
   * Takes a proof apart.
   *
   * @param allowed its algorithm must be one of these
   * @throws Rejection when it is not the form of a proof
   */
  static DpopProof parse(String text, Set<Algorithm> allowed) {
    if (text.length() > MAX_LENGTH) {
      throw Refusal.DPOP_MALFORMED.rejection();
    }
    CompactJws jws = CompactJws.parse(text, Refusal.DPOP_MALFORMED);
    JsonObject header = jws.header();
    if (!TYPE.equals(header.getValue("typ"))
        || JoseHeader.EXTENSIONS.stream().anyMatch(header::containsKey)
        || POINTERS.stream().anyMatch(header::containsKey)) {
      throw Refusal.DPOP_MALFORMED.rejection();
    }
    Algorithm algorithm =
        Optional.ofNullable(header.getValue("alg"))
            .filter(String.class::isInstance)
            .flatMap(name -> Algorithm.named((String) name))
            .filter(allowed::contains)
            .orElseThrow(Refusal.DPOP_ALGORITHM::rejection);
    if (!(header.getValue("jwk") instanceof JsonObject jwk)
        || !KEY_MEMBERS.containsAll(jwk.fieldNames())
        || (jwk.containsKey("alg") && !header.getValue("alg").equals(jwk.getValue("alg")))) {
      throw Refusal.DPOP_KEY.rejection();
    }
    String thumbprint = JwkThumbprint.of(jwk).orElseThrow(Refusal.DPOP_KEY::rejection);
    return new DpopProof(jws, algorithm, jwk, thumbprint);
  }

  /** The thumbprint of the key that it brings along (RFC 7638). */
  String thumbprint() {
    return thumbprint;
  }

  /** {@code htm}. */
  String method() {
    return method;
  }

  /** {@code htu}. */
  String target() {
    return target;
  }

  /** {@code ath}. */
  String tokenHash() {
    return tokenHash;
  }

  /** {@code jti}. */
  String id() {
    return id;
  }

  /** {@code iat}. */
  long issuedAtMillis() {
    return issuedAtMillis;
  }

  Optional<String> nonce() {
    return nonce;
  }

  /** The key that it brings along, if it is one. Costs a tenth of a millisecond. */
  SigningKey key() {
    return JwksReader.signingKey(jwk)
        .map(
            key ->
                new SigningKey(
                    Optional.empty(), key.type(), key.curve(), Optional.empty(), key.key()))
        .orElseThrow(Refusal.DPOP_KEY::rejection);
  }

  /** Whether a key is for its algorithm. */
  boolean fits(SigningKey key) {
    return key.fits(algorithm);
  }

  boolean isSignedBy(SigningKey key) {
    return jws.isSignedBy(key.key(), algorithm);
  }

  private static long time(JsonObject claims, String name) {
    if (claims.getValue(name) instanceof Number number
        && number.doubleValue() >= 0
        && number.doubleValue() <= MAX_SECONDS) {
      return (long) Math.floor(number.doubleValue() * 1000);
    }
    throw Refusal.DPOP_CLAIM.of(name);
  }

  private static String text(JsonObject claims, String name, int maxLength) {
    if (claims.getValue(name) instanceof String text
        && !text.isBlank()
        && text.length() <= maxLength) {
      return text;
    }
    throw Refusal.DPOP_CLAIM.of(name);
  }
}
