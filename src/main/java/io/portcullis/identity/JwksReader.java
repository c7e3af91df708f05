package io.portcullis.identity;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A JWK Set (RFC 7517) to the keys that may verify a signature. A key that is not one of those is
 * left out and the others stay: encryption keys, shared secrets, weak or malformed keys, kinds we
 * do not know, and keys whose private part was published.
 */
final class JwksReader {
  private static final int MAX_KEYS = 100;
  private static final int MAX_ID_LENGTH = 256;
  private static final List<String> SECRET_MEMBERS =
      List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

  private JwksReader() {}

  /**
   * What a JWK Set holds.
   *
   * @param keys the usable keys, perhaps none
   * @param ignored how many others there were
   */
  record Jwks(List<SigningKey> keys, int ignored) {}

  /** Reads a set; fails only when there is no array of at most a hundred keys at all. */
  static Jwks read(JsonObject set) throws InvalidKeyException {
    if (!(set.getValue("keys") instanceof JsonArray array) || array.size() > MAX_KEYS) {
      throw new InvalidKeyException("not a JWK Set of at most " + MAX_KEYS + " keys");
    }
    List<SigningKey> keys = new ArrayList<>();
    for (Object each : array) {
      if (each instanceof JsonObject jwk) {
        signingKey(jwk).ifPresent(keys::add);
      }
    }
    return new Jwks(List.copyOf(keys), array.size() - keys.size());
  }

  /** One key, if it may verify signatures. */
  static Optional<SigningKey> signingKey(JsonObject jwk) {
    if (SECRET_MEMBERS.stream().anyMatch(jwk::containsKey) || !isForVerifying(jwk)) {
      return Optional.empty();
    }
    Optional<String> id = text(jwk, "kid").filter(kid -> kid.length() <= MAX_ID_LENGTH);
    Optional<Algorithm> declared = text(jwk, "alg").flatMap(Algorithm::named);
    if (id.isPresent() != jwk.containsKey("kid")
        || declared.isPresent() != jwk.containsKey("alg")) {
      return Optional.empty();
    }
    try {
      String type = required(jwk, "kty");
      String curve = type.equals("RSA") ? "" : required(jwk, "crv");
      SigningKey key = new SigningKey(id, type, curve, declared, publicKey(type, curve, jwk));
      for (Algorithm algorithm : Algorithm.values()) {
        if (key.fits(algorithm)) {
          var unused = algorithm.verifier(key.key());
          return Optional.of(key);
        }
      }
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  /** {@code use} and {@code key_ops}, where present, must say signatures (RFC 7517, 4.2, 4.3). */
  private static boolean isForVerifying(JsonObject jwk) {
    boolean use = !jwk.containsKey("use") || "sig".equals(jwk.getValue("use"));
    Object operations = jwk.getValue("key_ops");
    boolean operation =
        !jwk.containsKey("key_ops")
            || (operations instanceof JsonArray array && array.contains("verify"));
    return use && operation;
  }

  private static PublicKey publicKey(String type, String curve, JsonObject jwk)
      throws GeneralSecurityException {
    return switch (type) {
      case "RSA" -> PublicKeys.rsa(bytes(jwk, "n"), bytes(jwk, "e"));
      case "EC" -> PublicKeys.ec(curve, bytes(jwk, "x"), bytes(jwk, "y"));
      case "OKP" -> {
        if (!curve.equals("Ed25519")) {
          throw new InvalidKeyException("an unsupported curve");
        }
        yield PublicKeys.ed25519(bytes(jwk, "x"));
      }
      default -> throw new InvalidKeyException("an unsupported key type");
    };
  }

  private static byte[] bytes(JsonObject jwk, String name) throws InvalidKeyException {
    return Base64Url.decode(required(jwk, name))
        .filter(bytes -> bytes.length > 0)
        .orElseThrow(() -> new InvalidKeyException(name + " is not base64url"));
  }

  private static String required(JsonObject jwk, String name) throws InvalidKeyException {
    return text(jwk, name).orElseThrow(() -> new InvalidKeyException(name + " is missing"));
  }

  private static Optional<String> text(JsonObject jwk, String name) {
    return jwk.getValue(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }
}
