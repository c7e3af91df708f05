package io.portcullis.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/**
 * Keys of the authority at rest: PKCS#8 encrypted by PBES2 (RFC 8018) with PBKDF2-HMAC-SHA256 and
 * AES-256-CBC, so that {@code openssl pkey} reads them too. The JDK's own derivation takes a third
 * of the time of Bouncy Castle's, which is time that an attacker would not have lost either.
 */
final class KeyFile {
  /** What OWASP's password storage cheat sheet asks of PBKDF2-HMAC-SHA256. */
  static final int ITERATIONS = 600_000;

  private static final String LABEL = "ENCRYPTED PRIVATE KEY";
  private static final String SCHEME = "PBEWithHmacSHA256AndAES_256";
  private static final int SALT_BYTES = 16;
  private static final int BLOCK_BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private KeyFile() {}

  /** A new P-256 key. */
  static KeyPair generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("P-256 is in every JDK", e);
    }
  }

  static void write(Path file, PrivateKey key, char[] passphrase) throws IOException {
    byte[] salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    byte[] iv = new byte[BLOCK_BYTES];
    RANDOM.nextBytes(iv);
    byte[] plain = key.getEncoded();
    try {
      Cipher cipher = Cipher.getInstance(SCHEME);
      cipher.init(
          Cipher.ENCRYPT_MODE,
          derived(passphrase),
          new PBEParameterSpec(salt, ITERATIONS, new IvParameterSpec(iv)));
      byte[] sealed = cipher.doFinal(plain);
      // The JDK reads PBES2 under this name but has no name for writing it.
      var info =
          new org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo(
              new AlgorithmIdentifier(
                  PKCSObjectIdentifiers.id_PBES2,
                  ASN1Primitive.fromByteArray(cipher.getParameters().getEncoded())),
              sealed);
      PrivateFiles.write(file, PemText.of(LABEL, info.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new CaException("cannot encrypt the key for " + file, e);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  /**
   * The key, which belongs to the certificate.
   *
   * @throws CaException naming the file, when it is missing, open to others, damaged, of another
   *     certificate, or of another passphrase
   */
  static PrivateKey read(Path file, char[] passphrase, X509Certificate certificate)
      throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new CaException("there is no key " + file + "; if it was taken away, bring it back");
    }
    PrivateFiles.check(file);
    byte[] der = PemText.der(LABEL, Files.readString(file, StandardCharsets.ISO_8859_1));
    EncryptedPrivateKeyInfo sealed;
    try {
      sealed = new EncryptedPrivateKeyInfo(der);
    } catch (IOException | RuntimeException e) {
      throw new CaException(file + " is damaged: it holds no encrypted PKCS#8 key", e);
    }
    if (!SCHEME.equals(sealed.getAlgName())) {
      throw new CaException(file + " is not encrypted with PBES2, HMAC-SHA-256 and AES-256");
    }
    PrivateKey key = decrypt(file, sealed, passphrase);
    if (!belong(key, certificate)) {
      throw new CaException(file + " is not the key of the certificate beside it");
    }
    return key;
  }

  // The cause is dropped on purpose: what a cipher says of a wrong padding helps nobody honest.
  @SuppressWarnings("UnusedException")
  private static PrivateKey decrypt(
      Path file, EncryptedPrivateKeyInfo sealed, char[] passphrase) {
    try {
      return KeyFactory.getInstance("EC").generatePrivate(sealed.getKeySpec(derived(passphrase)));
    } catch (GeneralSecurityException e) {
      throw new CaException("wrong passphrase for " + file);
    }
  }

  private static SecretKey derived(char[] passphrase) throws GeneralSecurityException {
    PBEKeySpec spec = new PBEKeySpec(passphrase);
    try {
      return SecretKeyFactory.getInstance(SCHEME).generateSecret(spec);
    } finally {
      spec.clearPassword();
    }
  }

  private static boolean belong(PrivateKey key, X509Certificate certificate) {
    byte[] probe = {1, 2, 3, 4};
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(key);
      signature.update(probe);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(probe);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
