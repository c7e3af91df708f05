package io.portcullis.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The JDK's TLS with what lies in a certificates directory. */
public final class TestTls {
  private static final char[] NONE = new char[0];

  private TestTls() {}

  /** Trusts the directory's roots, shows nothing. */
  public static SSLContext context(Path certificates) {
    return context(certificates, new KeyManager[0]);
  }

  /** The same, showing the identity of a role. */
  public static SSLContext context(Path certificates, String role) {
    try {
      Path current = certificates.resolve("identities").resolve(role).resolve("current");
      KeyStore store = empty();
      Certificate[] chain = chain(current.resolve("tls.crt")).toArray(Certificate[]::new);
      store.setKeyEntry(role, key(current.resolve("tls.key")), NONE, chain);
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(store, NONE);
      return context(certificates, keys.getKeyManagers());
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The certificates of a PEM file. */
  @SuppressWarnings("unchecked") // that is what an X.509 factory makes
  public static Collection<X509Certificate> chain(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return (Collection<X509Certificate>)
          CertificateFactory.getInstance("X.509").generateCertificates(in);
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  private static PrivateKey key(Path file) throws GeneralSecurityException, IOException {
    String base64 = Files.readString(file).replaceAll("-----[A-Z ]+-----|\\s", "");
    return KeyFactory.getInstance("EC")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
  }

  private static SSLContext context(Path certificates, KeyManager[] keys) {
    try {
      KeyStore store = empty();
      int number = 0;
      for (X509Certificate root : chain(certificates.resolve("trust.pem"))) {
        store.setCertificateEntry("root-" + number++, root);
      }
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static KeyStore empty() throws GeneralSecurityException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, NONE);
      return store;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
