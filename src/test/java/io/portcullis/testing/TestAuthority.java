package io.portcullis.testing;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Random;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority that also issues what no honest one would: expired, misnamed, for anybody. */
public final class TestAuthority {
  private static final Duration LIFE = Duration.ofDays(1);
  private static final Random SERIALS = new Random();

  private final KeyPair keys = keyPair();
  private final X509Certificate root;

  /** A new root. */
  public TestAuthority(String name) {
    X500Name subject = new X500Name("CN=" + name);
    root = certificate(subject, keys, subject, List.of(), Instant.now(), LIFE);
  }

  /** An identity of the environment {@code test} that holds. */
  public Identity issue(String role) {
    return issue(List.of("spiffe://portcullis/test/" + role), Instant.now(), LIFE);
  }

  /** An identity with exactly these URIs, valid from a minute before {@code from}. */
  public Identity issue(List<String> uris, Instant from, Duration life) {
    KeyPair leafKeys = keyPair();
    X500Name subject = new X500Name("CN=leaf");
    return new Identity(
        leafKeys.getPrivate(), certificate(subject, leafKeys, issuer(), uris, from, life));
  }

  /** Its root. */
  public X509Certificate root() {
    return root;
  }

  /** PEM of certificates. */
  public static String pem(X509Certificate... certificates) {
    StringBuilder text = new StringBuilder();
    try {
      for (X509Certificate certificate : certificates) {
        text.append(block("CERTIFICATE", certificate.getEncoded()));
      }
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
    return text.toString();
  }

  /** Replaces a file at once, as the real authority does. */
  public static void replace(Path file, String text) {
    try {
      Path next = file.resolveSibling(file.getFileName() + ".next");
      Files.writeString(next, text, StandardCharsets.US_ASCII);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** TLS of a client that shows nothing. */
  public SSLContext nobody() {
    return context(new KeyManager[0]);
  }

  /** TLS of a peer that shows an identity and trusts this authority. */
  public SSLContext peer(Identity identity) {
    return context(identity.keyManagers());
  }

  private SSLContext context(KeyManager[] managers) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("root", root);
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  private X500Name issuer() {
    return new X500Name(root.getSubjectX500Principal().getName());
  }

  private X509Certificate certificate(
      X500Name subject,
      KeyPair subjectKeys,
      X500Name issuer,
      List<String> uris,
      Instant from,
      Duration life) {
    try {
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              new BigInteger(120, SERIALS).setBit(119),
              Date.from(from.minusSeconds(60)),
              Date.from(from.plus(life)),
              subject,
              subjectKeys.getPublic());
      extend(builder, uris);
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
      throw new AssertionError(e);
    }
  }

  private static void extend(X509v3CertificateBuilder builder, List<String> uris)
      throws CertIOException {
    boolean leaf = !uris.isEmpty();
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(!leaf));
    if (!leaf) {
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
      return;
    }
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    KeyPurposeId[] both = {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
    builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(both));
    List<GeneralName> names = new ArrayList<>();
    for (String uri : uris) {
      names.add(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
    }
    names.add(new GeneralName(GeneralName.dNSName, "localhost"));
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(names.toArray(GeneralName[]::new)));
  }

  private static KeyPair keyPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String block(String label, byte[] der) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
  }

  /** A key and its certificate. */
  public record Identity(PrivateKey key, X509Certificate certificate) {
    /** The certificate's file. */
    public String certificatePem() {
      return pem(certificate);
    }

    /** The key's file. */
    public String keyPem() {
      return block("PRIVATE KEY", key.getEncoded());
    }

    /** The serial as the deny list writes it. */
    public String serial() {
      return certificate.getSerialNumber().toString(16);
    }

    private KeyManager[] keyManagers() {
      try {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        char[] unused = "unused".toCharArray();
        store.setKeyEntry("leaf", key, unused, new X509Certificate[] {certificate});
        KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
        factory.init(store, unused);
        // Shown whatever the server asks for: also to one that does not know its issuer.
        return new KeyManager[] {new Insistent(factory)};
      } catch (GeneralSecurityException | IOException e) {
        throw new AssertionError(e);
      }
    }
  }
}
