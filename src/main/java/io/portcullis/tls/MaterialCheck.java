package io.portcullis.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Whether key, certificate and roots belong together, and belong to us. */
final class MaterialCheck {
  private final Path certificateFile;
  private final Path keyFile;
  private final Path trustFile;

  MaterialCheck(Path certificateFile, Path keyFile, Path trustFile) {
    this.certificateFile = certificateFile;
    this.keyFile = keyFile;
    this.trustFile = trustFile;
  }

  /** The name is as expected, the time is right, and nobody revoked it. */
  PeerIdentity identity(
      List<X509Certificate> chain, String environment, String role, Instant now, DenyList denied) {
    try {
      PeerIdentity identity = PeerIdentity.of(chain.getFirst());
      if (!identity.environment().equals(environment) || !identity.role().equals(role)) {
        throw new BadMaterialException(
            certificateFile,
            "names "
                + identity.uri()
                + "; expected "
                + PeerIdentity.TRUST_DOMAIN
                + "/"
                + environment
                + "/"
                + role);
      }
      if (now.isBefore(identity.notBefore())) {
        throw new BadMaterialException(
            certificateFile, "is not valid before " + identity.notBefore());
      }
      if (!now.isBefore(identity.notAfter())) {
        throw new BadMaterialException(certificateFile, "has expired at " + identity.notAfter());
      }
      if (denied.denies(chain)) {
        throw new BadMaterialException(certificateFile, "stands on the deny list");
      }
      return identity;
    } catch (RefusedPeerException wrongName) {
      throw new BadMaterialException(
          certificateFile, "has not the name of a service: " + wrongName.getMessage());
    }
  }

  /** The key is the certificate's. */
  X509ExtendedKeyManager keys(List<X509Certificate> chain, byte[] pkcs8) {
    PublicKey publicKey = chain.getFirst().getPublicKey();
    PrivateKey key;
    try {
      key =
          KeyFactory.getInstance(publicKey.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException e) {
      throw new BadMaterialException(
          keyFile, "is not a PKCS#8 key of the certificate's kind, " + publicKey.getAlgorithm());
    }
    if (!fits(key, publicKey)) {
      throw new BadMaterialException(keyFile, "is not the key of " + certificateFile);
    }
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      char[] unused = "unused".toCharArray();
      store.setKeyEntry("identity", key, unused, chain.toArray(X509Certificate[]::new));
      KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
      factory.init(store, unused);
      for (KeyManager manager : factory.getKeyManagers()) {
        if (manager instanceof X509ExtendedKeyManager keys) {
          return keys;
        }
      }
      throw new IllegalStateException("the JDK gave no key manager");
    } catch (GeneralSecurityException | IOException e) {
      throw new BadMaterialException(keyFile, "cannot be used (" + e.getMessage() + ")");
    }
  }

  /** The chain leads to one of the roots, as a server's and as a client's. */
  X509ExtendedTrustManager trust(List<X509Certificate> chain, List<X509Certificate> roots) {
    X509ExtendedTrustManager trust;
    try {
      trust = trustOf(roots);
    } catch (GeneralSecurityException | IOException e) {
      throw new BadMaterialException(trustFile, "cannot be used (" + e.getMessage() + ")");
    }
    X509Certificate[] array = chain.toArray(X509Certificate[]::new);
    try {
      trust.checkServerTrusted(array, "UNKNOWN");
      trust.checkClientTrusted(array, "UNKNOWN");
      return trust;
    } catch (GeneralSecurityException e) {
      throw new BadMaterialException(
          certificateFile, "does not lead to a root in " + trustFile + " (" + e.getMessage() + ")");
    }
  }

  static X509ExtendedTrustManager trustOf(List<X509Certificate> roots)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (int i = 0; i < roots.size(); i++) {
      store.setCertificateEntry("root-" + i, roots.get(i));
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager trust) {
        return trust;
      }
    }
    throw new IllegalStateException("the JDK gave no trust manager");
  }

  private static boolean fits(PrivateKey key, PublicKey publicKey) {
    String algorithm =
        "EC".equals(key.getAlgorithm()) ? "SHA256withECDSA" : "SHA256with" + key.getAlgorithm();
    byte[] challenge = new byte[32];
    new SecureRandom().nextBytes(challenge);
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(challenge);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      signature.update(challenge);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
