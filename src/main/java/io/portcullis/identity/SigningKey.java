package io.portcullis.identity;

import java.security.PublicKey;
import java.util.Optional;

/**
 * One public key that an issuer signs with.
 *
 * @param id its {@code kid}, if it has one
 * @param type its {@code kty}
 * @param curve its {@code crv}; empty for RSA
 * @param declared the one algorithm it is for, if its issuer says
 * @param key the key itself
 */
record SigningKey(
    Optional<String> id, String type, String curve, Optional<Algorithm> declared, PublicKey key) {

  /** Whether a token of this algorithm may be verified with this key. */
  boolean fits(Algorithm algorithm) {
    return type.equals(algorithm.keyType())
        && curve.equals(algorithm.curve())
        && (declared.isEmpty() || declared.get().isSameAs(algorithm));
  }
}
