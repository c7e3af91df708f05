package io.portcullis.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.crypto.util.PBKDF2Config;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfoBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEOutputEncryptorBuilder;

/**
 * Keys of the authority at rest: PKCS#8 encrypted by PBES2 (RFC 8018) with PBKDF2-HMAC-SHA256 and
 * AES-256-CBC, so that {@code openssl pkey} reads them too.
 */
final class KeyFile {
  /** What OWASP's password storage cheat sheet asks of PBKDF2-HMAC-SHA256. */
  static final int ITERATIONS = 600_000;

  private static final String LABEL = "ENCRYPTED PRIVATE KEY";
  private static final int SALT_BYTES = 16;

  /** Asked by name only where the JDK has no equal; never registered with the JDK. */
  private static final BouncyCastleProvider PROVIDER = new BouncyCastleProvider();

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
    PBKDF2Config derivation =
        new PBKDF2Config.Builder()
            .withPRF(PBKDF2Config.PRF_SHA256)
            .withIterationCount(ITERATIONS)
            .withSaltLength(SALT_BYTES)
            .build();
    try {
      PKCS8EncryptedPrivateKeyInfo sealed =
          new PKCS8EncryptedPrivateKeyInfoBuilder(PrivateKeyInfo.getInstance(key.getEncoded()))
              .build(
                  new JcePKCSPBEOutputEncryptorBuilder(
                          derivation, NISTObjectIdentifiers.id_aes256_CBC)
                      .setProvider(PROVIDER)
                      .build(passphrase));
      PrivateFiles.write(file, PemText.of(LABEL, sealed.getEncoded()));
    } catch (OperatorCreationException e) {
      throw new CaException("cannot encrypt the key for " + file, e);
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
    PKCS8EncryptedPrivateKeyInfo sealed;
    try {
      sealed = new PKCS8EncryptedPrivateKeyInfo(der);
    } catch (IOException | RuntimeException e) {
      throw new CaException(file + " is damaged: it holds no encrypted PKCS#8 key", e);
    }
    PrivateKey key = decrypt(file, sealed, passphrase);
    if (!belong(key, certificate)) {
      throw new CaException(file + " is not the key of the certificate beside it");
    }
    return key;
  }

  // The causes are dropped on purpose: what a cipher says of a wrong padding helps nobody honest.
  @SuppressWarnings("UnusedException")
  private static PrivateKey decrypt(
      Path file, PKCS8EncryptedPrivateKeyInfo sealed, char[] passphrase) {
    try {
      return new JcaPEMKeyConverter()
          .getPrivateKey(
              sealed.decryptPrivateKeyInfo(
                  new JcePKCSPBEInputDecryptorProviderBuilder()
                      .setProvider(PROVIDER)
                      .build(passphrase)));
    } catch (PKCSException | IOException | RuntimeException e) {
      throw new CaException("wrong passphrase for " + file);
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
