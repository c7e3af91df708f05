package io.portcullis.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.security.KeyPair;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Puts certificates and CRLs together (RFC 5280) and signs them with ECDSA and SHA-256. Knows no
 * files.
 */
final class Signer {
  /** The host of every SPIFFE URI here. */
  static final String TRUST_DOMAIN = "portcullis";

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SERIAL_BITS = 128;

  private Signer() {}

  /** From when until when; whole seconds, as X.509 has them. */
  record Span(Instant from, Instant until) {}

  /** Who signs: a name, the key that signs, and the one that belongs to it. */
  record Issuer(X500Name name, PublicKey publicKey, PrivateKey key) {
    static Issuer of(X509Certificate certificate, PrivateKey key) {
      return new Issuer(
          X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
          certificate.getPublicKey(),
          key);
    }
  }

  /** What a leaf names beside its role. */
  record LeafNames(
      String role, String environment, String uri, List<String> dns, List<String> ips) {}

  static String root(String environment, int number, KeyPair keys, Span span) {
    X500Name name = authorityName(environment, "root " + number);
    Issuer itself = new Issuer(name, keys.getPublic(), keys.getPrivate());
    var builder = builder(itself, serial(), span, name, keys.getPublic());
    add(builder, Extension.basicConstraints, true, new BasicConstraints(1));
    add(
        builder,
        Extension.keyUsage,
        true,
        new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    return sign(builder, itself);
  }

  /** Signs nothing but leaves, and no URI outside of our trust domain. */
  static String intermediate(
      String environment, int number, PublicKey key, Span span, Issuer root) {
    X500Name name = authorityName(environment, "CA " + number);
    var builder = builder(root, serial(), span, name, key);
    add(builder, Extension.basicConstraints, true, new BasicConstraints(0));
    add(
        builder,
        Extension.keyUsage,
        true,
        new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    add(
        builder,
        Extension.nameConstraints,
        true,
        new NameConstraints(
            new GeneralSubtree[] {
              new GeneralSubtree(
                  new GeneralName(GeneralName.uniformResourceIdentifier, TRUST_DOMAIN))
            },
            null));
    return sign(builder, root);
  }

  static String leaf(
      BigInteger serial,
      LeafNames names,
      PublicKey key,
      Span span,
      Issuer issuer,
      Optional<URI> crlUrl,
      Optional<URI> ocspUrl) {
    X500Name name =
        new X500Name("O=Portcullis,OU=" + names.environment() + ",CN=" + names.role());
    var builder = builder(issuer, serial, span, name, key);
    add(builder, Extension.basicConstraints, true, new BasicConstraints(false));
    add(builder, Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    add(
        builder,
        Extension.extendedKeyUsage,
        false,
        new ExtendedKeyUsage(
            new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
    List<GeneralName> all = new ArrayList<>();
    all.add(new GeneralName(GeneralName.uniformResourceIdentifier, names.uri()));
    names.dns().forEach(dns -> all.add(new GeneralName(GeneralName.dNSName, dns)));
    names.ips().forEach(ip -> all.add(new GeneralName(GeneralName.iPAddress, ip)));
    add(
        builder,
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(all.toArray(GeneralName[]::new)));
    crlUrl.ifPresent(
        url ->
            add(
                builder,
                Extension.cRLDistributionPoints,
                false,
                new CRLDistPoint(
                    new DistributionPoint[] {
                      new DistributionPoint(
                          new DistributionPointName(new GeneralNames(location(url))), null, null)
                    })));
    ocspUrl.ifPresent(
        url ->
            add(
                builder,
                Extension.authorityInfoAccess,
                false,
                new AuthorityInformationAccess(AccessDescription.id_ad_ocsp, location(url))));
    return sign(builder, issuer);
  }

  /** One entry of a CRL. */
  record Revoked(BigInteger serial, Instant at, int reason) {}

  static String crl(Issuer issuer, long number, Span span, List<Revoked> revoked) {
    var builder = new X509v2CRLBuilder(issuer.name(), Date.from(span.from()));
    builder.setNextUpdate(Date.from(span.until()));
    revoked.forEach(one -> builder.addCRLEntry(one.serial(), Date.from(one.at()), one.reason()));
    try {
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(issuer.publicKey()));
      builder.addExtension(Extension.cRLNumber, false, new CRLNumber(BigInteger.valueOf(number)));
      return PemText.of("X509 CRL", builder.build(content(issuer)).getEncoded());
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new IllegalStateException("a CRL of checked values can be encoded", e);
    }
  }

  /** Random and positive: 128 bits where RFC 5280 allows 159 and CAs must have 64. */
  static BigInteger serial() {
    return new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS - 1);
  }

  private static X500Name authorityName(String environment, String which) {
    return new X500Name("O=Portcullis,OU=" + environment + ",CN=Portcullis " + which);
  }

  private static GeneralName location(URI url) {
    return new GeneralName(GeneralName.uniformResourceIdentifier, url.toString());
  }

  private static X509v3CertificateBuilder builder(
      Issuer issuer, BigInteger serial, Span span, X500Name subject, PublicKey key) {
    var builder =
        new X509v3CertificateBuilder(
            issuer.name(),
            serial,
            Date.from(span.from()),
            Date.from(span.until()),
            subject,
            SubjectPublicKeyInfo.getInstance(key.getEncoded()));
    try {
      var utils = new JcaX509ExtensionUtils();
      add(
          builder,
          Extension.subjectKeyIdentifier,
          false,
          utils.createSubjectKeyIdentifier(key));
      add(
          builder,
          Extension.authorityKeyIdentifier,
          false,
          utils.createAuthorityKeyIdentifier(issuer.publicKey()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-1 for key identifiers is in every JDK", e);
    }
    return builder;
  }

  private static void add(
      X509v3CertificateBuilder builder,
      org.bouncycastle.asn1.ASN1ObjectIdentifier kind,
      boolean critical,
      ASN1Encodable value) {
    try {
      builder.addExtension(kind, critical, value);
    } catch (IOException e) {
      throw new IllegalStateException("an extension of checked values can be encoded", e);
    }
  }

  private static String sign(X509v3CertificateBuilder builder, Issuer issuer) {
    try {
      return PemText.of("CERTIFICATE", builder.build(content(issuer)).getEncoded());
    } catch (IOException e) {
      throw new IllegalStateException("a certificate of checked values can be encoded", e);
    }
  }

  private static ContentSigner content(Issuer issuer) {
    try {
      return new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.key());
    } catch (OperatorCreationException e) {
      throw new IllegalStateException("ECDSA with SHA-256 is in every JDK", e);
    }
  }
}
