package io.portcullis.identity;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EllipticCurve;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Map;

/**
 * Public keys from the numbers of a JWK (RFC 7518, section 6; RFC 8037), checked where the JDK does
 * not: RSA sizes, and that an EC point lies on its curve.
 */
final class PublicKeys {
  /** RFC 7518, section 3.3 asks for 2048; above 8192 one verification costs milliseconds. */
  private static final int MIN_RSA_BITS = 2048;

  private static final int MAX_RSA_BITS = 8192;
  private static final int MAX_RSA_EXPONENT_BITS = 64;

  private static final Map<String, String> JAVA_CURVES =
      Map.of("P-256", "secp256r1", "P-384", "secp384r1", "P-521", "secp521r1");

  /** SubjectPublicKeyInfo of Ed25519 up to the 32 bytes of the key (RFC 8410). */
  private static final String ED25519_PREFIX = "302a300506032b6570032100";

  private static final int ED25519_BYTES = 32;

  private PublicKeys() {}

  static PublicKey rsa(byte[] modulus, byte[] exponent) throws GeneralSecurityException {
    BigInteger n = new BigInteger(1, modulus);
    BigInteger e = new BigInteger(1, exponent);
    if (n.bitLength() < MIN_RSA_BITS || n.bitLength() > MAX_RSA_BITS || !n.testBit(0)) {
      throw new InvalidKeyException("an RSA modulus of " + n.bitLength() + " bits");
    }
    if (!e.testBit(0) || e.bitLength() < 2 || e.bitLength() > MAX_RSA_EXPONENT_BITS) {
      throw new InvalidKeyException("a senseless RSA exponent");
    }
    return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(n, e));
  }

  static PublicKey ec(String curve, byte[] x, byte[] y) throws GeneralSecurityException {
    String javaCurve = JAVA_CURVES.get(curve);
    if (javaCurve == null) {
      throw new InvalidKeyException("an unsupported curve");
    }
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec(javaCurve));
    ECParameterSpec spec = parameters.getParameterSpec(ECParameterSpec.class);
    int coordinateBytes = (spec.getCurve().getField().getFieldSize() + 7) / 8;
    ECPoint point = new ECPoint(new BigInteger(1, x), new BigInteger(1, y));
    if (x.length != coordinateBytes
        || y.length != coordinateBytes
        || !isOnCurve(point, spec.getCurve())) {
      throw new InvalidKeyException("a point that is not on " + curve);
    }
    return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, spec));
  }

  /** {@code y² = x³ + ax + b (mod p)} with coordinates below p; these curves have cofactor 1. */
  private static boolean isOnCurve(ECPoint point, EllipticCurve curve) {
    BigInteger p = ((ECFieldFp) curve.getField()).getP();
    BigInteger x = point.getAffineX();
    BigInteger y = point.getAffineY();
    BigInteger right = x.pow(3).add(curve.getA().multiply(x)).add(curve.getB()).mod(p);
    return x.compareTo(p) < 0 && y.compareTo(p) < 0 && y.pow(2).mod(p).equals(right);
  }

  static PublicKey ed25519(byte[] x) throws GeneralSecurityException {
    if (x.length != ED25519_BYTES) {
      throw new InvalidKeyException("an Ed25519 key of " + x.length + " bytes");
    }
    byte[] encoded = HexFormat.of().parseHex(ED25519_PREFIX + HexFormat.of().formatHex(x));
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
  }
}
