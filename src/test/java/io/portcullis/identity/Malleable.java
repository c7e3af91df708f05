package io.portcullis.identity;

import io.portcullis.testing.TestKey;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Base64;

/** The second signature that ECDSA has for everything: {@code (r, n - s)}. */
final class Malleable {
  private static final BigInteger ORDER_OF_P256 =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

  private Malleable() {}

  /** The same ES256 token with the other signature. */
  static String otherForm(String token) {
    int dot = token.lastIndexOf('.');
    byte[] signature = Base64.getUrlDecoder().decode(token.substring(dot + 1));
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64));
    byte[] other = ORDER_OF_P256.subtract(s).toByteArray();
    Arrays.fill(signature, 32, 64, (byte) 0);
    int length = Math.min(32, other.length);
    System.arraycopy(other, other.length - length, signature, 64 - length, length);
    return token.substring(0, dot + 1) + TestKey.base64(signature);
  }
}
