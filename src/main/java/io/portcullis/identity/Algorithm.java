package io.portcullis.identity;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Optional;

/**
 * The JWS algorithms that can be configured: asymmetric ones only, so that no public key can ever
 * serve as a shared secret. Signature forms are exact (RFC 7518, sections 3.3 to 3.5; RFC 8037):
 * RSA as long as the modulus, ECDSA as {@code R || S} of fixed length and never DER, Ed25519 64
 * bytes.
 */
enum Algorithm {
  RS256("RS256", "RSA", "", "SHA256withRSA", 0),
  RS384("RS384", "RSA", "", "SHA384withRSA", 0),
  RS512("RS512", "RSA", "", "SHA512withRSA", 0),
  PS256("PS256", "RSA", "", "RSASSA-PSS", 0),
  PS384("PS384", "RSA", "", "RSASSA-PSS", 0),
  PS512("PS512", "RSA", "", "RSASSA-PSS", 0),
  ES256("ES256", "EC", "P-256", "SHA256withECDSAinP1363Format", 64),
  ES384("ES384", "EC", "P-384", "SHA384withECDSAinP1363Format", 96),
  ES512("ES512", "EC", "P-521", "SHA512withECDSAinP1363Format", 132),
  ED_DSA("EdDSA", "OKP", "Ed25519", "Ed25519", 64),
  ED25519("Ed25519", "OKP", "Ed25519", "Ed25519", 64);

  private final String joseName;
  private final String keyType;
  private final String curve;
  private final String javaName;
  private final int signatureBytes;

  Algorithm(String joseName, String keyType, String curve, String javaName, int signatureBytes) {
    this.joseName = joseName;
    this.keyType = keyType;
    this.curve = curve;
    this.javaName = javaName;
    this.signatureBytes = signatureBytes;
  }

  /** The algorithm of an exact JOSE name; empty for any other, {@code none} and HMAC included. */
  static Optional<Algorithm> named(String joseName) {
    for (Algorithm algorithm : values()) {
      if (algorithm.joseName.equals(joseName)) {
        return Optional.of(algorithm);
      }
    }
    return Optional.empty();
  }

  String keyType() {
    return keyType;
  }

  /** The curve that the algorithm needs; empty for RSA. */
  String curve() {
    return curve;
  }

  /** {@code EdDSA} on Ed25519 and {@code Ed25519} (RFC 9864) are two names of one algorithm. */
  boolean isSameAs(Algorithm other) {
    return this == other || (keyType.equals("OKP") && other.keyType.equals("OKP"));
  }

  /** Whether the signature holds. Some tens of microseconds of CPU, so once per token. */
  boolean verifies(PublicKey key, byte[] input, byte[] signature) {
    int expected =
        key instanceof RSAPublicKey rsa ? (rsa.getModulus().bitLength() + 7) / 8 : signatureBytes;
    if (signature.length != expected) {
      return false;
    }
    try {
      Signature verifier = verifier(key);
      verifier.update(input);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false; // out of range for the key: the same as wrong
    }
  }

  /** A verifier for a key; fails when the key is not usable with this algorithm. */
  Signature verifier(PublicKey key) throws GeneralSecurityException {
    Signature verifier = Signature.getInstance(javaName);
    verifier.initVerify(key);
    if (javaName.equals("RSASSA-PSS")) {
      verifier.setParameter(saltAsLongAsHash());
    }
    return verifier;
  }

  /** RFC 7518, section 3.5. */
  private PSSParameterSpec saltAsLongAsHash() {
    return switch (this) {
      case PS384 -> new PSSParameterSpec("SHA-384", "MGF1", MGF1ParameterSpec.SHA384, 48, 1);
      case PS512 -> new PSSParameterSpec("SHA-512", "MGF1", MGF1ParameterSpec.SHA512, 64, 1);
      default -> new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);
    };
  }
}
