package io.portcullis.testing;

import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import java.util.Map;

/**
 * A key pair that a test issuer signs with.
 *
 * @param id its {@code kid}
 * @param algorithm the JWS algorithm it signs with
 */
public record TestKey(String id, String algorithm, KeyPair pair) {
  private static final Map<String, String> CURVES =
      Map.of("ES256", "P-256", "ES384", "P-384", "ES512", "P-521");

  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  /** A new key for RS*, PS*, ES* or EdDSA. */
  public static TestKey of(String id, String algorithm) {
    return of(id, algorithm, 2048);
  }

  /** A new key, with a modulus of that many bits if it is RSA. */
  public static TestKey of(String id, String algorithm, int bits) {
    try {
      KeyPairGenerator generator =
          switch (algorithm.substring(0, 2)) {
            case "RS", "PS" -> KeyPairGenerator.getInstance("RSA");
            case "ES" -> KeyPairGenerator.getInstance("EC");
            default -> KeyPairGenerator.getInstance("Ed25519");
          };
      if (generator.getAlgorithm().equals("RSA")) {
        generator.initialize(bits);
      } else if (generator.getAlgorithm().equals("EC")) {
        String curve = String.valueOf(CURVES.get(algorithm));
        generator.initialize(new ECGenParameterSpec(curve.replace("P-", "secp") + "r1"));
      }
      return new TestKey(id, algorithm, generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The same key under another name or for another algorithm of its type. */
  public TestKey as(String newId, String newAlgorithm) {
    return new TestKey(newId, newAlgorithm, pair);
  }

  /** The public JWK as a good issuer publishes it. */
  public JsonObject jwk() {
    JsonObject jwk = new JsonObject().put("kid", id).put("alg", algorithm).put("use", "sig");
    return switch (pair.getPublic()) {
      case RSAPublicKey rsa ->
          jwk.put("kty", "RSA")
              .put("n", base64(unsigned(rsa.getModulus(), 0)))
              .put("e", base64(unsigned(rsa.getPublicExponent(), 0)));
      case ECPublicKey ec -> {
        int bytes = (ec.getParams().getCurve().getField().getFieldSize() + 7) / 8;
        yield jwk.put("kty", "EC")
            .put("crv", CURVES.get(algorithm))
            .put("x", base64(unsigned(ec.getW().getAffineX(), bytes)))
            .put("y", base64(unsigned(ec.getW().getAffineY(), bytes)));
      }
      default -> {
        byte[] encoded = pair.getPublic().getEncoded();
        byte[] raw = java.util.Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        yield jwk.put("kty", "OKP").put("crv", "Ed25519").put("x", base64(raw));
      }
    };
  }

  /** A JWS signature in its exact form. */
  public byte[] sign(byte[] input) {
    return sign(
        input,
        switch (algorithm.substring(0, 2)) {
          case "RS" -> "SHA" + algorithm.substring(2) + "withRSA";
          case "PS" -> "RSASSA-PSS";
          case "ES" -> "SHA" + algorithm.substring(2) + "withECDSAinP1363Format";
          default -> "Ed25519";
        });
  }

  /** A signature by a JDK algorithm, for forms that must be refused. */
  public byte[] sign(byte[] input, String javaAlgorithm) {
    try {
      Signature signer = Signature.getInstance(javaAlgorithm);
      if (javaAlgorithm.equals("RSASSA-PSS")) {
        signer.setParameter(pss(algorithm.substring(2)));
      }
      signer.initSign(pair.getPrivate());
      signer.update(input);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static AlgorithmParameterSpec pss(String bits) {
    return new PSSParameterSpec(
        "SHA-" + bits,
        "MGF1",
        new MGF1ParameterSpec("SHA-" + bits),
        Integer.parseInt(bits) / 8,
        PSSParameterSpec.TRAILER_FIELD_BC);
  }

  /** Base64url without padding. */
  public static String base64(byte[] bytes) {
    return BASE64.encodeToString(bytes);
  }

  private static byte[] unsigned(BigInteger value, int length) {
    byte[] signed = value.toByteArray();
    int start = signed[0] == 0 ? 1 : 0;
    int size = Math.max(length, signed.length - start);
    byte[] result = new byte[size];
    System.arraycopy(signed, start, result, size - signed.length + start, signed.length - start);
    return result;
  }
}
